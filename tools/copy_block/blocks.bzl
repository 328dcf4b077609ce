"""The blocks that can be copied, and a rule that says which files they are made of.

The list of files is the build's own: an aspect walks from the block's programs and tests along
whatever they depend on, so that a file that the block comes to need is in the next copy.
"""

load("@bazel_skylib//rules:write_file.bzl", "write_file")

# What a copied block consists of:
#   driver      the Python program
#   main        the library of the Java program; main_class is its class
#   core        the jar of the Java core that the driver takes
#   flag_table  the generated flags of the Java program
#   tests       the block's own, of which the copy's README names two: <Main>Test, and pytest's with Workflow in their
#               names; those of the rooms that it uses come along by themselves
BLOCKS = {
    "streaming_analytics": {
        "core": "//java/io/flinkblocks:core",
        "driver": "//flink/python:streaming_analytics",
        "flag_table": "//flink/python:streaming_analytics_flags_json",
        "main": "//flink/java:StreamingAnalytics_lib",
        "main_class": "io.flinkblocks.blocks.StreamingAnalytics",
        "tests": [
            "//flink/java:StreamingAnalyticsTest",
            "//flink/python:engines_test",
            "//flink/python:flink_common_test",
            "//flink/python:streaming_analytics_test",
        ],
    },
    "windowing_aggregations": {
        "core": "//java/io/flinkblocks:core",
        "driver": "//flink/python:windowing_aggregations",
        "flag_table": "//flink/python:windowing_aggregations_flags_json",
        "main": "//flink/java:WindowingAggregations_lib",
        "main_class": "io.flinkblocks.blocks.WindowingAggregations",
        "tests": [
            "//flink/java:WindowingAggregationsTest",
            "//flink/python:flink_common_test",
            "//flink/python:windowing_aggregations_test",
            "//flink/python:windowing_aggregations_workflow_test",
            "//flink/python:windowing_engines_test",
        ],
    },
}

_ROOMS_TESTS = [
    "//java/io/flinkblocks:rooms_tests",
    "//python/flinkblocks:rooms_tests",
]

# Attributes through which a target gets files. The tests that a test_suite does not name are in the last one.
_ATTRIBUTES = [
    "actual",
    "data",
    "deploy_env",
    "deps",
    "exports",
    "main",
    "resources",
    "runtime_deps",
    "srcs",
    "tests",
    "writer",
    "_implicit_tests",
]

_TargetsInfo = provider(
    "The targets of this repository that a target depends on, itself among them.",
    fields = {
        "all": "depset of structs: label, kind, tags, files (paths of sources), deps (labels)",
        "label": "of the rule, also where a file that it makes was asked for",
    },
)

def _text(label):
    """A label without the @@ of the main repository."""
    return str(label).removeprefix("@@").removeprefix("@")

def _inputs(attributes):
    """The targets in the attributes of a rule."""
    found = []
    for name in _ATTRIBUTES:
        value = getattr(attributes, name, None)
        if type(value) == "Target":
            found.append(value)
        elif type(value) == "list":
            found += [target for target in value if type(target) == "Target"]
    return found

def _targets_impl(target, ctx):
    if target.label.workspace_name:
        return [_TargetsInfo(all = depset(), label = _text(target.label))]
    files, deps, further = [], [], []
    for each in _inputs(ctx.rule.attr):
        sources = [f.path for f in each.files.to_list() if f.is_source and not f.owner.workspace_name]
        if _TargetsInfo in each:
            deps.append(each[_TargetsInfo].label)
            further.append(each[_TargetsInfo].all)
        else:
            files += sources
    this = struct(
        label = _text(target.label),
        kind = ctx.rule.kind,
        tags = tuple(ctx.rule.attr.tags),
        files = tuple(files),
        deps = tuple(deps),
    )
    return [_TargetsInfo(all = depset([this], transitive = further), label = this.label)]

_targets = aspect(
    implementation = _targets_impl,
    # A jar that another rule makes is followed to that rule.
    apply_to_generating_rules = True,
    attr_aspects = _ATTRIBUTES,
)

def _graph_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name + ".json")
    targets = depset(transitive = [root[_TargetsInfo].all for root in ctx.attr.roots])
    ctx.actions.write(out, json.encode_indent(targets.to_list()) + "\n")
    return DefaultInfo(files = depset([out]))

_graph = rule(
    implementation = _graph_impl,
    attrs = {"roots": attr.label_list(aspects = [_targets])},
)

def block_tables(name):
    """What the program reads: BLOCKS, the targets that they depend on (graph.json), and their flag tables.

    Args:
      name: of the table of BLOCKS, <name>.json.
    """
    write_file(
        name = name,
        out = name + ".json",
        content = [json.encode_indent(BLOCKS), ""],
    )
    roots = {label: None for label in _ROOMS_TESTS}
    for block in BLOCKS.values():
        for label in [block["driver"], block["main"], block["core"]] + block["tests"]:
            roots[label] = None
    _graph(
        name = "graph",
        testonly = True,
        roots = roots.keys(),
    )
    native.filegroup(
        name = "flag_tables",
        srcs = [block["flag_table"] for block in BLOCKS.values()],
    )
