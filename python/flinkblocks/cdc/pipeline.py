"""What the block cdc_processing has around its job: connector, topics, databases, and the watch over the slot."""

from __future__ import annotations

import contextlib
import dataclasses
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from psycopg2 import sql

from flinkblocks.cdc import connector, database, modes
from flinkblocks.cdc.cleanup import cleanup
from flinkblocks.cdc.connect import Connect
from flinkblocks.cdc.connector_watch import ConnectorWatch
from flinkblocks.cdc.database import Database, jdbc_url, password_place, user_of
from flinkblocks.cdc.slot_watch import SlotWatch
from flinkblocks.cdc.source import check_source, ensure_publication, slot_name
from flinkblocks.cdc.tables import tables, topics
from flinkblocks.cdc.verify import TABLES, compare, report
from flinkblocks.console import Check, Face, Output
from flinkblocks.core.around import Around
from flinkblocks.run import RunOptions
from flinkblocks.runtime import runfile

if TYPE_CHECKING:
    from flinkblocks.core.block import Block
    from flinkblocks.core.session import Session

_ANALYTICS_SCHEMA = "sql/cdc/analytics_schema.sql"


class Pipeline(Around):
    """The surroundings of a job on changes of a database."""

    def instead(self, block: Block, flags: Any, argv: Sequence[str], face: Face) -> int | None:
        """Compares, cleans up, or brings a whole pipeline for the time of a run."""
        mode = modes.mode(flags)
        if mode == modes.VERIFY:
            comparison = compare(database.source(flags), database.analytics(flags))
            for line in report(comparison):
                face.note(line)
            return 0 if comparison.equal else 1
        if mode == modes.CLEANUP:
            cleanup(flags, face.note)
            return 0
        if mode == modes.LOCAL:
            from flinkblocks.cdc.local_run import local_run  # late: a run on what is there needs no stack

            return local_run(block, flags, argv, face)
        return None

    def checks(self, flags: Any) -> Iterator[Check]:
        """The databases and Connect."""
        for each in (database.source(flags), database.analytics(flags)):
            if each is not None:
                yield each.check()
        if flags.connect_url:
            yield check_source(database.source(flags), tables(flags.source_tables))
            with Connect(flags.connect_url) as connect:
                yield connect.check()

    def settings(self, flags: Any) -> Mapping[str, Any]:
        """The topics, and where the job finds the analytics database."""
        names = topics(tables(flags.source_tables), connector.topic_prefix(flags))
        settings: dict[str, Any] = {"change-topics": ",".join(names)}
        if flags.analytics_postgres_url:
            settings["analytics-jdbc-url"] = jdbc_url(flags.analytics_postgres_url)
            settings["analytics-postgres-user"] = user_of(flags, "analytics")
            settings.update(password_place(flags, "analytics"))
        return settings

    def prepare(self, session: Session, flags: Any, face: Face) -> None:
        """Makes topics and publication, puts the connector to work, empties the tables of a run that begins anew."""
        captured = tables(flags.source_tables)
        prefix = connector.topic_prefix(flags)
        core = session.jvm.io.flinkblocks
        # What is wrong with the command line is said before anything is put into the world.
        if flags.enable_validation:
            core.quality.Quality.check(session.settings)
        if flags.lake_path:
            core.lake.Lake.check(session.settings)
        if flags.input == "kafka":
            face.check(Check("Kafka", True, core.kafka.Broker.check(session.settings).line()))
        else:
            super().prepare(session, flags, face)
        if flags.connect_url:
            values = connector.config(flags, captured)
            # Connect creates none, and the broker might create them with several partitions.
            beside = (connector.transaction_topic(prefix), connector.heartbeat_topic(prefix))
            core.kafka.ChangeTopics.create(topics(captured, prefix), list(beside), session.settings)
            with Connect(flags.connect_url) as connect:
                # PostgreSQL lets nobody update a published table that it cannot tell the rows of.
                connector.require_same_source(connect, flags.connector_name, values)
                with database.source(flags).session() as connection:
                    face.note(ensure_publication(connection, slot_name(flags.connector_name), captured))
                face.note(connector.register(connect, flags.connector_name, values))
        if flags.analytics_postgres_url:
            _prepare_analytics(database.analytics(flags), empty=flags.from_savepoint is None)

    def outputs(self, flags: Any) -> list[Output]:
        """What the job writes past its sink, for the summary."""
        found = [Output("lake", flags.lake_path)] if flags.lake_path else []
        its = database.analytics(flags)
        for table in TABLES if its else ():
            login = ["-U", its.user] if its.user else []
            look = shlex.join(["psql", its.url, *login, "-c", f"TABLE {table} LIMIT 10"])
            found.append(Output(table.replace("_", "-"), f"table {table} at {its.url}", look))
        return found

    @contextlib.contextmanager
    def watching(self, flags: Any, options: RunOptions) -> Iterator[RunOptions]:
        """Watches slot and connector while the job runs."""
        options = dataclasses.replace(options, outputs=[*options.outputs, *self.outputs(flags)])
        its = database.source(flags)
        if its is None or flags.input != "kafka":
            yield options
            return
        with contextlib.ExitStack() as stack:
            name = flags.connector_name
            watches = [stack.enter_context(SlotWatch(its, slot_name(name), flags.slot_warn_bytes))]
            if flags.connect_url:
                watches.append(stack.enter_context(ConnectorWatch(flags.connect_url, name)))
            yield dataclasses.replace(options, gauges=lambda: [each for watch in watches for each in watch.gauges()])


def _prepare_analytics(its: Database, empty: bool) -> None:
    """Creates the tables that the job writes to, and empties them for a run that counts from the beginning."""
    with open(runfile(_ANALYTICS_SCHEMA), encoding="utf-8") as file:
        schema = file.read()
    with its.session() as connection, connection.cursor() as cursor:
        cursor.execute(schema)
        if empty:
            cursor.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, TABLES))))
