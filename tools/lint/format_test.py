"""Every Python, Java and BUILD file is in format and free of lint: `tools/bazelw run //tools/lint:fix` cures most."""

from __future__ import annotations

import pytest

from tools.lint import formatters, sources


@pytest.mark.parametrize("formatter", formatters.ALL, ids=lambda f: f.__name__)
def test_format(formatter) -> None:
    tree = sources.load()
    try:
        commands = formatter(tree, fix=False)
    except formatters.Unavailable as e:
        pytest.skip(str(e))

    content, output = formatters.run(commands, tree.root)

    assert content, f"to put it right: tools/bazelw run //tools/lint:fix\n{output}"
