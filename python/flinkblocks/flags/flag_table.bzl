"""A block's flags for its Java program, from their one declaration in Python."""

load("@rules_java//java:defs.bzl", "java_library")
load("@rules_python//python:defs.bzl", "py_binary")

def _table_impl(ctx):
    out = ctx.actions.declare_file(ctx.attr.block + ".flags.json")
    ctx.actions.run(
        executable = ctx.executable.writer,
        arguments = [ctx.attr.flags, out.path],
        outputs = [out],
        mnemonic = "FlagTable",
        progress_message = "Writing the flags of " + ctx.attr.block,
    )
    return DefaultInfo(files = depset([out]))

_table = rule(
    implementation = _table_impl,
    attrs = {
        "block": attr.string(mandatory = True),
        "flags": attr.string(mandatory = True),
        # Not for the execution platform: a driver brings the Java core, which would be built a second time.
        "writer": attr.label(cfg = "target", executable = True, mandatory = True),
    },
)

def flag_table(name, flags, block, deps, **kwargs):
    """The resource <block>.flags.json, in a Java library without code, which a Java main has in its runtime_deps.

    Args:
      name: of the library; <name>_json is the file.
      flags: the class, as module:Class.
      block: its block's name.
      deps: the Python library with the class.
      **kwargs: for both.
    """
    py_binary(
        name = name + "_writer",
        srcs = ["//python/flinkblocks/flags:table_main.py"],
        main = "//python/flinkblocks/flags:table_main.py",
        deps = deps + ["//python/flinkblocks/flags"],
        **kwargs
    )
    _table(
        name = name + "_json",
        block = block,
        flags = flags,
        writer = ":" + name + "_writer",
        **kwargs
    )
    java_library(
        name = name,
        resource_strip_prefix = native.package_name(),
        resources = [":" + name + "_json"],
        **kwargs
    )
