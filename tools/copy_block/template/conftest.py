"""Marks the tests that start an engine: `pytest -m "not integration"` leaves them out."""

from __future__ import annotations

import pathlib

import pytest

_ROOT = pathlib.Path(__file__).parent
#: The others say so themselves: `pytestmark = pytest.mark.integration`.
_COPIED = """
{{python_integration_tests}}
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks those that came with the copy (a pytest hook)."""
    copied = {_ROOT / path for path in _COPIED.split()}
    for item in items:
        if item.path in copied:
            item.add_marker(pytest.mark.integration)
