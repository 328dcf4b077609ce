"""Flags as one typed declaration, which the Python and the Java program of a block share.

A program declares its flags in a class, and parses its command line into an object of it:

    ANALYSES = Group("Analyses")

    class StreamingAnalyticsFlags(CommonFlags):
        \"\"\"Revenue by category and minute.\"\"\"

        block = "streaming_analytics"
        high_value: Decimal = ANALYSES.decimal("1000.00", "a purchase of that much is of high value")

    flags = parse(StreamingAnalyticsFlags, sys.argv[1:])

Precedence: command line, environment, `--config` file, default. `parse` prints `--help`, `--show-config` and mistakes;
`resolve` raises UsageError for the latter. `flags.settings()` is what the Java core takes; `flags.where(field)` tells
where a value is from. Secrets are of type SecretStr and come from the environment or a file.
"""

from flinkblocks.flags.declare import Group
from flinkblocks.flags.durations import Duration
from flinkblocks.flags.flagset import HELP, FlagSet
from flinkblocks.flags.parsing import parse, resolve, show_config
from flinkblocks.flags.rules import Rule
from flinkblocks.flags.spec import Spec, When

__all__ = ["HELP", "Duration", "FlagSet", "Group", "Rule", "Spec", "When", "parse", "resolve", "show_config"]
