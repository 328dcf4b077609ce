"""The local stack's command line; see flinkblocks.stack."""

import sys

from flinkblocks.stack.cli import main

if __name__ == "__main__":
    sys.exit(main())
