"""The arm `pyflink`: revenue by category and minute as one writes it in PyFlink's DataStream API alone.

It is called as python_process.py says, and runs as PyFlink does by default: in process mode, with embedded workers as
threads of this process (loopback).

Everything that is pickled for Python workers is defined here, in __main__: the workers need no module of ours.
"""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import sys
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from flinkblocks.core import gateway

# PyFlink's own default, which the blocks do without (noqa: SIM112, the name is PyFlink's).
os.environ["_python_worker_execution_mode"] = "loopback"  # noqa: SIM112
# pyflink takes its Flink from the environment that this sets up, so it is imported after it (noqa: E402).
gateway.start(pathlib.Path(os.environ["FLINK_LOG_DIR"]))

from pyflink.common import Configuration, Duration, Encoder, Time, Types, WatermarkStrategy  # noqa: E402
from pyflink.common.watermark_strategy import TimestampAssigner  # noqa: E402
from pyflink.datastream import (  # noqa: E402
    AggregateFunction,
    OutputTag,
    ProcessFunction,
    ProcessWindowFunction,
    StreamExecutionEnvironment,
)
from pyflink.datastream.connectors.file_system import FileSink, FileSource, StreamFormat  # noqa: E402
from pyflink.datastream.window import TumblingEventTimeWindows  # noqa: E402

from tools.bench.python_process import Run, serve  # noqa: E402

TEXTS = ("event_id", "user_id", "session_id", "product_id", "category", "action")
CENTS, MICROS = Decimal("0.01"), Decimal("0.000001")
MAX_TIME = 253402300800000


def parsed_type():
    """The type of what is parsed; a new one, as one that was used cannot be pickled."""
    return Types.TUPLE([Types.LONG(), Types.STRING(), Types.STRING(), Types.STRING(), Types.BIG_DEC()])


class Parse(ProcessFunction):
    """Lines to (timestamp, category, user, action, amount); what is no valid event goes to a side output."""

    def __init__(self, dead):
        """Takes the tag of the side output."""
        self._dead = dead

    def process_element(self, line, context):
        """Parses and checks one line."""
        try:
            event = json.loads(line, parse_float=Decimal)
            price = Decimal(event["price"]).quantize(MICROS, ROUND_HALF_EVEN)
            quantity, timestamp = event["quantity"], event["timestamp"]
            texts = [event[name] for name in TEXTS]
            valid = (
                all(isinstance(text, str) and 0 < len(text.encode()) <= 256 for text in texts)
                and type(quantity) is int
                and type(timestamp) is int
                and price >= 0
                and 1 <= quantity <= 1_000_000
                and price * quantity <= 1_000_000_000
                and 0 < timestamp < MAX_TIME
            )
        except (ValueError, KeyError, TypeError, ArithmeticError):
            valid = False
        if not valid:
            yield self._dead, json.dumps({"reason": "invalid", "value": line})
        else:
            yield timestamp, event["category"], event["user_id"], event["action"], price * quantity


class EventTime(TimestampAssigner):
    """The timestamp is an event's own."""

    def extract_timestamp(self, value, record_timestamp):
        """Milliseconds since the epoch."""
        return value[0]


class Totals(AggregateFunction):
    """Orders, total, maximum, users."""

    def create_accumulator(self):
        """Nothing yet."""
        return 0, Decimal(0), Decimal(0), set()

    def add(self, value, accumulator):
        """Adds a purchase."""
        orders, total, largest, users = accumulator
        users.add(value[2])
        return orders + 1, total + value[4], max(largest, value[4]), users

    def get_result(self, accumulator):
        """The accumulator itself."""
        return accumulator

    def merge(self, a, b):
        """Both together."""
        return a[0] + b[0], a[1] + b[1], max(a[2], b[2]), a[3] | b[3]


class Emit(ProcessWindowFunction):
    """One JSON object for a category and window."""

    def process(self, key, context, elements):
        """Formats the totals."""
        orders, total, largest, users = next(iter(elements))
        average = (total / orders).quantize(CENTS, ROUND_HALF_UP)
        window = context.window()
        # json knows no Decimal.
        yield (
            f'{{"window_key":{json.dumps(key)},"window_start":{window.start},"window_end":{window.end},'
            f'"total_revenue":{total:f},"order_count":{orders},"unique_users":{len(users)},'
            f'"avg_order_value":{average:f},"max_order_value":{largest:f}}}'
        )


def options(order: Run) -> dict[str, str]:
    """What is set; the other options, the execution mode among them, are PyFlink's own."""
    found = {
        "parallelism.default": "1",
        "python.executable": sys.executable,
        "python.client.executable": sys.executable,
        # Watermarks wait for the end of a bundle.
        "python.fn-execution.bundle.time": "200",
        "state.backend.type": order.backend,
    }
    if order.checkpoint_seconds:
        found["execution.checkpointing.interval"] = f"{order.checkpoint_seconds} s"
        found["execution.checkpointing.dir"] = order.checkpoints.as_uri()
        found["execution.checkpointing.incremental"] = str(order.backend == "rocksdb").lower()
    return found


def run(order: Run) -> None:
    """Runs the job once over a file."""
    if order.analyses != ("revenue",):
        raise ValueError(f"no analyses {order.analyses}")
    shutil.rmtree(order.out, ignore_errors=True)
    conf = Configuration()
    for key, value in options(order).items():
        conf.set_string(key, value)
    env = StreamExecutionEnvironment.get_execution_environment(conf)
    dead, late = OutputTag("dead-letter", Types.STRING()), OutputTag("late-events", parsed_type())
    source = FileSource.for_record_stream_format(StreamFormat.text_line_format(), order.path).build()
    parsed = env.from_source(source, WatermarkStrategy.no_watermarks(), "source").process(
        Parse(dead), output_type=parsed_type()
    )
    watermarks = WatermarkStrategy.for_bounded_out_of_orderness(Duration.of_seconds(5))
    results = (
        parsed.assign_timestamps_and_watermarks(watermarks.with_timestamp_assigner(EventTime()))
        .filter(lambda event: event[3] == "purchase")
        .key_by(lambda event: event[1], key_type=Types.STRING())
        .window(TumblingEventTimeWindows.of(Time.minutes(1)))
        .side_output_late_data(late)
        .aggregate(
            Totals(),
            window_function=Emit(),
            accumulator_type=Types.PICKLED_BYTE_ARRAY(),
            output_type=Types.STRING(),
        )
    )
    write(results, order.out / "revenue-metrics")
    write(results.get_side_output(late).map(str, output_type=Types.STRING()), order.out / "late-events")
    write(parsed.get_side_output(dead), order.out / "dead-letter")
    env.execute("pyflink-revenue")


def write(lines, folder: pathlib.Path) -> None:
    """Writes an output's lines to its folder."""
    sink = FileSink.for_row_format(str(folder), Encoder.simple_string_encoder()).build()
    lines.sink_to(sink)


if __name__ == "__main__":
    serve(run, sys.argv[1:])
    # PyFlink's JVM would outlive a normal end by some seconds.
    sys.stdout.flush()
    os._exit(0)
