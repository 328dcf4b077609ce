"""Module extension `buildifier`: the formatter of BUILD files, from its npm package, where it can be had.

Nothing but a lint test needs it. So a machine without npm gets `missing.txt` with the reason in its
place, and the test skips with that.
"""

_BUILD = """\
filegroup(
    name = "files",
    srcs = glob(["buildifier", "missing.txt"], allow_empty = True),
    visibility = ["//visibility:public"],
)
"""

_AGAIN = "to try again: tools/bazelw fetch --force --repo=@buildifier"

def _binary(rctx):
    """The name of this machine's binary in the package."""
    system = "darwin" if rctx.os.name.startswith("mac") else "linux"
    arch = {"aarch64": "arm64", "amd64": "amd64", "arm64": "arm64", "x86_64": "amd64"}.get(rctx.os.arch, rctx.os.arch)
    return "buildifier-%s_%s" % (system, arch)

def _fetch(rctx):
    """Puts `buildifier` there, or returns why not."""
    npm = rctx.which("npm")
    if not npm:
        return "npm is not on PATH"
    result = rctx.execute([npm, "pack", "--silent", "@bazel/buildifier@" + rctx.attr.version], timeout = 300)
    if result.return_code != 0:
        return "npm could not fetch @bazel/buildifier: " + result.stderr.strip()[-500:]
    archive = "bazel-buildifier-%s.tgz" % rctx.attr.version
    rctx.file("sums", "%s  %s\n" % (rctx.attr.sha256, archive))
    if rctx.execute(["sha256sum", "--check", "--strict", "sums"]).return_code != 0:
        fail("npm's %s is not the file that MODULE.bazel pins by its checksum" % archive)
    rctx.extract(archive, "package", stripPrefix = "package")
    rctx.delete(archive)
    binary = rctx.path("package").get_child(_binary(rctx))
    if not binary.exists:
        return "@bazel/buildifier has no " + binary.basename
    rctx.symlink(binary, "buildifier")
    return None

def _buildifier_impl(rctx):
    problem = _fetch(rctx)
    if problem:
        rctx.file("missing.txt", "no buildifier: %s (%s)\n" % (problem, _AGAIN))
    rctx.file("BUILD.bazel", _BUILD)

_buildifier = repository_rule(
    implementation = _buildifier_impl,
    attrs = {
        "sha256": attr.string(mandatory = True),
        "version": attr.string(mandatory = True),
    },
)

def _extension(mctx):
    for mod in mctx.modules:
        for tag in mod.tags.package:
            _buildifier(name = "buildifier", version = tag.version, sha256 = tag.sha256)

buildifier = module_extension(
    implementation = _extension,
    tag_classes = {
        "package": tag_class(attrs = {
            "sha256": attr.string(mandatory = True),
            "version": attr.string(mandatory = True),
        }),
    },
)
