"""Writes requirements.lock.txt from requirements.in, and bootstrap.lock.txt from bootstrap.in.

    tools/bazelw run //tools/python:lock [-- --upgrade | -- --upgrade-package NAME]

uv resolves once for Python 3.9 and all newer ones, with hashes. Versions that are locked already stay
unless the arguments (they are uv's) say otherwise. Should the lock be so broken that Bazel cannot
make the venv, `python3 tools/python/lock.py` does the same from outside.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

OLDEST_PYTHON = "3.9"
NAMES = ("bootstrap", "requirements")


def requirements(text: str) -> list[str]:
    """The requirements of a file, without its comments and blank lines."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


def stamp(text: str) -> str:
    """The comment that ties a lock to the requirements it was made from."""
    digest = hashlib.sha256("\n".join(requirements(text)).encode()).hexdigest()
    return f"# Made by `tools/bazelw run //tools/python:lock`; sha256 of the requirements: {digest}"


def find_uv(folder: Path, scratch: Path) -> str:
    """The uv beside this interpreter, as in Bazel's venv; else the one of the bootstrap lock, installed for now."""
    uv = Path(sys.executable).parent / "uv"
    if not uv.exists():
        subprocess.run([sys.executable, "-m", "venv", str(scratch / "venv")], check=True)
        pip = [str(scratch / "venv/bin/python"), "-m", "pip", "install", "-q", "--no-deps", "--require-hashes"]
        subprocess.run([*pip, "-r", str(folder / "bootstrap.lock.txt")], check=True)
        uv = scratch / "venv/bin/uv"
    return str(uv)


def compile_lock(uv: str, folder: Path, name: str, extra: list[str]) -> None:
    """Makes one lock.

    Args:
        uv: path of the program.
        folder: holds `<name>.in` and gets `<name>.lock.txt`.
        name: of the pair of files.
        extra: more arguments for uv.

    Raises:
        subprocess.CalledProcessError: uv found no solution; it said why. The lock is as it was.
    """
    # In the folder, so that the lock's comments name files without their path.
    command = [uv, "pip", "compile", f"{name}.in", "-o", f"{name}.lock.txt", "--quiet", "--no-header"]
    pinning = ["--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes"]
    subprocess.run([*command, *pinning, *extra], check=True, cwd=folder)
    lock = folder / f"{name}.lock.txt"
    lock.write_text(stamp((folder / f"{name}.in").read_text()) + "\n" + lock.read_text())


def main(argv: list[str]) -> int:
    """Writes both locks in the source tree."""
    workspace = os.environ.get("BUILD_WORKSPACE_DIRECTORY")
    folder = Path(workspace, "tools/python") if workspace else Path(__file__).resolve().parent
    with tempfile.TemporaryDirectory() as scratch:
        try:
            uv = find_uv(folder, Path(scratch))
            for name in NAMES:
                compile_lock(uv, folder, name, argv)
                print(folder / f"{name}.lock.txt")
        except subprocess.CalledProcessError as e:
            print(f"{e.cmd[0]} failed with exit code {e.returncode}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
