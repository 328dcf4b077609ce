"""Module extension `pypi`: one venv from a hash-pinned lock, shown to Bazel as a Python toolchain.

Every distribution of the lock is an empty py_library (`@pypi//:apache_flink`): a target's deps say
what it uses, and the interpreter of the toolchain has all of it. Not one file of the venv goes
through Bazel, which would else put 15,000 links into the runfiles of each test.
"""

_BUILD_HEAD = """\
load("@rules_python//python:defs.bzl", "py_library", "py_runtime", "py_runtime_pair")

package(default_visibility = ["//visibility:public"])

# A platform runtime: an absolute path, so the venv's files are no inputs of any action.
# The path names the lock's digest: another lock is another path, so that everything that runs Python runs again.
py_runtime(
    name = "py3_runtime",
    interpreter_path = "{python}",
    python_version = "PY3",
    stub_shebang = "#!/usr/bin/env python3",
)

py_runtime_pair(
    name = "py_runtime_pair",
    py3_runtime = ":py3_runtime",
)

toolchain(
    name = "py_toolchain",
    toolchain = ":py_runtime_pair",
    toolchain_type = "@bazel_tools//tools/python:toolchain_type",
)
"""

# Every file by its hash, no resolving, and source distributions built with the locked build tools only.
_INSTALL = ["--no-deps", "--no-build-isolation", "--require-hashes", "-r"]

# Of the user's settings, those that would lead an installer out of the venv are switched off; mirrors,
# proxies and certificates stay.
_ENVIRONMENT = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PIP_USER": "0",
    "PYTHONHOME": "",
    "PYTHONPATH": "",
    "VIRTUAL_ENV": "",
}

_TIMEOUT_SECONDS = 3600

# What Debian splits off (venv, ensurepip) counts as missing; a shim (pyenv) is seen through.
_PROBE = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2], sys.executable)"

_DIGEST = """\
import hashlib, sys, sysconfig
digest = hashlib.sha256((sys.version + sysconfig.get_platform()).encode())
for name in sys.argv[1:]:
    with open(name, "rb") as file:
        digest.update(file.read())
print(digest.hexdigest()[:12])
"""

def _execute(rctx, args):
    return rctx.execute(args, timeout = _TIMEOUT_SECONDS, environment = _ENVIRONMENT)

def _run(rctx, args, what):
    result = _execute(rctx, args)
    if result.return_code != 0:
        fail("%s failed (exit code %d)\n%s\n%s" % (
            what,
            result.return_code,
            result.stdout[-3000:],
            result.stderr[-5000:],
        ))
    return result.stdout

def _find_python(rctx):
    """The path of the first Python of a supported version, in the order of preference."""
    versions = rctx.attr.python_versions
    override = rctx.os.environ.get("PROJECT_PYTHON")
    names = [override] if override else ["python" + v for v in versions] + ["python3"]
    for name in names:
        path = rctx.path(name) if name.startswith("/") else rctx.which(name)
        if not path or not path.exists:
            continue
        answer = _execute(rctx, [path, "-c", _PROBE]).stdout.strip()
        version, _, executable = answer.partition(" ")
        if version in versions:
            return executable
    fail(("No Python %s with venv and ensurepip found (tried %s). Install one (Debian: python3 and " +
          "python3-venv), or set PROJECT_PYTHON to the absolute path of one.") % (
        ", ".join(versions),
        ", ".join(names),
    ))

def _distributions(lock):
    """The names of the distributions in a lock, as target names."""
    names = []
    for line in lock.split("\n"):
        if line and line[0].isalnum() and "==" in line:
            name = line.split("==")[0].split("[")[0].strip().lower()
            names.append(name.replace("-", "_").replace(".", "_"))

    # A distribution stands there once for each Python version that wants another version of it.
    return {name: None for name in names}.keys()

def _install(rctx, python, lock):
    """Installs the lock with uv, or with pip where uv cannot.

    uv knows nothing of pip's configuration, which is where a company's mirror is named; pip takes
    several times as long. Both check the same hashes. Bytecode is compiled here, since the venv is
    read-only for whatever runs later.
    """
    uv = rctx.path(python).dirname.get_child("uv")
    command = [uv, "pip", "install", "-q", "--python", python, "--compile-bytecode"]
    fast = _execute(rctx, command + _INSTALL + [lock])
    if fast.return_code != 0:
        # buildifier: disable=print
        print("uv could not install the Python packages, trying pip:\n" + fast.stderr[-1500:])
        rctx.report_progress("installing with pip, since uv could not")
        _run(
            rctx,
            [python, "-m", "pip", "install", "-q"] + _INSTALL + [lock],
            "installing the locked packages with pip",
        )

def _venv_impl(rctx):
    base = _find_python(rctx)
    lock = rctx.path(rctx.attr.lock)
    bootstrap = rctx.path(rctx.attr.bootstrap_lock)
    digest = _run(rctx, [base, "-c", _DIGEST, lock, bootstrap], "hashing the lock").strip()
    venv = rctx.path("venv-" + digest)
    python = str(venv.get_child("bin").get_child("python"))
    names = _distributions(rctx.read(lock))
    rctx.report_progress("creating a venv of " + base)
    _run(rctx, [base, "-m", "venv", venv], "python -m venv")
    _run(
        rctx,
        [python, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", bootstrap],
        "installing the build tools",
    )
    rctx.report_progress("installing %d Python packages" % len(names))
    _install(rctx, python, lock)
    _run(rctx, [python, "-m", "pip", "check"], "pip check")
    libraries = ['py_library(name = "%s")' % name for name in names]
    rctx.file("BUILD.bazel", "\n".join([_BUILD_HEAD.format(python = python)] + libraries) + "\n")

_venv = repository_rule(
    implementation = _venv_impl,
    attrs = {
        "bootstrap_lock": attr.label(mandatory = True, allow_single_file = True),
        "lock": attr.label(mandatory = True, allow_single_file = True),
        "python_versions": attr.string_list(mandatory = True),
    },
    # A Python replaced in place is not noticed: `fetch --force --repo=@pypi` makes the venv anew.
    environ = ["PROJECT_PYTHON"],
)

def _pypi_impl(mctx):
    for mod in mctx.modules:
        for tag in mod.tags.venv:
            _venv(
                name = tag.name,
                bootstrap_lock = tag.bootstrap_lock,
                lock = tag.lock,
                python_versions = tag.python_versions,
            )

pypi = module_extension(
    implementation = _pypi_impl,
    tag_classes = {
        "venv": tag_class(attrs = {
            "bootstrap_lock": attr.label(mandatory = True),
            "lock": attr.label(mandatory = True),
            "name": attr.string(mandatory = True),
            "python_versions": attr.string_list(mandatory = True),
        }),
    },
)
