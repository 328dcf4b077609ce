"""States as earlier versions stored them."""

from __future__ import annotations

import base64
import dataclasses
import pickle

import pytest

from flinkblocks.logic import analyses
from flinkblocks.logic.keyed import Kept
from flinkblocks.logic.testing import END, Driver, event

SETTINGS = {
    "allowed-lateness": "200", "session-timeout": "100", "popularity-window": "300", "popularity-slide": "100",
    "popularity-top": "10", "fraud-history": "1000", "velocity-purchases": "3", "velocity-window": "60000",
    "high-amount-purchases": "3", "high-amount-factor": "10", "high-amount-window": "60000", "small-amount": "1.00",
    "large-amount": "500.00", "small-then-large-window": "60000", "many-ips": "3", "many-ips-window": "300000",
}  # fmt: skip

#: Of the key "u" after `begun`, pickled, before windows and sessions had revisions, and events a price.
FIRST_VERSION = {
    "revenue": (
        "gASVswAAAAAAAACMGWZsaW5rYmxvY2tzLmxvZ2ljLndpbmRvd3OUjAVQYW5lc5STlCmBlH2UKIwDa2V5lIwBdZSMBGRvbmWUTX4EjAVwYW5lc5R9"
        "lEsAjBlmbGlua2Jsb2Nrcy5sb2dpYy5yZXZlbnVllIwFU2FsZXOUk5QpgZR9lCiMBm9yZGVyc5RLA4wFdG90YWyUSoDDyQGMB2xhcmdlc3SUSoCW"
        "mACMBXVzZXJzlI+UKGgGkHVic3ViLg=="
    ),
    "popularity": (
        "gASV/AAAAAAAAACMGWZsaW5rYmxvY2tzLmxvZ2ljLndpbmRvd3OUjAVQYW5lc5STlCmBlH2UKIwDa2V5lIwBdZSMBGRvbmWUTX4EjAVwYW5lc5R9"
        "lChN6AN9lIwBeJSMHGZsaW5rYmxvY2tzLmxvZ2ljLnBvcHVsYXJpdHmUjAhJbnRlcmVzdJSTlCmBlH2UKIwHYWN0aW9uc5SMC2NvbGxlY3Rpb25z"
        "lIwHQ291bnRlcpSTlH2UjAhwdXJjaGFzZZRLAXOFlFKUjAV1c2Vyc5SPlChoBpB1YnNNTAR9lGgLaA4pgZR9lChoEWgUfZRoFksCc4WUUpRoGY+U"
        "KGgGkHVic3V1Yi4="
    ),
    "sessions": (
        "gASVJQEAAAAAAACMGmZsaW5rYmxvY2tzLmxvZ2ljLnNlc3Npb25zlIwGVmlzaXRzlJOUKYGUfZQojAR1c2VylIwBdZSMCHNlc3Npb25zlF2UKGgA"
        "jAdTZXNzaW9ulJOUKYGUfZQojAVzdGFydJRN6AOMA2VuZJRN6AOMB2FjdGlvbnOUjAtjb2xsZWN0aW9uc5SMB0NvdW50ZXKUk5R9lIwIcHVyY2hh"
        "c2WUSwFzhZRSlIwIcHJvZHVjdHOUj5QojAF4lJCMB3JldmVudWWUSoCWmACMCmlzX2VtaXR0ZWSUiIwMaXNfcHVibGlzaGVklIh1YmgKKYGUfZQo"
        "aA1NdARoDk2IBGgPaBJ9lGgUSwJzhZRSlGgXj5QoaBmQaBpKAC0xAWgbiWgciXViZXViLg=="
    ),
    "fraud_alerts": (
        "gASVLgEAAAAAAACMGWZsaW5rYmxvY2tzLmxvZ2ljLm9yZGVyZWSUjAVRdWV1ZZSTlCmBlH2UKIwEaGVsZJRdlIwYZmxpbmtibG9ja3MubG9naWMu"
        "ZXZlbnRzlIwFRXZlbnSUk5QojAFjlIwBdZSMAXiUaAxoC4wIcHVyY2hhc2WUTkqAlpgATYgEjBZ7ImlkIjogImMiLCAidCI6IDExNjB9lE1+BE1+"
        "BHSUgZRhjAVrbm93bpSMF2ZsaW5rYmxvY2tzLmxvZ2ljLmZyYXVklIwFQnV5ZXKUk5QpgZR9lCiMBnJlY2VudJRdlGgSjAhQdXJjaGFzZZSTlChN"
        "6AOMAWGUSoCWmABOdJSBlGGMCXB1cmNoYXNlc5RLAYwFdG90YWyUSoCWmACMB2FsZXJ0ZWSUfZR1YnViLg=="
    ),
}


def purchase(timestamp, name):
    return event(timestamp, event_id=name, user_id="u", category="u")


def begun(name):
    driver = Driver(getattr(analyses, name)(SETTINGS))
    driver.send(purchase(1_000, "a")).advance(1_150).send(purchase(1_140, "b"), purchase(1_160, "c"))
    driver.take()
    return driver


def ended(driver):
    """What comes of an event that corrects, one that goes on, and the end."""
    driver.send(purchase(1_090, "d"), purchase(1_170, "e")).advance(END)
    assert driver.keys == {}
    return driver.records


@pytest.mark.parametrize("name", FIRST_VERSION)
def test_a_state_of_the_first_version_goes_on(name):
    restored, expected = begun(name), begun(name)
    restored.keys["u"].state = pickle.loads(base64.b64decode(FIRST_VERSION[name]))
    assert ended(restored) == ended(expected) != []


@dataclasses.dataclass
class Grown(Kept):
    old: int
    new: list[int] = dataclasses.field(default_factory=list)


def test_fields_that_were_not_stored_get_defaults_of_their_own():
    assert pickle.loads(pickle.dumps(Grown(1, [2]))) == Grown(1, [2])
    first, second = Grown.__new__(Grown), Grown.__new__(Grown)
    for grown in (first, second):
        grown.__setstate__({"old": 3})
    first.new.append(4)
    assert (first, second) == (Grown(3, [4]), Grown(3))
