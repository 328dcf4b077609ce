"""Whether it is the network that fails pip and Maven."""

from __future__ import annotations

import re

#: pip's last attempt at its index, and a file that it was to fetch from elsewhere. `total=0`: it has given up.
_PIP = (
    r"Retrying \(Retry\(total=0,.*after connection broken by '(?:\w*ConnectionError|\w*TimeoutError|ProxyError)",
    r"Max retries exceeded with url: .*\(Caused by (?:\w*ConnectionError|\w*TimeoutError|ProxyError)",
)
#: Maven, for its own plugins and for jars. What a repository answers, `status code: 403`, is another failure.
_MAVEN = (
    r"\[ERROR\] .*Could not transfer artifact .*: .*"
    r"(?:Connection refused|Connection reset|timed out|Unknown host|UnknownHostException|No route to host"
    r"|Name or service not known|Network is unreachable|Temporary failure in name resolution)",
)
_UNREACHABLE = re.compile("|".join([*_PIP, *_MAVEN]))


def unreachable(told: str) -> str | None:
    """The line that says that a registry could not be reached.

    Args:
        told: all that pip or Maven printed.
    """
    return next((line for line in told.splitlines() if _UNREACHABLE.search(line)), None)
