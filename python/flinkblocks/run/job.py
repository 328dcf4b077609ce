"""A job as its PyFlink client shows it, with the ways in which that can end."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

from py4j.protocol import Py4JError, Py4JJavaError

from flinkblocks.console.loose import as_int
from flinkblocks.errors import java_trace

if TYPE_CHECKING:
    from pyflink.common.job_client import JobClient


class JvmGone(Exception):
    """The JVM that PyFlink talks to does not answer: it was killed, or died."""


@dataclass(frozen=True)
class JobEnd:
    """How a job ended.

    Attributes:
        runtime_ms: from its start to its end; None when it failed.
        counters: its accumulators, by name; empty when it failed.
        trace: the Java stack trace of its failure or cancellation; None when it came to an end.
    """

    runtime_ms: int | None
    counters: dict[str, int]
    trace: str | None = None

    @property
    def canceled(self) -> bool:
        """Whether it was cancelled, by whomever."""
        return self.trace is not None and "JobCancellationException" in self.trace


class Job:
    """A submitted job.

    Attributes:
        job_id: Flink's id of it.
    """

    def __init__(self, client: JobClient):
        """Raises JvmGone when the JVM does not answer."""
        self._client = client
        self.job_id: str = _ask(lambda: str(client.get_job_id()))
        self._result = _ask(client.get_job_execution_result)

    def done(self) -> bool:
        """Whether it has ended; raises JvmGone."""
        return _ask(self._result.done)

    def cancel(self) -> None:
        """Asks Flink to cancel it at once, does not wait; raises JvmGone."""
        _ask(self._client.cancel)

    def end(self) -> JobEnd:
        """How it ended, once it has; raises JvmGone."""
        try:
            result = _ask(self._result.result)
            counters = {}
            for name, value in _ask(result.get_all_accumulator_results).items():
                number = as_int(value)
                if number is not None:
                    counters[str(name)] = number
            return JobEnd(_ask(result.get_net_runtime), counters)
        except Exception as error:
            trace = java_trace(error)
            if trace is None:
                raise
            return JobEnd(None, {}, trace)


def quiet_py4j() -> None:
    """Keeps py4j from logging stack traces when the JVM goes away: that is said in one line here."""
    logging.getLogger("py4j").setLevel(logging.CRITICAL)
    # PyFlink sets this one's level itself.
    logging.getLogger("py4j.java_gateway").setLevel(logging.CRITICAL)
    # py4j logs some to the root logger.
    logging.getLogger().addFilter(lambda record: "py4j" not in record.pathname)


def _ask(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Py4JJavaError:
        raise
    except (Py4JError, OSError) as error:
        raise JvmGone from error
