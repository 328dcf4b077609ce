from __future__ import annotations

import threading

import grpc
import pytest

from flinkblocks.engine.workers import quiet_ends


@pytest.mark.parametrize(
    ("thread", "error", "told"),
    [
        ("read_grpc_client_inputs", grpc.RpcError("hanging up"), False),
        ("read_grpc_client_inputs", ValueError("a mistake"), True),
        ("another", grpc.RpcError("hanging up"), True),
    ],
)
def test_only_the_readers_end_without_a_word(monkeypatch, thread, error, told):
    heard = []
    monkeypatch.setattr(threading, "excepthook", heard.append)
    quiet_ends.__wrapped__()
    threading.excepthook(threading.ExceptHookArgs([type(error), error, None, threading.Thread(name=thread)]))
    assert bool(heard) is told
