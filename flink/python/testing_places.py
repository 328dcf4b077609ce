"""What can be read of a running pipeline: processes, answers over REST, files. A secret is in none of it."""

from __future__ import annotations

import contextlib
import os
import pathlib
from collections.abc import Iterator
from typing import Any, Callable
from urllib.parse import quote

import psutil
import requests

#: A place's name and its content.
Place = tuple[str, bytes]

_ANSWER_S = 60.0
_CONNECT = ("/connector-plugins", "/admin/loggers", "/connectors?expand=info&expand=status")
_CONNECTOR = ("", "/config", "/status", "/tasks", "/tasks/0/status", "/topics", "/offsets")
_CLUSTER = (
    "/overview", "/config", "/jobs", "/jobs/overview", "/jobs/metrics", "/jobmanager/config", "/jobmanager/environment",
    "/jobmanager/metrics", "/jobmanager/logs", "/jobmanager/thread-dump", "/taskmanagers", "/taskmanagers/metrics",
)  # fmt: skip
_TASKMANAGER = ("", "/logs", "/metrics", "/thread-dump")
_JOB = (
    "", "/status", "/config", "/plan", "/exceptions", "/checkpoints", "/checkpoints/config", "/accumulators",
    "/metrics", "/jobmanager/config", "/jobmanager/environment",
)  # fmt: skip
_VERTEX = ("", "/accumulators", "/subtasks/accumulators", "/subtasktimes", "/taskmanagers", "/metrics", "/watermarks")


def processes() -> Iterator[Place]:
    """The command line and the environment of each process of this machine."""
    for process in psutil.process_iter(["name", "cmdline", "environ"]):
        its, variables = process.info, process.info["environ"] or {}
        who = f"process {process.pid} {its['name']}"
        yield f"{who}: command line", "\n".join(its["cmdline"] or ()).encode(errors="replace")
        yield f"{who}: environment", "\n".join(map("=".join, variables.items())).encode(errors="replace")


def files(*folders: pathlib.Path) -> Iterator[Place]:
    """The files below some folders; what a link names is not below them."""
    for folder in folders:
        for parent, _, names in os.walk(folder):
            for file in (pathlib.Path(parent, name) for name in names):
                # Checkpoints and Kafka's segments come and go.
                with contextlib.suppress(FileNotFoundError):
                    if file.is_file() and not file.is_symlink():
                        yield str(file), file.read_bytes()


def connect_answers(url: str) -> Iterator[Place]:
    """What a worker of Kafka Connect tells of itself and of its connectors."""

    def paths(read: Callable[[str], Any]) -> Iterator[str]:
        yield from _CONNECT
        yield from (f"/connectors/{quote(name)}{what}" for name in read("/connectors") for what in _CONNECTOR)

    return _answers(url, paths)


def flink_answers(address: str) -> Iterator[Place]:
    """What a Flink cluster tells of itself, of its jobs, those that have ended too, and out of its logs."""

    def paths(read: Callable[[str], Any]) -> Iterator[str]:
        yield from _CLUSTER
        yield from _logs("/jobmanager", read)
        for manager in read("/taskmanagers")["taskmanagers"]:
            at = f"/taskmanagers/{quote(manager['id'])}"
            yield from (at + what for what in _TASKMANAGER)
            yield from _logs(at, read)
        for job in read("/jobs")["jobs"]:
            at = f"/jobs/{job['id']}"
            yield from (at + what for what in _JOB)
            for vertex in read(at)["vertices"]:
                yield from (f"{at}/vertices/{vertex['id']}{what}" for what in _VERTEX)

    return _answers(f"http://{address}", paths)


def _logs(at: str, read: Callable[[str], Any]) -> Iterator[str]:
    names = [log["name"] for log in read(f"{at}/logs")["logs"]]
    assert names, f"{at} shows no log"
    return (f"{at}/logs/{quote(name)}" for name in names)


def _answers(url: str, paths: Callable[[Callable[[str], Any]], Iterator[str]]) -> Iterator[Place]:
    with requests.Session() as session:
        # It is on loopback: a proxy of the environment has no part in it.
        session.trust_env = False

        def ask(path: str) -> requests.Response:
            answer = session.get(url + path, timeout=_ANSWER_S)
            # What does not answer would hide nothing.
            assert answer.ok, f"{path}: {answer.status_code} {answer.text}"
            return answer

        for path in paths(lambda path: ask(path).json()):
            yield url + path, ask(path).content
