"""The pictures of the page on windows are drawn from a run."""

from __future__ import annotations

import re

import pytest
from setup_guide import pictures

from flinkblocks.runtime import runfile


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return pictures.pictures(pictures.run(tmp_path_factory.mktemp("run")))


def test_the_page_shows_what_the_block_does(drawn):
    with open(runfile("setup_guide/10_windows.md"), encoding="utf-8") as page:
        shown = re.findall(r"```text\n(.*?)\n```", page.read(), re.DOTALL)
    assert shown == list(drawn.values())


def test_every_record_has_a_bar(drawn):
    bars = {name: len(re.findall(r"^ +[\[|]", picture, re.MULTILINE)) for name, picture in drawn.items()}
    assert bars["windowing-tumbling"] == 8
    assert min(bars.values()) >= 4


def test_the_page_runs_the_same_command():
    with open(runfile("setup_guide/10_windows.md"), encoding="utf-8") as page:
        (command,) = re.findall(
            r"```sh\n(bazel run //flink/python:windowing_aggregations -- --input.*?)```", page.read(), re.DOTALL
        )
    words = command.replace("\\\n", " ").split()
    for flag, value in zip(pictures.FLAGS[::2], pictures.FLAGS[1::2]):
        assert words[words.index(flag) + 1] == value
