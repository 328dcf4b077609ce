"""The Python locks fit their requirements, pin every file and name no registry."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.python import lock

FOLDER = Path("tools/python")


def entries(name: str) -> dict[str, str]:
    """Requirement line -> the lines that belong to it, of a lock."""
    text = (FOLDER / f"{name}.lock.txt").read_text()
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    return {block.split(" ")[0]: block for block in blocks}


def test_comments_do_not_count() -> None:
    assert lock.requirements("# why\n\na==1  # this one\nb\n") == ["a==1", "b"]
    assert lock.stamp("a==1 # x\n\nb") == lock.stamp("a==1\nb\n") != lock.stamp("a==2\nb")


@pytest.mark.parametrize("name", lock.NAMES)
def test_lock_was_made_from_the_requirements(name: str) -> None:
    first = (FOLDER / f"{name}.lock.txt").read_text().splitlines()[0]

    assert first == lock.stamp((FOLDER / f"{name}.in").read_text())


@pytest.mark.parametrize("name", lock.NAMES)
def test_every_distribution_is_pinned_and_hashed(name: str) -> None:
    assert entries(name)
    for requirement, block in entries(name).items():
        assert "==" in requirement
        assert "--hash=sha256:" in block


@pytest.mark.parametrize("name", lock.NAMES)
def test_lock_names_no_registry(name: str) -> None:
    text = (FOLDER / f"{name}.lock.txt").read_text()

    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
