"""One worker of Kafka Connect in distributed mode, with Debezium's PostgreSQL connector, on loopback."""

from __future__ import annotations

import pathlib

import requests

from flinkblocks.runtime import java_program_environment, runfile
from flinkblocks.stack.kafka import Kafka
from flinkblocks.stack.postgres import secrets_folder
from flinkblocks.stack.service import Command, Service, Site, jvm_flags

_WORKER = "java/io/flinkblocks/stack/connect_worker"
_PLUGIN = "java/io/flinkblocks/stack/debezium_deploy.jar"

# Offsets and records of a source are committed in one transaction: nothing twice, nothing lost. After a kill the next
# worker takes over when the session and the open transaction of this one have timed out: in seconds, not in minutes.
# Connectors get secrets by reference, ${{directory:FOLDER:FILE}}, out of the stack's secrets only, or
# ${{env:...PASSWORD}}: what is stored and what the REST API answers is the reference.
_CONFIG = """\
bootstrap.servers={kafka}
default.api.timeout.ms=120000
group.id=stack-connect
listeners=http://127.0.0.1:{port}
rest.advertised.host.name=127.0.0.1
exactly.once.source.support=enabled
producer.transaction.timeout.ms=8000
session.timeout.ms=6000
heartbeat.interval.ms=2000
scheduled.rebalance.max.delay.ms=0
config.storage.topic=__connect_configs
config.storage.replication.factor=1
offset.storage.topic=__connect_offsets
offset.storage.replication.factor=1
offset.storage.partitions=1
status.storage.topic=__connect_status
status.storage.replication.factor=1
status.storage.partitions=1
key.converter=org.apache.kafka.connect.json.JsonConverter
value.converter=org.apache.kafka.connect.json.JsonConverter
key.converter.schemas.enable=false
value.converter.schemas.enable=false
plugin.path={plugins}
plugin.discovery=service_load
config.providers=directory,file,env
config.providers.directory.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider
config.providers.directory.param.allowed.paths={secrets}
config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider
config.providers.file.param.allowed.paths={secrets}
config.providers.env.class=org.apache.kafka.common.config.provider.EnvVarConfigProvider
config.providers.env.param.allowlist.pattern=[A-Z0-9_]*PASSWORD
"""


class Connect(Service):
    """The Kafka Connect worker of a stack."""

    name = "connect"
    processes = ("connect",)
    ports = ("rest",)
    needs = (Kafka.name,)
    stop_seconds = 20.0

    def commands(self, site: Site) -> dict[str, Command]:
        """Writes the worker's configuration and tells how to run it.

        It may be started together with its broker: it waits for that as long as the stack waits for it.
        """
        secrets = secrets_folder(site.folder.parent)
        secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
        (broker,) = (Kafka().address(site.needs[need]) for need in self.needs)
        config = site.folder / "worker.properties"
        text = _CONFIG.format(
            kafka=broker, port=site.ports["rest"], plugins=_plugins(site.folder / "plugins"), secrets=secrets
        )
        config.write_text(text, encoding="utf-8")
        argv = [runfile(_WORKER), *jvm_flags(site), str(config)]
        return {"connect": Command(argv, java_program_environment())}

    def ready(self, site: Site) -> bool:
        """Whether the worker has joined its group and takes requests."""
        with requests.Session() as session:
            # It is on loopback: a proxy of the environment has no part in it.
            session.trust_env = False
            try:
                return session.get(f"{self._url(site)}/health", timeout=2).status_code == 200
            except requests.RequestException:
                return False

    def address(self, site: Site) -> str:
        """Of the REST API."""
        return f"127.0.0.1:{site.ports['rest']}"

    def _url(self, site: Site) -> str:
        return f"http://{self.address(site)}"

    def exports(self, site: Site) -> dict[str, str]:
        """The environment that points the blocks at this worker."""
        return {"CONNECT_URL": self._url(site)}


def _plugins(folder: pathlib.Path) -> pathlib.Path:
    """Makes the folder of plugins, with a folder for each: a class loader of its own."""
    link = folder / "debezium" / pathlib.Path(_PLUGIN).name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(pathlib.Path(runfile(_PLUGIN)).resolve())
    return folder
