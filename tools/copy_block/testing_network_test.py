from __future__ import annotations

import pytest

from tools.copy_block.testing_network import unreachable

RETRY = "WARNING: Retrying (Retry(total={}, connect=None, read=None)) after connection broken by '{}': /simple/six/"
NO_NAME = "NewConnectionError('<HTTPSConnection at 0x7f>: Failed to establish a new connection: [Errno -2] Name or …')"
REFUSED = "ProxyError('Cannot connect to proxy.', NewConnectionError('…: [Errno 111] Connection refused'))"
TRANSFER = (
    "[ERROR] Plugin a:b:1 or one of its dependencies could not be resolved: Could not transfer artifact a:b:pom:1 "
)
TRANSFER += "from/to central (https://maven.example): transfer failed for https://maven.example/a.pom: {} -> [Help 1]"


@pytest.mark.parametrize(
    "line",
    [
        RETRY.format(0, NO_NAME),
        RETRY.format(0, REFUSED),
        RETRY.format(0, "ConnectTimeoutError('…')"),
        f"ConnectionError: HTTPSConnectionPool(…): Max retries exceeded with url: /six.whl (Caused by {NO_NAME})",
        TRANSFER.format("Connect to 127.0.0.1:9 [/127.0.0.1] failed: Connection refused"),
        TRANSFER.format("maven.example: Name or service not known"),
        TRANSFER.format("Connect to maven.example:443 failed: connect timed out"),
    ],
)
def test_the_network_fails_them(line):
    assert unreachable(f"before\n{line}\nERROR: No matching distribution found for six==1.16.0\n") == line


@pytest.mark.parametrize(
    "line",
    [
        # The next attempt went well, and then the checksum was wrong.
        RETRY.format(1, NO_NAME) + "\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
        "ERROR: No matching distribution found for six==1.16.0",
        RETRY.format(0, "SSLError(SSLCertVerificationError(1, 'certificate verify failed'))"),
        TRANSFER.format("status code: 403, reason phrase: Forbidden (403)"),
        TRANSFER.format("Checksum validation failed, expected '1' but is actually '2'"),
        # What a test of the project's own logs.
        "[ERROR] ATest.a:12 java.net.UnknownHostException: broker: Name or service not known",
        "org.apache.kafka.common.errors.TimeoutException: Connection refused",
        "[ERROR] COMPILATION ERROR :",
    ],
)
def test_something_else_fails_them(line):
    assert unreachable(line) is None
