"""Counts the test cases of one `bazel test`: `count_tests.py EVENTS --exit-code N`.

EVENTS is what `--build_event_json_file` wrote, N how Bazel ended. The last line is
`N passed, N failed`, with `, N skipped` where there are any. Exit code 0 when cases ran and none failed.
Runs on any Python from 3.9, without packages.
"""

from __future__ import annotations

import argparse
import json
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlparse

# Bazel's word for all went well; a flaky test failed first and passed then.
GOOD = ("PASSED", "FLAKY")


def cases_of(report: Path) -> Counter[str]:
    """How many cases of a JUnit report `passed`, `failed` and were `skipped`."""
    counts: Counter[str] = Counter()
    for case in ET.parse(report).iter("testcase"):
        tags = {child.tag for child in case}
        if tags & {"failure", "error"}:
            counts["failed"] += 1
        elif "skipped" in tags:
            counts["skipped"] += 1
        else:
            counts["passed"] += 1
    return counts


def count_result(result: dict) -> Counter[str]:
    """The cases of one attempt at a test target (or a shard of one).

    A target that failed as a whole, by its time limit or a crash, counts as one failed case where no case did.
    """
    report = next((o["uri"] for o in result.get("testActionOutput", []) if o["name"] == "test.xml"), None)
    good = result["status"] in GOOD
    try:
        # A shard may have no case.
        counts = cases_of(Path(unquote(urlparse(report).path))) if report else Counter(passed=int(good))
    except (OSError, ET.ParseError):
        counts = Counter(passed=int(good))
    if not good and not counts["failed"]:
        counts["failed"] += 1
    return counts


def count_events(lines: list[str]) -> tuple[Counter[str], list[str]]:
    """Counts the cases of all targets.

    Args:
        lines: Bazel's build events, a JSON object each.

    Returns:
        The counts, and what went wrong other than in a case, a line for each target.
    """
    tests: set[str] = set()
    results: dict[tuple, dict] = {}
    problems = {}
    for line in lines:
        event = json.loads(line)
        identity = event["id"]
        if "targetConfigured" in identity and "testSize" in event.get("configured", {}):
            tests.add(identity["targetConfigured"]["label"])
        elif "targetCompleted" in identity:
            label = identity["targetCompleted"]["label"]
            if label in tests and not event.get("completed", {}).get("success"):
                problems[label] = "was not built"
        elif "testResult" in identity and "testResult" in event:
            test = identity["testResult"]
            # Attempts come in order: of a flaky test's, the last one counts.
            results[test["label"], test.get("run"), test.get("shard")] = event["testResult"]
    counts: Counter[str] = Counter()
    for (label, _, _), result in results.items():
        counts += count_result(result)
        if result["status"] not in GOOD:
            problems[label] = result["status"]
    unbuilt = set(problems) - {label for label, _, _ in results}
    counts["failed"] += len(unbuilt)
    return counts, [f"{label}: {problem}" for label, problem in sorted(problems.items())]


def summary(counts: Counter[str]) -> str:
    """The closing line."""
    line = f"{counts['passed']} passed, {counts['failed']} failed"
    return line + (f", {counts['skipped']} skipped" if counts["skipped"] else "")


def main(argv: list[str]) -> int:
    """Prints the counts."""
    parser = argparse.ArgumentParser(description="Counts the test cases of one bazel test.")
    parser.add_argument("events", type=Path, help="file of --build_event_json_file")
    parser.add_argument("--exit-code", type=int, required=True, help="how Bazel ended")
    args = parser.parse_args(argv)
    counts, problems = count_events(args.events.read_text().splitlines())
    if args.exit_code != 0 and not counts["failed"]:
        problems.append(f"Bazel ended with exit code {args.exit_code}")
        counts["failed"] += 1
    for problem in problems:
        print(problem)
    print(summary(counts), flush=True)
    return 0 if counts["passed"] and not counts["failed"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
