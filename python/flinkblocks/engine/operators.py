"""The operator that PyFlink runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Optional

from pyflink.common import Row
from pyflink.common.typeinfo import Types
from pyflink.datastream import KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import ValueStateDescriptor

from flinkblocks.logic import Analysis, Event, Key, Outcome, Record
from flinkblocks.logic.records import NOT_RELEVANT

_UTF8 = Types.PRIMITIVE_ARRAY(Types.BYTE())

#: A record (output, key, value), or a change of a count (name, number); the Java side reads it.
RESULT = Types.ROW([Types.STRING(), _UTF8, _UTF8, Types.STRING(), Types.LONG()])

#: The latest timer that there can be; the watermark at the end of the input is beyond it.
_LAST = 2**63 - 2


class AnalysisFunction(KeyedProcessFunction):
    """Keeps the state of each key for an analysis, and calls it back when its time has come.

    PyFlink's own watermark does not survive a restart. So an event is judged by the watermark that it brings along,
    and `Key` does first what is due by then; the timer is for keys to which no further event comes.

    State: one value per key, (timer, state of the analysis), pickled; it goes away when the analysis needs it no more.
    """

    def __init__(self, analysis: Analysis):
        """Runs this analysis."""
        self._analysis = analysis
        self._slot: Any = None

    def open(self, runtime_context: RuntimeContext) -> None:
        """Registers the state."""
        self._slot = runtime_context.get_state(ValueStateDescriptor("slot", Types.PICKLED_BYTE_ARRAY()))

    def process_element(self, value: Row, ctx: KeyedProcessFunction.Context) -> Iterator[Row]:
        """Takes in an event, as `EventRows` of the core writes it."""
        event = Event(*(field.decode() if isinstance(field, bytes) else field for field in value))
        if not self._analysis.is_relevant(event):
            yield from _rows([NOT_RELEVANT])
            return
        timer, state = self._slot.value() or (None, None)
        key = Key(self._analysis, state)
        yield from _rows(key.take(event))
        self._store(key, timer, ctx)

    def on_timer(self, timestamp: int, ctx: KeyedProcessFunction.OnTimerContext) -> Iterator[Row]:
        """Does what is due."""
        timer, state = self._slot.value() or (None, None)
        key = Key(self._analysis, state)
        yield from _rows(key.advance(ctx.timer_service().current_watermark()))
        self._store(key, None if timer == timestamp else timer, ctx)

    def _store(self, key: Key, timer: Optional[int], ctx: KeyedProcessFunction.Context) -> None:
        """Keeps the state, and sees to it that there is a timer early enough; then it finds out what is due."""
        wanted = key.next_time
        if wanted is None:
            self._slot.clear()
            return
        if timer is None or wanted < timer:
            timer = min(wanted, _LAST)
            ctx.timer_service().register_event_time_timer(timer)
        self._slot.update((timer, key.state))


def _rows(outcomes: Iterable[Outcome]) -> Iterator[Row]:
    for outcome in outcomes:
        if isinstance(outcome, Record):
            yield Row(outcome.output, outcome.key.encode(), outcome.value.encode(), None, None)
        else:
            yield Row(None, None, None, *outcome)
