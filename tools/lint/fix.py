"""Formats every file of the source tree: `tools/bazelw run //tools/lint:fix`.

Exit code 1 when something is left that only a person can put right.
"""

from __future__ import annotations

import sys

from tools.lint import formatters, sources


def main() -> int:
    """Runs all formatters."""
    tree = sources.load()
    clean = True
    for formatter in formatters.ALL:
        try:
            content, output = formatters.run(formatter(tree, fix=True), tree.root)
        except formatters.Unavailable as e:
            print(f"{formatter.__name__}: left out, {e}")
            continue
        clean &= content
        print(f"{formatter.__name__}: {'done' if content else 'see below'}")
        if output.strip():
            print(output.rstrip())
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
