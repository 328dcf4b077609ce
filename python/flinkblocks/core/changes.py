"""The Java core's operators on changes of a database, by name, for the workflows of the Python drivers."""

from __future__ import annotations

from typing import Any

from pyflink.datastream import DataStream, StreamExecutionEnvironment


class Changes:
    """The changes of a database's rows, and what can be made of them.

    Records stay in the JVM from the source to the sink: what is handed around here are its streams.
    """

    def __init__(self, jvm: Any, settings: Any, env: StreamExecutionEnvironment):
        """Opens the input that the settings ask for.

        Args:
            jvm: the gateway's view of the JVM.
            settings: the run's `io.flinkblocks.config.Settings`.
            env: the job's environment.
        """
        self._core = jvm.io.flinkblocks
        self._settings = settings
        changes = self._core.cdc.Changes.open(env._j_stream_execution_environment, settings)
        self._rows = changes.rows()
        self._dead_letters = changes.deadLetters()

    @property
    def dead_letters(self) -> DataStream:
        """The records that are no valid changes."""
        return DataStream(self._dead_letters)

    def audit_trail(self) -> DataStream:
        """audit-trail: every change, with the row before and after it."""
        return self._output(self._core.cdc.Audit)

    def lifecycle_events(self) -> DataStream:
        """user-lifecycle-events: what happens to users."""
        return self._output(self._core.lifecycle.Lifecycle)

    def inventory_alerts(self) -> DataStream:
        """inventory-alerts: products that run low, are out, or are there again."""
        return self._output(self._core.inventory.Inventory)

    def quality_alerts(self) -> DataStream:
        """data-quality-alerts: rows that break a rule."""
        return self._output(self._core.quality.Quality)

    def write_analytics(self) -> None:
        """Keeps customer_analytics and product_analytics in the analytics database."""
        analytics = self._core.analytics
        customers = analytics.Customers.apply(self._rows, self._settings)
        products = analytics.Products.apply(self._rows, self._settings)
        analytics.Analytics.write(customers, products, self._settings)

    def write_lake(self) -> None:
        """Writes the audit trail as Parquet."""
        self._core.lake.Lake.write(self._rows, self._settings)

    def _output(self, operator: Any) -> DataStream:
        return DataStream(operator.apply(self._rows, self._settings))
