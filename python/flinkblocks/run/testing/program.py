"""The testing job as a program: what run control does to a process is tested on it."""

from __future__ import annotations

import argparse
import sys

from flinkblocks.console import choose_face
from flinkblocks.errors import main_guard
from flinkblocks.run import RunOptions, follow
from flinkblocks.run.testing.embedded import TestingJob, submit


@main_guard
def main(argv: list[str]) -> int:
    """Runs the job and follows it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--state", required=True)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--rate", type=float, default=1000)
    parser.add_argument("--fail-at", type=int, default=-1)
    parser.add_argument("--user-error", action="store_true")
    parser.add_argument("--uncounted", type=int, default=-1)
    parser.add_argument("--duration", type=float, default=0)
    parser.add_argument("--unbounded", action="store_true")
    parser.add_argument("--console", default="json")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args(argv)
    client, url = submit(TestingJob(args.state, args.count, args.rate, args.fail_at, args.user_error, args.uncounted))
    options = RunOptions(
        name="testing",
        state_path=args.state,
        bounded=not args.unbounded,
        duration_ms=round(args.duration * 1000),
        command=["testing", *argv],
        verbose=args.verbose,
    )
    return follow(client, url, options, choose_face(args.console)).exit_code


if __name__ == "__main__":
    sys.exit(main())
