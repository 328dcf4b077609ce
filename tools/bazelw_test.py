"""What bazelw decides, on machines made of a PATH with stand-ins for the programs it asks."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCES = Path("tools").resolve()
VERSION = "7.7.1"
# What the script itself is made of.
COREUTILS = ["bash", "cat", "chmod", "cksum", "find", "grep", "mkdir", "readlink", "sh", "timeout", "tr"]

BAZEL = """
case "$*" in
  --version) echo "bazel {version}" ;;
  "mod graph") echo graph >>"$CALLS"; exit {resolves} ;;
  *) echo "{name} ran: $*" ;;
esac
"""


class Machine:
    """A workspace, a cache folder and a PATH."""

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "workspace"
        self.bin = folder / "bin"
        self.cache = folder / "cache"
        self.calls = folder / "calls"
        (self.workspace / "tools").mkdir(parents=True)
        self.bin.mkdir()
        shutil.copy(SOURCES / "bazelw", self.workspace / "tools/bazelw")
        shutil.copytree(SOURCES / "bazelw_lib", self.workspace / "tools/bazelw_lib")
        (self.workspace / ".bazelversion").write_text(VERSION + "\n")
        (self.workspace / "MODULE.bazel").write_text('module(name = "m")\n')
        for name in COREUTILS:
            (self.bin / name).symlink_to(str(shutil.which(name)))
        self.program("python3.11", 'case "$2" in *version_info*) echo 3.11 ;; esac')
        self.program("javac", "echo javac 17.0.15")
        self.program("java", "")
        self.program("mvn", "echo Apache Maven 3.8.7")

    def program(self, name: str, script: str) -> Path:
        """Puts a shell script on the PATH."""
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text("#!/bin/sh\n" + script + "\n")
        path.chmod(0o755)
        return path

    def bazel(self, name: str = "bazel", version: str = VERSION, resolves: bool = True) -> None:
        """Puts a Bazel on the PATH."""
        self.program(name, BAZEL.format(name=name, version=version, resolves=0 if resolves else 1))

    def debian(self) -> None:
        """Leaves a finished set-up of Debian's build."""
        recipe = (self.workspace / "tools/bazelw_lib/debian.sh").read_bytes()
        checksum = subprocess.run(["cksum"], input=recipe, capture_output=True, check=True).stdout.split()[0].decode()
        folder = self.cache / f"debian-{VERSION}-{checksum}"
        folder.mkdir(parents=True)
        (folder / "bazel").write_text('#!/bin/sh\necho "debian ran: $*"\n')
        (folder / "bazel").chmod(0o755)
        (folder / "ready").touch()

    def run(self, *args: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Calls bazelw."""
        env = {"PATH": str(self.bin), "BAZELW_CACHE": str(self.cache), "CALLS": str(self.calls), **environ}
        script = str(self.workspace / "tools/bazelw")
        return subprocess.run([script, *args], env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)

    def probes(self) -> int:
        """How many times a Bazel was asked to resolve the modules."""
        return len(self.calls.read_text().splitlines()) if self.calls.exists() else 0


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("name", ["bazel", "bazelisk"])
def test_bazel_of_the_path_that_serves_is_used(machine: Machine, name: str) -> None:
    machine.bazel(name)

    done = machine.run("test", "//a b")

    assert (done.returncode, done.stdout) == (0, f"{name} ran: test //a b\n")


def test_bazelisk_goes_before_bazel(machine: Machine) -> None:
    machine.bazel("bazel")
    machine.bazel("bazelisk")

    assert machine.run("info").stdout == "bazelisk ran: info\n"


def test_bazel_that_serves_is_tried_once_for_each_module_file(machine: Machine) -> None:
    machine.bazel()
    assert "trying" in machine.run("info").stderr

    assert machine.run("info").stderr == ""
    assert machine.probes() == 1

    (machine.workspace / "MODULE.bazel").write_text('module(name = "other")\n')
    assert "trying" in machine.run("info").stderr
    assert machine.probes() == 2


def test_other_version_is_rejected_and_the_cure_named(machine: Machine) -> None:
    machine.bazel(version="8.0.0")

    done = machine.run("info")

    assert done.returncode == 1
    assert f"gives no Bazel {VERSION}" in done.stderr
    assert "missing: apt-get" in done.stderr
    assert "install Bazelisk" in done.stderr
    assert machine.probes() == 0


def test_bazel_that_cannot_resolve_the_modules_is_not_asked_again_for_an_hour(machine: Machine) -> None:
    machine.bazel(resolves=False)
    machine.run("info")
    assert machine.probes() == 1

    machine.run("info")
    assert machine.probes() == 1

    for mark in machine.cache.glob("system-*.no"):
        an_hour_ago = mark.stat().st_mtime - 3_700
        os.utime(mark, (an_hour_ago, an_hour_ago))
    machine.run("info")
    assert machine.probes() == 2


def test_bazelisk_under_both_names_is_tried_once(machine: Machine) -> None:
    machine.bazel("bazelisk", resolves=False)
    (machine.bin / "bazel").symlink_to(machine.bin / "bazelisk")

    machine.run("info")

    assert machine.probes() == 1


def test_link_to_bazelw_itself_is_no_bazel(machine: Machine) -> None:
    (machine.bin / "bazel").symlink_to(machine.workspace / "tools/bazelw")

    assert "missing: apt-get" in machine.run("info").stderr


def test_bazelw_works_through_a_link(machine: Machine, tmp_path: Path) -> None:
    machine.debian()
    link = tmp_path / "link"
    link.symlink_to(machine.workspace / "tools/bazelw")

    done = subprocess.run([str(link), "info"], env={"PATH": str(machine.bin), "BAZELW_CACHE": str(machine.cache)})

    assert done.returncode == 0


def test_finished_debian_build_is_used_at_once(machine: Machine) -> None:
    machine.debian()
    machine.bazel()

    done = machine.run("info", "x")

    assert (done.stdout, done.stderr) == ("debian ran: info x\n", "")


def test_debian_build_of_another_recipe_is_made_anew(machine: Machine) -> None:
    machine.debian()
    with (machine.workspace / "tools/bazelw_lib/debian.sh").open("a") as file:
        file.write("# changed\n")

    assert "missing: apt-get" in machine.run("info").stderr


def test_variable_decides(machine: Machine) -> None:
    machine.debian()
    machine.bazel(resolves=False)

    assert machine.run("info", BAZELW="system").stdout == "bazel ran: info\n"
    assert machine.run("info", BAZELW="debian").stdout == "debian ran: info\n"
    assert "it is system, debian or not set" in machine.run("info", BAZELW="other").stderr


def test_system_without_bazel_is_named(machine: Machine) -> None:
    done = machine.run("info", BAZELW="system")

    assert done.returncode == 1
    assert "neither bazelisk nor bazel is on PATH" in done.stderr


@pytest.mark.parametrize(
    ("name", "script", "problem"),
    [
        ("javac", None, "missing: javac (java alone is a JRE): install JDK 17"),
        ("javac", "echo javac 1.8.0_402 >&2", "javac is 1.8.0): install JDK 17"),
        ("javac", "echo javac 11.0.2", "javac is 11.0.2): install JDK 17"),
        ("mvn", None, "missing: Maven: install Maven"),
        ("mvn", "echo Apache Maven 3.6.0", "mvn is 3.6.0): install Maven"),
        ("mvn", "exit 1", "mvn is broken): install Maven"),
        ("python3.11", None, "missing: Python 3.9 to 3.12: install one"),
        ("python3.11", "echo 3.13", "python3.11 is 3.13): install one"),
        ("python3.11", "case $2 in *version_info*) echo 3.11 ;; *) exit 1 ;; esac", "3.11 without venv"),
    ],
    ids=[
        "JRE",
        "Java 8",
        "Java 11",
        "no Maven",
        "old Maven",
        "broken Maven",
        "no Python",
        "new Python",
        "no venv",
    ],
)
def test_what_the_machine_lacks_is_named(machine: Machine, name: str, script: str | None, problem: str) -> None:
    machine.bazel()
    (machine.bin / name).unlink()
    if script is not None:
        machine.program(name, script)

    done = machine.run("info")

    assert done.returncode == 1
    assert problem in done.stderr
    assert done.stdout == ""


def test_everything_missing_is_named_at_once(machine: Machine) -> None:
    for name in ("python3.11", "javac", "java", "mvn"):
        (machine.bin / name).unlink()

    lines = machine.run("info").stderr.splitlines()

    assert [line.split(":")[2].split(" ")[1] for line in lines[:-1]] == ["Python", "Java", "Maven"]


@pytest.mark.parametrize("version", ["17", "17.0.2", "21.0.1", "25-ea"])
def test_newer_jdk_will_do(machine: Machine, version: str) -> None:
    machine.bazel()
    machine.program("javac", f"echo javac {version}")

    assert machine.run("info").returncode == 0


def test_java_home_goes_before_the_path(machine: Machine, tmp_path: Path) -> None:
    machine.bazel()

    assert "has no bin/javac" in machine.run("info", JAVA_HOME=str(tmp_path / "none")).stderr
    assert machine.run("info", JAVA_HOME="").returncode == 0


def test_programs_named_by_variables_are_taken(machine: Machine) -> None:
    machine.bazel()
    mvn = machine.program("other-maven", "echo Apache Maven 3.9.9")
    python = machine.program("other-python", 'case "$2" in *version_info*) echo 3.9 ;; esac')
    (machine.bin / "mvn").unlink()
    (machine.bin / "python3.11").unlink()

    assert machine.run("info", PROJECT_MVN=str(mvn), PROJECT_PYTHON=str(python)).returncode == 0
    assert "PROJECT_MVN names /none" in machine.run("info", PROJECT_MVN="/none").stderr


def test_machine_is_checked_once_while_all_is_there(machine: Machine) -> None:
    machine.bazel()
    machine.program("mvn", 'echo mvn >>"$CALLS.mvn"; echo Apache Maven 3.8.7')
    for _ in range(2):
        assert machine.run("info").returncode == 0
    assert Path(f"{machine.calls}.mvn").read_text() == "mvn\n"

    (machine.bin / "mvn").unlink()

    assert "missing: Maven" in machine.run("info").stderr


def test_check_can_be_left_out(machine: Machine) -> None:
    machine.bazel()
    (machine.bin / "mvn").unlink()

    assert machine.run("info", BAZELW_CHECK="no").returncode == 0


def test_supported_pythons_are_those_of_the_module_file() -> None:
    listed = (SOURCES / "../MODULE.bazel").read_text().split("python_versions = [")[1].split("]")[0]
    in_module = [line.strip(' ",') for line in listed.splitlines() if line.strip()]

    assert f'python_versions="{" ".join(in_module)}"' in (SOURCES / "bazelw_lib/machine.sh").read_text()
