"""A real shop's click stream as events: `bazel run //python/flinkblocks/events:ecom > ecom.jsonl`.

The data comes out of the PyPI package retentioneering 5.2 and is fetched when this is built.
"""

import sys

from python.runfiles import runfiles

from flinkblocks.events.convert import main
from flinkblocks.runtime import runfile

if __name__ == "__main__":
    # The BUILD file says where the fetched file lies.
    data = runfiles.Create().Rlocation(sys.argv[1])
    mapping = runfile("python/flinkblocks/events/mappings/ecom.yaml")
    sys.exit(main(["--mapping", mapping, "--sort", data, *sys.argv[2:]]))
