"""cdc_processing: what happens in a database, while it happens.

    bazel run //flink/python:cdc_processing                       a whole pipeline for one run, with a workload
    bazel run //flink/python:cdc_processing -- --input-path FILE  recorded changes
    bazel run //flink/python:cdc_processing -- --kafka-servers HOST:PORT --connect-url http://HOST:PORT \
        --source-postgres-url postgresql://HOST:PORT/shop --analytics-postgres-url postgresql://HOST:PORT/analytics

Debezium reads the changes of the tables users, products and orders from PostgreSQL's log and brings them to Kafka, one
topic for each table. From there they become

    customer_analytics       a row for each user: orders, amounts            tables in the analytics database, which
    product_analytics        a row for each product: units, revenue, stock   equal queries over the source
    user-lifecycle-events    what happens to users: registered, activated, upgraded, ...
    inventory-alerts         products that run low, are out, or are there again
    data-quality-alerts      rows that break a rule, with --enable-validation
    audit-trail              every change, with the row before and after it; as Parquet too, with --lake-path

The two queries in sql/cdc are the definition of the two tables: --verify runs them and shows what differs. Records that
are no changes go to the dead-letter output, and the summary at the end accounts for every record.
"""

# No `from __future__ import annotations`: pydantic reads the types of the flags, in Python 3.9 too.
import sys
from typing import Optional

from pydantic import SecretStr

from flink_common import FILE_RULES, FILES, KAFKA, RUN, PlatformFlags, output_folder
from flinkblocks.cdc import Pipeline
from flinkblocks.core.block import Block
from flinkblocks.flags import Duration, Group, Rule, When

_SOURCE = Group("The source")
_DEBEZIUM = Group("Kafka Connect and Debezium")
_ANALYTICS = Group("The analytics database")
_LIFECYCLE = Group("user-lifecycle-events")
_QUALITY = Group("data-quality-alerts")
_LOCAL = Group("A run that brings its own database")
_ACTIONS = Group("In place of a run")

# Names that may be anything PostgreSQL takes, but for commas and control characters.
_NAMES = "[^,\\x00-\\x1f\\x7f]{1,127}(?:,[^,\\x00-\\x1f\\x7f]{1,127})*"


class CdcProcessingFlags(PlatformFlags):
    """Analytics tables, events, alerts and an audit trail from the changes of a PostgreSQL database."""

    block = "cdc_processing"
    examples = (
        ("", "PostgreSQL, Connect and Kafka for this run, 2,000 changes, and the proof at the end"),
        (
            "--kafka-servers localhost:9092 --connect-url http://localhost:8083",
            "registers the connector for SOURCE_POSTGRES_URL, and runs on what there is",
        ),
        ("--verify", "compares the analytics tables with their queries over the source"),
        ("--cleanup", "deletes the connector, its replication slot and its publication"),
    )
    rules = (
        *FILE_RULES,
        Rule("input-path", "excludes", "connect-url"),
        Rule("lake-path", "differs", "output-path"),
        Rule("lake-path", "differs", "checkpoint-path"),
        Rule("quality-grace", "needs", "enable-validation", among=("true",)),
        Rule("quality-rules", "needs", "enable-validation", among=("true",)),
    )

    duration: Optional[Duration] = RUN.duration(
        None,
        "wall clock time after which the run stops cleanly; 0 = until Ctrl-C",
        when=(When("60s", given=("kafka-servers",), absent=("input-path",)),),
        default_help="60s for Kafka input; files, and runs that bring their own database, run to their end",
    )
    kafka_topic: str = KAFKA.name("cdc", "what the names of the tables' topics begin with", longest=200)

    source_tables: str = _SOURCE.text(
        "users,orders,products",
        "the tables whose changes are captured",
        pattern=_NAMES,
        form="TABLE or SCHEMA.TABLE, more with commas between them",
        metavar="A,B,...",
    )
    source_postgres_url: Optional[str] = _SOURCE.postgres_url(
        None, "the database of the tables", env="SOURCE_POSTGRES_URL"
    )
    source_postgres_user: Optional[str] = _SOURCE.user(
        None, "the tables' owner; none = --postgres-user", env="SOURCE_POSTGRES_USER"
    )
    source_postgres_password_file: Optional[str] = _SOURCE.path(
        None, "holds the owner's password", readable=True, env="SOURCE_POSTGRES_PASSWORD_FILE"
    )
    source_postgres_password: Optional[SecretStr] = _SOURCE.secret(
        "the owner's password, unless it is that of --postgres-user",
        env="SOURCE_POSTGRES_PASSWORD",
        file="source-postgres-password-file",
    )
    slot_warn_bytes: int = _SOURCE.integer(
        2**30, "bytes of WAL that the replication slot may hold back without a warning"
    )

    connect_url: Optional[str] = _DEBEZIUM.text(
        None,
        "a worker of Kafka Connect, to register the connector with",
        pattern="https?://[^@?#\\s]+",
        form="http://host:port without user and password",
        env="CONNECT_URL",
        metavar="URL",
        private=True,
    )
    connector_name: str = _DEBEZIUM.name(
        "flinkblocks-cdc", "of the connector; slot and publication are called alike", longest=63
    )
    replication_user: Optional[str] = _DEBEZIUM.user(
        None, "who reads the log, with the right REPLICATION; none = the tables' owner", env="REPLICATION_POSTGRES_USER"
    )
    replication_password_file: Optional[str] = _DEBEZIUM.path(
        None, "holds its password, for Connect to read", readable=True, env="REPLICATION_POSTGRES_PASSWORD_FILE"
    )
    replication_password: Optional[SecretStr] = _DEBEZIUM.secret(
        "its password, to drop the slot with; Connect needs it in a file or in an environment of its own",
        env="REPLICATION_POSTGRES_PASSWORD",
        file="replication-password-file",
    )
    replication_password_reference: Optional[str] = _DEBEZIUM.text(
        None,
        "where Connect reads the password",
        pattern="\\$\\{[^{}\\s]+\\}",
        form="a reference to one of Connect's config providers, such as ${env:NAME} or ${file:PATH:KEY}",
        default_help="${directory:FOLDER:FILE} of the password file",
        metavar="REFERENCE",
        private=True,
    )

    analytics_postgres_url: Optional[str] = _ANALYTICS.postgres_url(
        None,
        "where customer_analytics and product_analytics are; none = they are not kept",
        env="ANALYTICS_POSTGRES_URL",
    )
    analytics_postgres_user: Optional[str] = _ANALYTICS.user(
        None, "their owner; none = --postgres-user", env="ANALYTICS_POSTGRES_USER"
    )
    analytics_postgres_password_file: Optional[str] = _ANALYTICS.path(
        None, "holds the owner's password", readable=True, env="ANALYTICS_POSTGRES_PASSWORD_FILE"
    )
    analytics_postgres_password: Optional[SecretStr] = _ANALYTICS.secret(
        "the owner's password, unless it is that of --postgres-user",
        env="ANALYTICS_POSTGRES_PASSWORD",
        file="analytics-postgres-password-file",
    )
    write_interval: Duration = _ANALYTICS.duration(
        "200ms", "time between writes; several changes of a row become one", low=1
    )

    tiers: str = _LIFECYCLE.text(
        "bronze,silver,gold,platinum",
        "the users' tiers, from the lowest to the highest",
        pattern=_NAMES,
        form="names with commas between them",
        metavar="A,B,...",
    )

    enable_validation: bool = _QUALITY.switch("look for rows that break a rule")
    quality_grace: Duration = _QUALITY.duration(
        "10s", "event time that the user and product of an order may come after it"
    )
    quality_rules: Optional[str] = _QUALITY.path(
        None, "YAML file of rules", readable=True, default_help="those in java/io/flinkblocks/quality/rules.yaml"
    )

    input_path: Optional[str] = FILES.path(
        None, "Debezium's records to read, JSON lines, a file or a folder of files, instead of Kafka"
    )
    output_path: Optional[str] = output_folder()
    lake_path: Optional[str] = FILES.path(None, "folder for the audit trail as Parquet, by table and day")

    changes: int = _LOCAL.integer(
        2000,
        "changes that the workload makes; 0 = no limit",
        when=(When("0", given=("duration",)),),
        default_help="2000; no limit when --duration is given",
    )
    rate: int = _LOCAL.integer(200, "changes per second; 0 = full speed", high=10**6)
    seed: int = _LOCAL.integer(42, "the same seed gives the same changes")

    verify: bool = _ACTIONS.switch("compare the analytics tables with their queries over the source", action=True)
    cleanup: bool = _ACTIONS.switch("delete the connector, drop its replication slot and its publication", action=True)

    @property
    def input(self) -> str:
        """Where changes come from: files or kafka."""
        return "files" if self.input_path else "kafka"

    @property
    def output(self) -> str:
        """Where results go: files or kafka."""
        return "files" if self.output_path else "kafka"


def define_workflow(env, source, sinks, flags) -> None:
    """Wires the operators; any source and sinks will do.

    Args:
        env: the StreamExecutionEnvironment.
        source: opens the input: `source(env)` gives `flinkblocks.core.changes.Changes`.
        sinks: takes all outputs at once, so that they stay at one checkpoint.
        flags: CdcProcessingFlags.
    """
    changes = source(env)
    sinks.write(
        changes.dead_letters,
        changes.audit_trail(),
        changes.lifecycle_events(),
        changes.inventory_alerts(),
        *([changes.quality_alerts()] if flags.enable_validation else []),
    )
    if flags.analytics_postgres_url:
        changes.write_analytics()
    if flags.lake_path:
        changes.write_lake()


def results(flags) -> tuple[str, ...]:
    """The outputs of a run."""
    quality = ("data-quality-alerts",) if flags.enable_validation else ()
    return ("audit-trail", "user-lifecycle-events", "inventory-alerts", *quality)


BLOCK = Block(
    CdcProcessingFlags,
    results=results,
    define_workflow=define_workflow,
    analyses=("audit-trail",),
    source=lambda session: session.changes(),
    around=Pipeline(),
)

if __name__ == "__main__":
    sys.exit(BLOCK.run())
