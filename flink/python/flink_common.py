"""What every block shares: its flags."""

# No `from __future__ import annotations`: pydantic reads the types of the flags, in Python 3.9 too.
from decimal import Decimal
from typing import Any, Optional

from pydantic import SecretStr

from flinkblocks.flags import HELP, Duration, FlagSet, Group, Rule, When

# The number of key groups: a restart from a savepoint can raise the parallelism to this.
MAX_PARALLELISM = 128

RUN = Group("The run")
FILES = Group("Files")
KAFKA = Group("Kafka")
_GENERATOR = Group("Generated events")
_POSTGRES = Group("PostgreSQL")
_TIME = Group("Event time")
_STATE = Group("State and recovery")
_WATCH = Group("Watching")

#: What a block that reads and writes files must not be told.
FILE_RULES = (
    Rule("input-path", "differs", "output-path"),
    Rule("input-path", "differs", "checkpoint-path"),
    Rule("output-path", "differs", "checkpoint-path"),
)


def engines(*names: str) -> Any:
    """Declares `engine` for a block that runs on these, on the first by default."""
    return RUN.choice(names[0], "what the operators run on", options=names)


def output_folder() -> Any:
    """Declares `output_path` for a block that writes to Kafka when it is given one, else to files."""
    return FILES.path(
        "/tmp/flink-output",
        "folder to write to, a subfolder for each output",
        when=(When(None, given=("kafka-servers",)),),
        default_help="/tmp/flink-output; with --kafka-servers none: results go to Kafka",
    )


class PlatformFlags(FlagSet):
    """The flags that every block takes, whatever its input is made of."""

    # What a cluster reports is a matter of its own configuration.
    rules = (Rule("metrics-port", "excludes", "target"),)

    app_name: str = RUN.name("FlinkBuildingBlock", "part of job name, folders, consumer group and transactional ids")
    parallelism: int = RUN.integer(4, "subtasks of each operator", low=1, high=MAX_PARALLELISM)
    duration: Optional[Duration] = RUN.duration(
        None,
        "wall clock time after which the run stops cleanly; 0 = until Ctrl-C",
        when=(When("60s", given=("kafka-servers",), absent=("input-path",)),),
        default_help="60s for Kafka input; files and generated events run to their end",
    )
    engine: str = engines("java")
    target: Optional[str] = RUN.address(
        None,
        "a cluster's REST address, or embedded",
        env="FLINK_REST",
        none_word="embedded",
    )

    kafka_servers: Optional[str] = KAFKA.addresses(
        None, "brokers to read from and write to; none = a run without Kafka", env="KAFKA_SERVERS"
    )
    kafka_topic: str = KAFKA.name("flink-events", "topic to read", longest=200)
    kafka_group_id: str = KAFKA.name(
        "{app-name}-{block}", "consumer group", longest=200, default_help="<app-name>-<block>"
    )
    topic_prefix: str = KAFKA.name("", "stands before the name of every topic", shortest=0, default_help="empty")
    kafka_config: Optional[str] = KAFKA.path(
        None, "client properties, such as those for SASL and TLS", readable=True, env="KAFKA_CONFIG"
    )
    kafka_partitions: int = KAFKA.integer(4, "partitions of a topic that the run creates", low=1, high=10_000)
    partition_discovery: Duration = KAFKA.duration("10s", "time between looks for new partitions", low=1)

    postgres_url: Optional[str] = _POSTGRES.postgres_url(None, "the database", env="POSTGRES_URL")
    postgres_user: Optional[str] = _POSTGRES.user(None, "its user", env="POSTGRES_USER")
    postgres_password_file: Optional[str] = _POSTGRES.path(None, "holds the user's password", readable=True)
    postgres_password: Optional[SecretStr] = _POSTGRES.secret(
        "the user's password, an environment variable and no flag",
        env="POSTGRES_PASSWORD",
        file="postgres-password-file",
    )

    max_out_of_orderness: Duration = _TIME.duration("5s", "how far out of order an event may come")
    idle_timeout: Duration = _TIME.duration(
        "30s", "a Kafka partition without records for that long does not hold the watermark back", low=1
    )

    checkpoint_path: str = _STATE.path(
        "{state-home}/flink-building-blocks/jobs/{app-name}/{block}",
        "folder of checkpoints and savepoints",
        default_help="a folder of the app and block below ~/.local/state or $XDG_STATE_HOME",
    )
    # Flink refuses an interval below 10 ms.
    checkpoint_interval: Duration = _STATE.duration("10s", "time between checkpoints", low=10)
    from_savepoint: Optional[str] = _STATE.path(
        None, "savepoint or checkpoint to continue from; latest = the newest of this app and block", words=("latest",)
    )
    state_backend: str = _STATE.choice(
        "hashmap",
        "where keyed state lives",
        options=("hashmap", "rocksdb"),
        when=(When("rocksdb", given=("target",)),),
        default_help="hashmap embedded, rocksdb on a cluster",
    )

    console: str = _WATCH.choice(
        "auto", "the live view; auto = rich on a terminal, else plain", options=("auto", "rich", "plain", "json")
    )
    metrics_port: Optional[int] = _WATCH.integer(
        None, "loopback port that serves metrics to Prometheus", low=1, high=65535, none_word="off", metavar="PORT"
    )
    verbose: bool = HELP.switch("show stack traces")


class CommonFlags(PlatformFlags):
    """The flags of every block that reads shop events."""

    rules = FILE_RULES

    records: Optional[int] = _GENERATOR.integer(
        10_000,
        "events to generate; 0 = no limit",
        when=(When(None, given=("input-path",)), When(None, given=("kafka-servers",)), When("0", given=("duration",))),
        default_help="10000; no limit when --duration is given",
        after="target",
    )
    rate: int = _GENERATOR.integer(0, "events per second; 0 = full speed", high=10**9)
    seed: int = _GENERATOR.integer(42, "the same seed gives the same events")
    late_events: Decimal = _GENERATOR.fraction("0", "fraction of events that come late")
    invalid_records: Decimal = _GENERATOR.fraction("0", "fraction of records that are no valid event")
    fraud_episodes: Decimal = _GENERATOR.fraction("0", "fraction of sessions that hold a fraud episode")

    input_path: Optional[str] = FILES.path(
        None, "JSON lines to read, a file or a folder of files, .gz too, instead of Kafka or generated events"
    )
    output_path: Optional[str] = output_folder()

    allowed_lateness: Duration = _TIME.duration(
        "0", "how late an event may still correct a window's result", after="max-out-of-orderness"
    )
    max_future: Duration = _TIME.duration(
        "1h", "how far an event's timestamp may be ahead of its record's", after="idle-timeout"
    )

    @property
    def input(self) -> str:
        """Where events come from: files, kafka or generator."""
        return "files" if self.input_path else "kafka" if self.kafka_servers else "generator"

    @property
    def output(self) -> str:
        """Where results go: files or kafka."""
        return "files" if self.output_path else "kafka"
