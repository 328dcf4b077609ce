"""Starts the testing job in this process's JVM."""

from __future__ import annotations

import os
import socket
import tempfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flinkblocks.console import LIVE_OPTIONS
from flinkblocks.run import checkpoint_folder
from flinkblocks.runtime import java_home, runfile

if TYPE_CHECKING:
    from pyflink.common.job_client import JobClient

_JAR = "python/flinkblocks/run/testing/testing_deploy.jar"


@dataclass
class TestingJob:
    """What the testing job is to do (see TestingJob.java).

    Attributes:
        state_path: for its checkpoints.
        count: numbers to read.
        per_second: how fast.
        fail_at: the number at which it fails, -1 for none.
        user_error: whether as a UserError.
        uncounted: the number that its accounting forgets, -1 for none.
        options: more of Flink's options.
    """

    __test__ = False

    state_path: str
    count: int = 200
    per_second: float = 100_000
    fail_at: int = -1
    user_error: bool = False
    uncounted: int = -1
    options: dict[str, str] = field(default_factory=dict)


def free_port() -> int:
    """A port on loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def submit(job: TestingJob) -> tuple[JobClient, str]:
    """Submits the job to a cluster of its own in the JVM of this process; gives its client and REST URL."""
    os.environ["JAVA_HOME"] = java_home()
    # No server for Python workers: there are none.
    os.environ.setdefault("_python_worker_execution_mode", "process")
    os.environ.setdefault(
        "FLINK_LOG_DIR", os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR") or tempfile.mkdtemp(prefix="flink-log-")
    )
    from pyflink.common import Configuration
    from pyflink.datastream import StreamExecutionEnvironment
    from pyflink.java_gateway import get_gateway

    port = free_port()
    options = {
        "pipeline.jars": "file://" + os.path.realpath(runfile(_JAR)),
        "rest.address": "127.0.0.1",
        "rest.bind-address": "127.0.0.1",
        "rest.port": str(port),
        "rest.bind-port": str(port),
        "execution.checkpointing.interval": "1 s",
        "execution.checkpointing.dir": "file://" + checkpoint_folder(job.state_path),
        "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
        "restart-strategy.type": "none",
        **LIVE_OPTIONS,
        **job.options,
    }
    configuration = Configuration()
    for key, value in options.items():
        configuration.set_string(key, value)
    env = StreamExecutionEnvironment.get_execution_environment(configuration)
    env.set_parallelism(2)
    get_gateway().jvm.io.flinkblocks.run.testing.TestingJob.build(
        env._j_stream_execution_environment,
        job.count,
        float(job.per_second),
        job.fail_at,
        job.user_error,
        job.uncounted,
    )
    return env.execute_async("testing"), f"http://127.0.0.1:{port}"
