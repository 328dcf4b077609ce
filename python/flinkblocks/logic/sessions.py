"""user-sessions and windowing-session: what each user did, visit by visit."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Iterator
from typing import ClassVar, Optional

from flinkblocks.logic.amounts import Amount
from flinkblocks.logic.early import moments
from flinkblocks.logic.events import Event
from flinkblocks.logic.keyed import NOTHING_FIXED, Kept
from flinkblocks.logic.records import USED, Outcome, Record, record, standing, too_late


@dataclasses.dataclass
class Session(Kept):
    """The events of a user with no gap longer than the timeout.

    Attributes:
        start: time of the first event, ms since the epoch.
        end: time of the last one.
        actions: how often each action.
        products: which ones it was about.
        revenue: of its purchases, in millionths.
        is_emitted: whether its record was emitted, as it is now.
        is_published: whether a record with its start was emitted, and may still be corrected.
        revision: how many records with its start were emitted, early ones left out.
    """

    start: int
    end: int
    actions: collections.Counter[str]
    products: set[str]
    revenue: int
    is_emitted: bool = False
    is_published: bool = False
    revision: int = 0

    def join(self, other: Session) -> None:
        """Takes in another session, or a single event."""
        self.start, self.end = min(self.start, other.start), max(self.end, other.end)
        self.actions.update(other.actions)
        self.products |= other.products
        self.revenue += other.revenue


@dataclasses.dataclass
class Visits(Kept):
    """The sessions of one user that are open, or may still be corrected.

    Attributes:
        user: who it is.
        sessions: in no order.
        done: the watermark up to which what was due was emitted.
    """

    user: str
    sessions: list[Session] = dataclasses.field(default_factory=list)
    done: int = -(2**63)


@dataclasses.dataclass(frozen=True)
class Sessions:
    """Cuts a user's events into sessions.

    A session is emitted when the watermark reaches its last event + timeout. Until the watermark is the allowed
    lateness beyond that, late events correct it, and what they make begin earlier is retracted. With early firings it
    is also emitted before it is over, each time the watermark reaches the last ms before a multiple of their interval.

    Attributes:
        timeout: longest gap within a session in ms.
        allowed_lateness: in ms.
        output: the output's name.
        early_firing: the interval of early firings in ms; 0 for none.
        tells_revision: whether records say which revision they are, or that they are early.
    """

    key: ClassVar[str] = "user_id"
    counts: ClassVar[tuple[str, ...]] = ("used", "late")
    fixed: ClassVar[str] = NOTHING_FIXED

    timeout: int
    allowed_lateness: int
    output: str = "user-sessions"
    early_firing: int = 0
    tells_revision: bool = False

    def is_relevant(self, event: Event) -> bool:
        """Every event is."""
        return True

    def create(self, key: str) -> Visits:
        """No sessions."""
        return Visits(key)

    def on_event(self, event: Event, state: Visits) -> Iterator[Outcome]:
        """Adds the event to the session that it reaches, to the two that it joins, or as a new one."""
        reached = [s for s in state.sessions if s.start - self.timeout <= event.timestamp <= s.end + self.timeout]
        if not reached and event.timestamp + self.timeout <= event.closed:
            yield from too_late(self.output, event)
            return
        yield USED
        state.done = max(state.done, event.watermark)
        joined = _session_of(event)
        for session in reached:
            joined.join(session)
            state.sessions.remove(session)
        for session in reached:
            if session.is_published and session.start == joined.start:
                joined.is_published, joined.revision = True, session.revision
            elif session.is_published:
                yield self._retraction(state.user, session)
        state.sessions.append(joined)
        yield from self.on_time(event.watermark, state)

    def on_time(self, watermark: int, state: Visits) -> Iterator[Outcome]:
        """Emits the sessions that are over or due for an early firing; forgets those that nothing corrects any more."""
        for session in state.sessions:
            if session.is_emitted:
                continue
            over = session.end + self.timeout
            for _ in moments(self.early_firing, session.start, state.done, min(over, watermark + 1)):
                session.is_published = True
                yield self._record(state.user, session, early=True)
            if over <= watermark:
                session.is_emitted = session.is_published = True
                yield self._record(state.user, session)
                session.revision += 1
        state.done = max(state.done, watermark)
        state.sessions = [s for s in state.sessions if self._closing_time(s) > watermark]

    def next_time(self, state: Visits) -> Optional[int]:
        """When the next session is over, due for an early firing, or not needed any more."""
        return min((self._next_time_of(session, state.done) for session in state.sessions), default=None)

    def _next_time_of(self, session: Session, done: int) -> int:
        if session.is_emitted:
            return self._closing_time(session)
        over = session.end + self.timeout
        return next(iter(moments(self.early_firing, session.start, done, over)), over)

    def _closing_time(self, session: Session) -> int:
        return session.end + self.timeout + self.allowed_lateness

    def _retraction(self, user: str, session: Session) -> Record:
        return record(self.output, user, user_id=user, session_start=session.start, retracted=True)

    def _record(self, user: str, session: Session, *, early: bool = False) -> Record:
        return record(
            self.output,
            user,
            user_id=user,
            session_start=session.start,
            session_end=session.end,
            duration_ms=session.end - session.start,
            event_count=sum(session.actions.values()),
            actions={action: session.actions[action] for action in sorted(session.actions, key=str.encode)},
            unique_products=len(session.products),
            purchase_count=session.actions["purchase"],
            revenue=Amount(session.revenue),
            converted=session.actions["purchase"] > 0,
            **(standing(session.revision, early=early) if self.tells_revision else {}),
        )


def _session_of(event: Event) -> Session:
    spent = event.amount if event.is_purchase else 0
    actions = collections.Counter([event.action])
    return Session(event.timestamp, event.timestamp, actions, {event.product_id}, spent)
