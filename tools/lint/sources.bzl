"""Module extension `sources`: the list of all source files with their checksums, for the lint tests.

A test that named its files through filegroups would miss the package that somebody forgets to name.
So the tests read the source tree as it is, and depend on this list: they run again when a file has
changed, come or gone, and only then.
"""

# Folders of tools and build output. Of hidden folders, .ci alone is source.
_LIST = """\
find . -mindepth 1 \\
  \\( -type d -name '.?*' ! -path ./.ci -o -path './bazel-*' -o -name __pycache__ -o -name node_modules \\) -prune -o \\
  -type f ! -name .bazelrc.user ! -name MODULE.bazel.lock ! -name '*.pyc' -print0 |
  LC_ALL=C sort -z | xargs -0 sha256sum
"""

def _watched(name):
    hidden = name.startswith(".") and name != ".ci"
    return not (hidden or name.startswith("bazel-") or name in ["__pycache__", "node_modules"])

def _sources_impl(rctx):
    root = rctx.workspace_root
    for entry in root.readdir():
        if not entry.is_dir:
            rctx.watch(entry)
        elif _watched(entry.basename):
            rctx.watch_tree(entry)
    result = rctx.execute(["bash", "-o", "pipefail", "-c", _LIST], working_directory = str(root))
    if result.return_code != 0:
        fail("cannot list the source files: " + result.stderr)
    rctx.file("checksums.txt", result.stdout)
    rctx.file("root.txt", str(root) + "\n")
    rctx.file("BUILD.bazel", """\
filegroup(
    name = "sources",
    srcs = [
        "checksums.txt",
        "root.txt",
    ],
    visibility = ["//visibility:public"],
)
""")

_sources = repository_rule(implementation = _sources_impl, local = True)

def _extension(_mctx):
    _sources(name = "sources")

sources = module_extension(implementation = _extension)
