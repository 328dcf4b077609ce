"""One Kafka broker in KRaft mode, from Maven's jars, on loopback."""

from __future__ import annotations

import base64
import uuid

import confluent_kafka
import confluent_kafka.admin

from flinkblocks.runtime import java_program_environment, runfile
from flinkblocks.stack.service import Command, Service, Site, jvm_flags

_BROKER = "java/io/flinkblocks/stack/dev_broker"

# One node that can do transactions; everything that waits for more nodes is turned off.
_CONFIG = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs={data}
num.partitions=4
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=3000
transaction.max.timeout.ms=3600000
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
"""


def _cluster_id() -> str:
    """A Kafka UUID; none that begins with a dash, which would be taken for a flag."""
    while (found := base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()).startswith("-"):
        pass
    return found


class Kafka(Service):
    """The broker of a stack."""

    name = "kafka"
    processes = ("kafka",)
    ports = ("port", "controller")
    stop_seconds = 20.0

    def commands(self, site: Site) -> dict[str, Command]:
        """Writes the broker's configuration and tells how to run it."""
        config = site.folder / "server.properties"
        config.write_text(_CONFIG.format(data=site.folder / "data", **site.ports), encoding="utf-8")
        argv = [runfile(_BROKER), *jvm_flags(site), str(config), _cluster_id()]
        return {"kafka": Command(argv, java_program_environment())}

    def ready(self, site: Site) -> bool:
        """Whether a client gets an answer that names a broker."""
        admin = confluent_kafka.admin.AdminClient(
            # Refused connections while it starts are no news.
            {"bootstrap.servers": self.address(site), "log_level": 0},
        )
        try:
            return len(admin.list_topics(timeout=1).brokers) == 1
        except confluent_kafka.KafkaException:
            return False

    def address(self, site: Site) -> str:
        """What clients call bootstrap servers."""
        return f"127.0.0.1:{site.ports['port']}"

    def exports(self, site: Site) -> dict[str, str]:
        """The environment that points the blocks at this broker."""
        return {"KAFKA_SERVERS": self.address(site)}
