"""Every test is tagged unit or integration: `--test_tag_filters=unit` must leave nothing out unseen."""

_KINDS = ["unit", "integration"]

def tagged(name, tags):
    """The tags of a test, completed.

    An integration test starts an engine or a broker: it gets two CPUs, so that two of them on a
    small machine run one after the other rather than into their timeouts. Those that mostly wait
    for one process say `cpu:1`.

    Args:
      name: of the test, for the message.
      tags: as the test's author gave them.

    Returns:
      The tags for the test rule.
    """
    if len([t for t in tags if t in _KINDS]) != 1:
        fail("%s: tags must have one of %s, not %s" % (name, " and ".join(_KINDS), tags))
    if "integration" in tags and not [t for t in tags if t.startswith("cpu:")]:
        return tags + ["cpu:2"]
    return tags

def sized(size, tags):
    """The size given, or the usual one: small (60 s) for unit tests, medium (300 s) for integration tests."""
    return size or ("medium" if "integration" in tags else "small")
