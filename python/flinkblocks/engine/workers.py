"""PyFlink's workers as they run in an embedded job: threads of the driver."""

from __future__ import annotations

import functools
import threading

import grpc

_READER = "read_grpc_client_inputs"


@functools.cache
def quiet_ends() -> None:
    """Keeps the workers' readers from printing a stack trace when Flink hangs up at the end of a job.

    Whether they do is a race. Why a job has failed is said by Flink, so nothing is lost with it.
    """
    others = threading.excepthook

    def hook(args: threading.ExceptHookArgs) -> None:
        is_reader = args.thread is not None and args.thread.name == _READER
        if not (is_reader and isinstance(args.exc_value, grpc.RpcError)):
            others(args)

    threading.excepthook = hook
