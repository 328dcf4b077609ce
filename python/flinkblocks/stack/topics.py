"""A look into the topics of a broker, for those who have no Kafka tools at hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import confluent_kafka
from confluent_kafka import OFFSET_BEGINNING, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource

from flinkblocks.errors import UserError

_SECONDS = 20.0
_TIMESTAMPS = "message.timestamp.type"


@dataclasses.dataclass(frozen=True)
class Topic:
    """A topic.

    Attributes:
        name: its name.
        partitions: how many it has.
        timestamps: LogAppendTime or CreateTime.
    """

    name: str
    partitions: int
    timestamps: str


def topics(servers: str) -> list[Topic]:
    """The topics of a broker, without Kafka's own, by name.

    Raises:
        UserError: it does not answer.
    """
    admin = AdminClient({"bootstrap.servers": servers, "log_level": 0})
    try:
        found = admin.list_topics(timeout=_SECONDS).topics
        names = sorted(name for name in found if not name.startswith("__"))
        resources = [ConfigResource(ConfigResource.Type.TOPIC, name) for name in names]
        configs = admin.describe_configs(resources, request_timeout=_SECONDS) if names else {}
        types = {resource.name: answer.result()[_TIMESTAMPS].value for resource, answer in configs.items()}
    except KafkaException as error:
        raise _silent(servers, error) from error
    return [Topic(name, len(found[name].partitions), types[name]) for name in names]


def records(servers: str, topic: str) -> Iterator[tuple[bytes | None, bytes | None]]:
    """Key and value of all records that are committed now, partition by partition as they come.

    Raises:
        UserError: it does not answer, or has no such topic.
    """
    consumer = confluent_kafka.Consumer({
        "bootstrap.servers": servers, "group.id": "stack-read", "isolation.level": "read_committed",
        "enable.auto.commit": False, "enable.partition.eof": True, "log_level": 0,
    })  # fmt: skip
    try:
        there = consumer.list_topics(timeout=_SECONDS).topics
        if topic not in there:
            raise UserError(f"there is no topic {topic}", "`topics` lists those that there are")
        waiting = set(there[topic].partitions)
        consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in waiting])
        while waiting:
            message = consumer.poll(_SECONDS)
            if message is None:
                raise UserError(f"the broker at {servers} does not answer", "look at `status` and `logs kafka`")
            if message.error() is None:
                yield message.key(), message.value()
            elif message.error().code() == KafkaError._PARTITION_EOF:
                waiting.discard(message.partition())
            else:
                raise KafkaException(message.error())
    except KafkaException as error:
        raise _silent(servers, error) from error
    finally:
        consumer.close()


def _silent(servers: str, error: KafkaException) -> UserError:
    return UserError(f"the broker at {servers}: {error.args[0].str()}", "look at `status` and `logs kafka`")
