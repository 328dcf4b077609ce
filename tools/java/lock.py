"""Writes each pom's lock: its jars' paths, sha256, scopes and direct dependencies.

    tools/bazelw run //tools/java:lock

Maven resolves (PROJECT_MVN, else mvn of PATH); a lock says what it came to, so that every later
fetch has to come to the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

# Pom to lock, beside each other.
LOCKS = {"pom.xml": "maven.lock.json", "debezium.pom.xml": "debezium.lock.json"}
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
# flink-core:tests is a test-jar to the tree and a jar on disk.
JAR_TYPES = ("jar", "test-jar")


def artifact_key(group: str, artifact: str, classifier: str) -> str:
    """`group:artifact`, with `:classifier` where there is one."""
    return ":".join(part for part in (group, artifact, classifier) if part)


def node_key(node: dict) -> str:
    """The key of a node of Maven's dependency tree."""
    return artifact_key(node["groupId"], node["artifactId"], node.get("classifier", ""))


def jar_key(path: Path) -> tuple[str, str]:
    """Key and version of a jar from its path in a Maven repository.

    Args:
        path: relative, as `org/apache/flink/flink-core/2.2.1/flink-core-2.2.1-tests.jar`.
    """
    *group, artifact, version = path.parent.parts
    classifier = path.stem[len(f"{artifact}-{version}") :].lstrip("-")
    return artifact_key(".".join(group), artifact, classifier), version


def read_tree(root: dict) -> dict[str, dict]:
    """What the dependency tree says of each artifact.

    Args:
        root: the root node of `dependency:tree -Dverbose -DoutputType=json`. Verbose, so that a jar that several
            others depend on has its children at one place and is named at all of them.

    Returns:
        key -> `scope`, `root` (whether the pom names it) and `deps` (keys of direct dependencies).
    """
    found: dict[str, dict] = {}

    def visit(node: dict, depth: int) -> None:
        children = [c for c in node.get("children", []) if c.get("type", "jar") in JAR_TYPES]
        for child in children:
            visit(child, depth + 1)
        if depth > 0:
            entry = found.setdefault(node_key(node), {"scope": node["scope"], "root": False, "deps": set()})
            entry["root"] |= depth == 1
            entry["deps"] |= {node_key(child) for child in children}

    visit(root, 0)
    return found


def describe_jars(folder: Path, tree: dict[str, dict]) -> dict[str, dict]:
    """The lock's entries for the jars below a folder in Maven's repository layout."""
    jars = {}
    for file in sorted(folder.rglob("*.jar")):
        path = file.relative_to(folder)
        key, version = jar_key(path)
        if key not in tree:
            raise ValueError(f"{path} is not in Maven's dependency tree")
        jars[key] = {
            "version": version,
            "path": path.as_posix(),
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "scope": tree[key]["scope"],
            "root": tree[key]["root"],
            "deps": sorted(tree[key]["deps"]),
        }
    for jar in jars.values():
        # The tree names what conflict resolution left out, too.
        jar["deps"] = [dep for dep in jar["deps"] if dep in jars]
    return jars


def make_lock(pom: Path, mvn: str) -> dict:
    """Resolves a pom.

    Raises:
        subprocess.CalledProcessError: Maven failed; it says why on its standard output.
    """
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        maven = [mvn, "-B", "-q", "-f", str(pom)]
        copy = [f"{PLUGIN}:copy-dependencies", "-Dmdep.useRepositoryLayout=true", f"-DoutputDirectory={scratch}/jars"]
        tree = [f"{PLUGIN}:tree", "-Dverbose=true", "-DoutputType=json", f"-DoutputFile={scratch}/tree.json"]
        for goal in (copy, tree):
            # Even a quiet Maven prints colour codes.
            subprocess.run(maven + goal, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        jars = describe_jars(scratch / "jars", read_tree(json.loads((scratch / "tree.json").read_text())))
    return {"pom_sha256": hashlib.sha256(pom.read_bytes()).hexdigest(), "plugin": PLUGIN, "jars": jars}


def main() -> int:
    """Writes the locks beside the poms, in the source tree."""
    workspace = os.environ.get("BUILD_WORKSPACE_DIRECTORY")
    folder = Path(workspace, "tools/java") if workspace else Path(__file__).resolve().parent
    mvn = os.environ.get("PROJECT_MVN") or "mvn"
    try:
        locks = {name: make_lock(folder / pom, mvn) for pom, name in LOCKS.items()}
    except FileNotFoundError as e:
        print(f"cannot run {e.filename}: install Maven 3.6.3 or newer, or set PROJECT_MVN", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as e:
        print(f"{e.stdout}\nMaven failed with exit code {e.returncode}, the locks are as they were", file=sys.stderr)
        return 1
    for name, lock in locks.items():
        (folder / name).write_text(json.dumps(lock, indent=1) + "\n")
        print(f"{folder}/{name}: {len(lock['jars'])} jars")
    return 0


if __name__ == "__main__":
    sys.exit(main())
