"""Turns CSV or JSON lines of any shop into events: `convert --mapping M.yaml FILE.csv[.gz] > events.jsonl`."""

from __future__ import annotations

import argparse
import contextlib
import csv
import gzip
import heapq
import io
import json
import os
import sys
import tempfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from flinkblocks.errors import UserError
from flinkblocks.events.mapping import Mapping, RowError, load

# A field of a table may be long, but one that is never closed must not eat the memory.
_MAX_FIELD = 1_000_000
_SORT_ROWS = 200_000


class Input:
    """The rows of one file, each with the number of the line that it begins on."""

    def __init__(self, name: str, stream: BinaryIO, mapping: Mapping, rejected: Rejected):
        self._name = name
        packed = name.endswith(".gz")
        unpacked = gzip.GzipFile(fileobj=stream) if packed else stream
        # Bytes that are not of the encoding stay in the text as surrogates: the row is refused, not the file.
        self._text = io.TextIOWrapper(unpacked, mapping.encoding, errors="surrogateescape", newline="")
        self._mapping = mapping
        self._rejected = rejected
        base = name[:-3] if packed else name
        self._csv = mapping.format == "csv" if mapping.format else not base.endswith((".jsonl", ".json", ".ndjson"))

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Line number and columns of each row that could be read.

        Raises:
            UserError: the file is damaged, or has not the columns that the mapping names.
        """
        try:
            yield from self._csv_rows() if self._csv else self._json_rows()
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            cure = "what could be read before is converted; get the file anew"
            raise UserError(f"{self._name} is cut off or damaged: {error}", cure) from None
        except UnicodeError as error:
            # Encodings of more than one byte a character have no surrogates to escape to.
            cure = "correct `encoding` in the mapping, or the file"
            raise UserError(f"{self._name} is not in {self._mapping.encoding}: {error}", cure) from None

    def _csv_rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        csv.field_size_limit(_MAX_FIELD)
        reader = csv.reader(self._text, delimiter=self._mapping.delimiter, quotechar=self._mapping.quote, strict=True)
        try:
            header = next(reader, None)
        except csv.Error as error:
            raise UserError(f"{self._name}: its first line: {error}", "correct the line, or the mapping") from None
        if header is None:
            raise UserError(f"{self._name} is empty", "a CSV file begins with a line of column names")
        if missing := sorted(self._mapping.columns() - set(header)):
            raise UserError(
                f"{self._name} has no column {', '.join(missing)}; it has {', '.join(header)}",
                "correct the column names in the mapping",
            )
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._rejected.add(line, str(error))
                continue
            if not row:
                continue
            if len(row) != len(header):
                self._rejected.add(line, f"has {len(row)} columns, the header {len(header)}")
                continue
            yield line, dict(zip(header, row))

    def _json_rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        columns = self._mapping.columns()
        for line, text in enumerate(self._text, start=1):
            if not text.strip():
                continue
            try:
                row = json.loads(text, parse_float=str, parse_int=str)
            except (ValueError, RecursionError):
                self._rejected.add(line, "is not JSON")
                continue
            if not isinstance(row, dict):
                self._rejected.add(line, "is not a JSON object")
            elif missing := sorted(columns - row.keys()):
                self._rejected.add(line, f"has no {', '.join(missing)}")
            elif wrong := sorted(c for c in columns if not isinstance(row[c], str)):
                self._rejected.add(line, f"{', '.join(wrong)}: neither text nor number")
            else:
                yield line, {c: row[c] for c in columns}


class Rejected:
    """The rows that could not be mapped: each is reported once, with its line."""

    def __init__(self, name: str, out: TextIO):
        self._name = name
        self._out = out
        self.count = 0

    def add(self, line: int, why: str) -> None:
        """Reports a row."""
        self.count += 1
        print(f"{self._name}:{line}: {why}", file=self._out)


def convert(source: Input, mapping: Mapping, rejected: Rejected) -> Iterator[bytes]:
    """The events of a file, one JSON object each, in the file's order."""
    for number, (line, row) in enumerate(source.rows(), start=1):
        try:
            yield mapping.event(row, number)
        except RowError as error:
            rejected.add(line, str(error))


def sorted_by_time(events: Iterator[bytes]) -> Iterator[bytes]:
    """The same events by timestamp; ties keep their order.

    Runs of 200,000 are sorted in memory and merged from temporary files, so a large file needs no more memory than a
    small one.
    """

    def by_time(event: bytes) -> int:
        return json.loads(event)["timestamp"]

    with contextlib.ExitStack() as files:
        runs: list[Iterator[bytes]] = []
        batch: list[bytes] = []
        for event in events:
            batch.append(event)
            if len(batch) == _SORT_ROWS:
                run = files.enter_context(tempfile.TemporaryFile())
                run.writelines(e + b"\n" for e in sorted(batch, key=by_time))
                run.seek(0)
                runs.append(line.rstrip(b"\n") for line in run)
                batch = []
        yield from heapq.merge(*runs, sorted(batch, key=by_time), key=by_time)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="convert",
        description="Maps the columns of a CSV or JSON lines file to shop events, one JSON object a line.",
    )
    parser.add_argument("file", help="FILE.csv, FILE.jsonl, either with .gz; - for standard input")
    parser.add_argument("--mapping", required=True, metavar="M.yaml", help="which column becomes which field, and how")
    parser.add_argument("--output", metavar="FILE", help="where the events go (default: standard output)")
    parser.add_argument("--rejected", metavar="FILE", help="where refused rows are reported (default: standard error)")
    parser.add_argument("--sort", action="store_true", help="put the events in the order of time; streams otherwise")
    parser.add_argument("--quiet", action="store_true", help="no progress, no closing line")
    return parser


def _user_path(path: str) -> str:
    """A path as the user meant it: `bazel run` starts programs in a folder of its own."""
    return os.path.join(os.environ.get("BUILD_WORKING_DIRECTORY", ""), path)


@contextlib.contextmanager
def _opened(path: str | None, mode: str, default: TextIO | BinaryIO) -> Iterator:
    if path is None or path == "-":
        yield default
        return
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(open(_user_path(path), mode))
        except OSError as error:
            raise UserError(f"{path}: {error.strerror}", "check the path and its permissions") from None
        # What goes wrong from here on may be about another file.
        yield file


def _check_apart(args: argparse.Namespace) -> None:
    """To write to the file that is read would empty it first."""
    source = _user_path(args.file)
    for flag, path in (("--output", args.output), ("--rejected", args.rejected)):
        target = path and _user_path(path)
        if target and os.path.isfile(target) and os.path.isfile(source) and os.path.samefile(source, target):
            raise UserError(f"{flag} {path}: that is the file to convert", "name another file")


def _run(args: argparse.Namespace) -> int:
    mapping = load(_user_path(args.mapping))
    _check_apart(args)
    with contextlib.ExitStack() as stack:
        raw = stack.enter_context(_opened(args.file, "rb", sys.stdin.buffer))
        out = stack.enter_context(_opened(args.output, "wb", sys.stdout.buffer))
        console = Console(stderr=True)
        progress = Progress(
            TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(),
            console=console, disable=args.quiet or not console.is_terminal, transient=True,
        )  # fmt: skip
        stack.enter_context(progress)
        total = os.fstat(raw.fileno()).st_size if raw is not sys.stdin.buffer else None
        stream = progress.wrap_file(raw, total=total, description="converting") if total else raw
        rejected = Rejected(args.file, stack.enter_context(_opened(args.rejected, "w", sys.stderr)))
        events = convert(Input(args.file, stream, mapping, rejected), mapping, rejected)
        count = 0
        for event in sorted_by_time(events) if args.sort else events:
            out.write(event + b"\n")
            count += 1
        out.flush()
    if not args.quiet:
        print(f"{count:,} events, {rejected.count:,} rows refused", file=sys.stderr)
    return 1 if rejected.count else 0


def main(argv: list[str] | None = None) -> int:
    """Runs the converter.

    Returns:
        0 when every row became an event, 1 when some were refused or the file is damaged, 2 for a wrong call.
    """
    args = _parser().parse_args(argv)
    try:
        return _run(args)
    except UserError as error:
        print(f"convert: {error}; {error.cure}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a full disk, above all
        print(f"convert: {error.strerror or error}; the events written so far are not all", file=sys.stderr)
        # What is still in the buffer cannot be written either; the interpreter would say so once more.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
