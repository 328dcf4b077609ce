"""The build's command for flinkblocks.flags.table."""

import sys

from flinkblocks.flags.table import main

if __name__ == "__main__":
    main(sys.argv[1:])
