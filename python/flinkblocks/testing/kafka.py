"""Reading and writing real topics, for integration tests."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import confluent_kafka
from confluent_kafka import OFFSET_BEGINNING, TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

_SECONDS = 60.0


@dataclasses.dataclass(frozen=True)
class Record:
    """One record of a topic."""

    partition: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    timestamp_type: int

    def header(self, name: str) -> str | None:
        """The last header of that name, as text."""
        found = [v for k, v in self.headers if k == name]
        return found[-1].decode() if found else None


class Topics:
    """The topics of one broker."""

    def __init__(self, servers: str):
        """Connects to `servers`."""
        self.servers = servers
        # That a broker is away while a test restarts it is no news.
        self._admin = AdminClient({"bootstrap.servers": servers, "log_level": 0})

    def create(self, name: str, partitions: int, **config: str) -> None:
        """Creates a topic."""
        self._admin.create_topics([NewTopic(name, partitions, 1, config=config)])[name].result(_SECONDS)

    def grow(self, name: str, partitions: int) -> None:
        """Adds partitions, up to the given number."""
        self._admin.create_partitions([NewPartitions(name, partitions)])[name].result(_SECONDS)

    def partitions(self, name: str) -> int:
        """How many partitions a topic has; 0 when it is not there."""
        found = self._admin.list_topics(timeout=_SECONDS).topics.get(name)
        return len(found.partitions) if found else 0

    def end(self, name: str) -> int:
        """How far a topic is written, over its partitions: records, committed or not, and the marks of transactions."""
        consumer = confluent_kafka.Consumer({"bootstrap.servers": self.servers, "group.id": "checker"})
        try:
            partitions = (TopicPartition(name, number) for number in range(self.partitions(name)))
            return sum(consumer.get_watermark_offsets(partition, timeout=_SECONDS)[1] for partition in partitions)
        finally:
            consumer.close()

    def write(self, name: str, partition: int, values: Iterable[bytes | None], key: bytes = b"k") -> None:
        """Appends records to a partition and waits until the broker has them."""
        # One request at a time: a first batch that a fresh partition refuses must not end up behind the second.
        producer = confluent_kafka.Producer({
            "bootstrap.servers": self.servers, "linger.ms": 20, "enable.idempotence": True,
            "max.in.flight.requests.per.connection": 1,
        })  # fmt: skip
        failed: list[object] = []
        for value in values:
            while True:
                try:
                    producer.produce(
                        name,
                        value,
                        key,
                        partition,
                        on_delivery=lambda error, _: failed.append(error) if error else None,
                    )
                    break
                except BufferError:
                    producer.poll(0.1)
            producer.poll(0)
        assert producer.flush(_SECONDS) == 0
        assert failed == []

    def read(self, name: str) -> list[Record]:
        """All committed records of a topic; open transactions hold back what comes after them."""
        consumer = confluent_kafka.Consumer({
            "bootstrap.servers": self.servers, "group.id": "checker", "isolation.level": "read_committed",
            "enable.auto.commit": False, "enable.partition.eof": True, "auto.offset.reset": "earliest",
        })  # fmt: skip
        open_partitions = set(range(self.partitions(name)))
        consumer.assign([TopicPartition(name, p, OFFSET_BEGINNING) for p in open_partitions])
        found = []
        try:
            while open_partitions:
                message = consumer.poll(_SECONDS)
                assert message is not None, f"{name}: no answer from the broker"
                if message.error():
                    assert message.error().code() == confluent_kafka.KafkaError._PARTITION_EOF, message.error()
                    open_partitions.discard(message.partition())
                    continue
                found.append(
                    Record(
                        message.partition(), message.key(), message.value(), tuple(message.headers() or ()),
                        message.timestamp()[0],
                    )
                )  # fmt: skip
        finally:
            consumer.close()
        return found
