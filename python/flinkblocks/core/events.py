"""The Java core's operators by name, for the workflows of the Python drivers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pyflink.datastream import DataStream, StreamExecutionEnvironment

#: Opens the input of a workflow.
Source = Callable[[StreamExecutionEnvironment], "Events"]


class Events:
    """The valid events of a run, and the analyses that can be asked of them.

    Records stay in the JVM from the source to the sink: what is handed around here are its streams.
    """

    def __init__(self, jvm: Any, settings: Any, records: Any):
        """Puts the intake behind a source.

        Args:
            jvm: the gateway's view of the JVM.
            settings: the run's `io.flinkblocks.config.Settings`.
            records: a Java `DataStream<SourceRecord>`.
        """
        self._core = jvm.io.flinkblocks
        self._settings = settings
        self._intake = self._core.source.Intake.of(records)

    @property
    def dead_letters(self) -> DataStream:
        """The records that are no valid events."""
        return DataStream(self._intake.deadLetters())

    def revenue(self) -> DataStream:
        """revenue-metrics: what each category sold, minute by minute; with its late events."""
        return self._analysis(self._core.revenue.Revenue)

    def sessions(self) -> DataStream:
        """user-sessions: what each user did, visit by visit; with its late events."""
        return self._analysis(self._core.session.Sessions)

    def popularity(self) -> DataStream:
        """analytics-results: the most popular products of each category; with its late events."""
        return self._analysis(self._core.popularity.Popularity)

    def fraud_alerts(self) -> DataStream:
        """fraud-alerts: suspicious purchases; with its late events."""
        return self._analysis(self._core.fraud.Fraud)

    def high_value(self) -> DataStream:
        """high-value-transactions: purchases of at least a given amount."""
        return self._analysis(self._core.highvalue.HighValue)

    def tumbling(self) -> DataStream:
        """windowing-tumbling: what each category did, window by window; with its late events."""
        return self._analysis(self._core.measures.Tumbling)

    def sliding(self) -> DataStream:
        """windowing-sliding: the same in windows that overlap; with its late events."""
        return self._analysis(self._core.measures.Sliding)

    def session_windows(self) -> DataStream:
        """windowing-session: what each user did, visit by visit, with revisions; with its late events."""
        return self._analysis(self._core.session.SessionWindows)

    def global_windows(self) -> DataStream:
        """windowing-global: the latest prices of each product, by count and timeout; with its late events."""
        return self._analysis(getattr(self._core, "global").GlobalWindows)

    def multi_level(self) -> DataStream:
        """windowing-multi_level: each category by minute, 5 minutes and hour; with its late events."""
        return self._analysis(self._core.measures.MultiLevel)

    def patterns(self) -> DataStream:
        """windowing-pattern: telling orders of a user's events, and spikes of a category; with their late events."""
        return self._analysis(self._core.pattern.Patterns)

    def _analysis(self, operator: Any) -> DataStream:
        records = operator.apply(self._intake.events(), self._settings)
        policy = self._core.source.LatePolicy
        return DataStream(policy.apply(records, self._settings, f"{operator.OUTPUT}-late-policy"))


class Sinks:
    """The one sink of a job, files or Kafka as the flags say."""

    def __init__(self, jvm: Any, settings: Any, results: Sequence[str]):
        """Prepares nothing yet.

        Args:
            jvm: the gateway's view of the JVM.
            settings: the run's `io.flinkblocks.config.Settings`.
            results: names of the block's own outputs.
        """
        self._sinks = jvm.io.flinkblocks.job.Sinks
        self._settings = settings
        self._results = list(results)

    def write(self, *streams: DataStream) -> None:
        """Writes all outputs, so that they always stand at the same checkpoint; to be called once."""
        self._sinks.write([s._j_data_stream for s in streams], self._results, self._settings)


class Collecting:
    """Sinks that hand the records back to Python, for tests and notebooks."""

    def __init__(self, jvm: Any):
        """Collects through the given JVM."""
        self._sinks = jvm.io.flinkblocks.job.Sinks
        self._rows: DataStream | None = None

    def write(self, *streams: DataStream) -> None:
        """Takes the streams of all outputs."""
        self._rows = DataStream(self._sinks.rows([s._j_data_stream for s in streams]))

    def run(self) -> list[tuple[str, str | None, str]]:
        """Runs the job to its end and returns (output, key, value) of each record."""
        with self._rows.execute_and_collect() as rows:
            return [tuple(row) for row in rows]
