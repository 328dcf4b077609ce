"""Every test is tagged unit or integration: `--test_tag_filters=unit` must leave nothing out unseen."""

_KINDS = ["unit", "integration"]

def tagged(name, tags):
    """The tags of a test, checked.

    An integration test starts an engine or a broker. Mostly it waits for one, so two of them at a time
    take two cores no longer than one; what keeps several processes busy at once says `cpu:2`.

    Args:
      name: of the test, for the message.
      tags: as the test's author gave them.

    Returns:
      The tags for the test rule, as they are.
    """
    if len([t for t in tags if t in _KINDS]) != 1:
        fail("%s: tags must have one of %s, not %s" % (name, " and ".join(_KINDS), tags))
    return tags

def sized(size, tags):
    """The size given, or the usual one: small (60 s) for unit tests, medium (300 s) for integration tests."""
    return size or ("medium" if "integration" in tags else "small")
