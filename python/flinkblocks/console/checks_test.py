import contextlib
import http.server
import io
import json
import socket
import sys
import threading

import pytest

from flinkblocks.console.checks import (
    Check,
    check_cluster,
    check_jar,
    check_java,
    check_port,
    check_python,
    java_version,
    preflight,
)
from flinkblocks.console.faces import PlainFace


def test_all_checks_are_shown_and_one_failure_is_enough():
    stream = io.StringIO()
    checks = [Check("a", True, "1"), Check("b", False, "2", "do this"), Check("c", True, "3")]
    assert preflight(iter(checks), PlainFace(stream)) == 1
    assert stream.getvalue() == "ok   a: 1\nFAIL b: 2; do this\nok   c: 3\n"
    assert preflight([], PlainFace(stream)) == 0


def test_each_check_is_shown_before_the_next_is_made():
    stream = io.StringIO()

    def checks():
        yield Check("a", True, "1")
        assert "a: 1" in stream.getvalue()
        yield Check("b", True, "2")

    assert preflight(checks(), PlainFace(stream)) == 0


@pytest.mark.parametrize(("version", "ok"), [((3, 8, 1), False), ((3, 9, 0), True), ((3, 12), True), ((3, 13), False)])
def test_python(version, ok):
    assert check_python(version).ok is ok


def test_this_python():
    assert check_python().detail == ".".join(map(str, sys.version_info[:3]))


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('openjdk version "17.0.9" 2023-10-17\nOpenJDK Runtime', ("17.0.9", 17)),
        ('java version "1.8.0_392"', ("1.8.0_392", 8)),
        ('openjdk version "21-ea" 2023', ("21-ea", 21)),
        ('Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "25" 2025', ("25", 25)),
        ("command not found", None),
    ],
)
def test_java_version(text, version):
    assert java_version(text) == version


def fake_java(folder, version):
    (folder / "bin").mkdir(parents=True)
    java = folder / "bin" / "java"
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    java.chmod(0o755)
    return folder


@pytest.mark.parametrize(("version", "ok"), [("11.0.2", False), ("17.0.9", True), ("22", True)])
def test_java_of_java_home(tmp_path, version, ok):
    home = fake_java(tmp_path / "jdk", version)
    check = check_java({"JAVA_HOME": str(home), "PATH": ""})
    assert (check.ok, check.detail) == (ok, f"{version} ({home}/bin/java)")
    assert "JDK 17" in check.cure


def test_java_of_path(tmp_path):
    home = fake_java(tmp_path / "jdk", "17.0.1")
    assert check_java({"PATH": str(home / "bin")}).ok


def test_java_missing(tmp_path):
    assert "not found" in check_java({"PATH": str(tmp_path)}).detail
    check = check_java({"JAVA_HOME": str(tmp_path)})
    assert not check.ok
    assert "does not run" in check.detail


def test_jar(tmp_path):
    jar = tmp_path / "core.jar"
    assert not check_jar(str(jar)).ok
    jar.write_bytes(b"x" * 2_000_000)
    assert check_jar(str(jar)) == Check("jar core.jar", True, "2.0 MB")


def test_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        check = check_port("--metrics-port", port)
        assert not check.ok
        assert "--metrics-port" in check.cure
    assert check_port("--metrics-port", port).ok
    assert check_port("--metrics-port", 0).ok
    assert not check_port("--metrics-port", 70_000).ok


def test_cluster_that_is_not_there():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        check = check_cluster(f"127.0.0.1:{probe.getsockname()[1]}")
    assert not check.ok
    assert "does not answer" in check.detail
    assert "--target" in check.cure


@pytest.fixture
def cluster():
    """Answers like a cluster with the given overview and configuration."""
    with contextlib.ExitStack() as servers:

        def start(overview, **config):
            documents = {
                "/overview": overview,
                "/jobmanager/config": [{"key": key, "value": value} for key, value in config.items()],
            }

            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(json.dumps(documents[self.path]).encode())

                def log_message(self, *args):
                    pass

            server = servers.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            servers.callback(server.shutdown)
            return f"127.0.0.1:{server.server_port}"

        yield start


def overview(free, total, version="2.2.0"):
    return {"flink-version": version, "slots-available": free, "slots-total": total}


@pytest.mark.parametrize(("free", "waits"), [(4, False), (2, False), (1, True), (0, True)])
def test_cluster_with_enough_slots_free_or_not(cluster, free, waits):
    check = check_cluster(cluster(overview(free, 4)), 2, "2.2.1")
    assert check.ok
    assert f"{free} of 4 slots free" in check.detail
    assert ("the job waits for 2" in check.detail) is waits


@pytest.mark.parametrize(("total", "cure"), [(4, "--parallelism 4 or less"), (0, "start TaskManagers")])
def test_cluster_that_is_too_small(cluster, total, cure):
    check = check_cluster(cluster(overview(total, total)), 5)
    assert not check.ok
    assert cure in check.cure


@pytest.mark.parametrize("key", ["kubernetes.cluster-id", "yarn.application.id", "jobmanager.scheduler"])
def test_cluster_that_grows_with_its_jobs(cluster, key):
    assert check_cluster(cluster(overview(0, 0), **{key: "Adaptive"}), 5).ok


def test_cluster_of_another_version(cluster):
    check = check_cluster(cluster(overview(4, 4, "2.10.0")), 1, "2.1.5")
    assert not check.ok
    assert "built with Flink 2.1.5" in check.detail
    assert "Flink 2.1" in check.cure


def test_something_else_that_answers(cluster):
    check = check_cluster(cluster({"hello": "world"}))
    assert not check.ok
    assert "not as Flink does" in check.detail


def test_environment_is_looked_at_when_asked(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert not check_java().ok
