"""The analyses by name, as the workflows of the drivers ask for them, on plain PyFlink operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyflink.common.typeinfo import _from_java_type
from pyflink.datastream import DataStream, KeyedStream

from flinkblocks.engine.operators import RESULT, AnalysisFunction
from flinkblocks.logic import Analysis, analyses


class PythonEvents:
    """The valid events of a run, and the analyses that can be asked of them; what they compute is Python.

    Source, watermarks, intake and sinks are those of the Java core. In between stand an adapter that makes rows of
    events, the operator in Python, and an adapter that makes records and accounts of its rows.
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
        return self._analysis(analyses.revenue)

    def sessions(self) -> DataStream:
        """user-sessions: what each user did, visit by visit; with its late events."""
        return self._analysis(analyses.sessions)

    def popularity(self) -> DataStream:
        """analytics-results: the most popular products of each category; with its late events."""
        return self._analysis(analyses.popularity)

    def fraud_alerts(self) -> DataStream:
        """fraud-alerts: suspicious purchases; with its late events."""
        return self._analysis(analyses.fraud_alerts)

    def high_value(self) -> DataStream:
        """high-value-transactions: purchases of at least a given amount."""
        return self._analysis(analyses.high_value)

    def tumbling(self) -> DataStream:
        """windowing-tumbling: what each category did, window by window; with its late events."""
        return self._analysis(analyses.tumbling)

    def sliding(self) -> DataStream:
        """windowing-sliding: the same in windows that overlap; with its late events."""
        return self._analysis(analyses.sliding)

    def session_windows(self) -> DataStream:
        """windowing-session: what each user did, visit by visit, with revisions; with its late events."""
        return self._analysis(analyses.session_windows)

    def _analysis(self, of: Callable[[dict[str, str]], Analysis]) -> DataStream:
        analysis = of(dict(self._settings.values()))
        adapters, name = self._core.pyflink, f"python-{analysis.output}"
        field = getattr(self._core.event.Event, analysis.key.upper())
        j_rows = adapters.EventRows.keyedBy(
            self._intake.events(), field, analysis.allowed_lateness, analysis.fixed, f"{name}-events"
        )
        # What key_by would make, with another operator in Python before it.
        rows = KeyedStream(j_rows, _from_java_type(adapters.EventRows.EVENT), DataStream(j_rows))
        results = rows.process(AnalysisFunction(analysis), RESULT).name(name).uid(name)
        j_records = adapters.OutputRows.records(
            results._j_data_stream, analysis.output, list(analysis.counts), f"{name}-records"
        )
        return DataStream(self._core.source.LatePolicy.apply(j_records, self._settings, f"{name}-late-policy"))
