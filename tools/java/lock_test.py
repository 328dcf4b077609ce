"""The Java locks: how they are made, and that they fit their poms and the Python lock."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from tools.java import lock

FOLDER = Path("tools/java")
PYTHON_LOCK = Path("tools/python/requirements.lock.txt")


def node(artifact: str, *children: dict, **more: str) -> dict:
    base = {"groupId": "g.h", "artifactId": artifact, "version": "1", "scope": "compile", "type": "jar"}
    return {**base, **more, "children": list(children)}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("g/h/a/1.0/a-1.0.jar", ("g.h:a", "1.0")),
        ("g/h/a-b/1.0-2.2/a-b-1.0-2.2-tests.jar", ("g.h:a-b:tests", "1.0-2.2")),
        ("g/a/1/a-1-all-deps.jar", ("g:a:all-deps", "1")),
    ],
)
def test_key_of_a_path(path: str, expected: tuple[str, str]) -> None:
    assert lock.jar_key(Path(path)) == expected


def test_tree_is_merged_over_all_places_of_an_artifact() -> None:
    shared = node("shared", node("leaf"))
    tree = lock.read_tree(
        node("root", node("a", node("shared")), shared, node("t", type="test-jar", classifier="tests"))
    )

    assert tree["g.h:shared"] == {"scope": "compile", "root": True, "deps": {"g.h:leaf"}}
    assert tree["g.h:leaf"]["root"] is False
    assert "g.h:t:tests" in tree


def test_dependency_that_was_left_out_is_no_dep(tmp_path: Path) -> None:
    jar = tmp_path / "g/h/a/1/a-1.jar"
    jar.parent.mkdir(parents=True)
    jar.write_bytes(b"jar")

    jars = lock.describe_jars(tmp_path, lock.read_tree(node("root", node("a", node("gone")))))

    assert jars["g.h:a"]["deps"] == []
    assert jars["g.h:a"]["sha256"] == hashlib.sha256(b"jar").hexdigest()


def test_jar_out_of_nowhere_is_refused(tmp_path: Path) -> None:
    jar = tmp_path / "g/h/a/1/a-1.jar"
    jar.parent.mkdir(parents=True)
    jar.write_bytes(b"jar")

    with pytest.raises(ValueError, match="not in Maven's dependency tree"):
        lock.describe_jars(tmp_path, {})


def jars_of(name: str) -> dict[str, dict]:
    return json.loads((FOLDER / name).read_text())["jars"]


@pytest.mark.parametrize(("pom", "name"), lock.LOCKS.items())
def test_lock_was_made_from_its_pom(pom: str, name: str) -> None:
    made_from = json.loads((FOLDER / name).read_text())["pom_sha256"]

    assert made_from == hashlib.sha256((FOLDER / pom).read_bytes()).hexdigest()


def test_flink_is_the_same_in_java_and_python() -> None:
    in_python = re.search(r"^apache-flink==(\S+)", PYTHON_LOCK.read_text(), re.MULTILINE)
    in_pom = re.search(r"<flink.version>(.+)</flink.version>", (FOLDER / "pom.xml").read_text())
    jars = jars_of("maven.lock.json")

    assert in_python
    assert in_pom
    assert in_python[1] == in_pom[1] == jars["org.apache.flink:flink-streaming-java"]["version"]


def test_debezium_brings_nothing_that_the_connect_worker_hands_it() -> None:
    assert [key for key in jars_of("debezium.lock.json") if key.startswith(("org.apache.kafka:", "org.slf4j:"))] == []
