"""Module extension `maven`: jars fetched by the machine's Maven, checked against a lock, shown as java_import.

`@maven//:org_apache_kafka_kafka_clients` stands for org.apache.kafka:kafka-clients; a classifier is a
suffix (`_tests`, `_all_deps`). Each pom is a repository of its own, with versions of its own. Maven finds
the jars as its user's settings say (mirrors, proxies).
"""

_HEAD = """\
load("@rules_java//java:defs.bzl", "java_binary", "java_import")

package(default_visibility = ["//visibility:public"])
"""

_IMPORT = """
java_import(
    name = "{name}",
    jars = ["jars/{path}"],
    exports = {exports},
    tags = ["maven_coordinates={coordinates}"],
)
"""

_PROVIDED = """
# What a Flink distribution has already: the deploy_env of a java_binary leaves it out of the jar.
java_binary(
    name = "provided_env",
    create_executable = False,
    runtime_deps = {provided},
)
"""

_RELOCK = "After a change of a pom run: tools/bazelw run //tools/java:lock"

_TIMEOUT_SECONDS = 1800

def _target_name(key):
    """group:artifact[:classifier] as a target's name."""
    for char in [":", "-", "."]:
        key = key.replace(char, "_")
    return key

def _find_maven(rctx):
    override = rctx.os.environ.get("PROJECT_MVN")
    mvn = override or rctx.which("mvn")
    if not mvn:
        fail("Maven is not on PATH: install Maven 3.6.3 or newer (Debian: maven), or set PROJECT_MVN to its mvn.")
    return mvn

def _check_pom(rctx, pom, lock):
    have = rctx.execute(["sha256sum", pom])
    if have.return_code != 0:
        fail("sha256sum (coreutils) failed: " + have.stderr)
    if have.stdout.split(" ")[0].lstrip("\\") != lock["pom_sha256"]:
        fail("%s was not made from this %s. %s" % (rctx.attr.lock.name, rctx.attr.pom.name, _RELOCK))

def _fetch(rctx, mvn, plugin):
    result = rctx.execute([
        mvn,
        "-B",
        "-q",
        "-f",
        "pom.xml",
        plugin + ":copy-dependencies",
        "-Dmdep.useRepositoryLayout=true",
        "-DoutputDirectory=" + str(rctx.path("jars")),
    ], timeout = _TIMEOUT_SECONDS)
    if result.return_code != 0:
        fail("Maven could not fetch the jars (exit code %d)\n%s\n%s" % (
            result.return_code,
            result.stdout[-4000:],
            result.stderr[-4000:],
        ))

def _check_jars(rctx, jars):
    """Fails unless the folder holds exactly the jars of the lock, each with its checksum."""
    rctx.file("sums", "".join(["%s  jars/%s\n" % (jar["sha256"], jar["path"]) for jar in jars]))
    result = rctx.execute(["sha256sum", "--check", "--quiet", "--strict", "sums"])
    if result.return_code != 0:
        fail("a jar differs from %s. %s\n%s%s" % (rctx.attr.lock.name, _RELOCK, result.stdout, result.stderr))
    locked = {"jars/" + jar["path"]: None for jar in jars}
    found = rctx.execute(["find", "jars", "-name", "*.jar"]).stdout.strip().split("\n")
    extra = [path for path in found if path not in locked]
    if extra:
        fail("not in %s: %s. %s" % (rctx.attr.lock.name, ", ".join(extra), _RELOCK))

def _build_file(jars):
    targets = [_HEAD]
    for key, jar in jars.items():
        targets.append(_IMPORT.format(
            name = _target_name(key),
            path = jar["path"],
            # Direct dependencies come along, as they do in Maven.
            exports = [":" + _target_name(dep) for dep in jar["deps"]],
            coordinates = "%s:%s" % (key, jar["version"]),
        ))
    targets.append(_PROVIDED.format(
        provided = [":" + _target_name(key) for key, jar in jars.items() if jar["scope"] == "provided"],
    ))
    return "".join(targets)

def _maven_impl(rctx):
    lock = json.decode(rctx.read(rctx.attr.lock))
    pom = rctx.path(rctx.attr.pom)
    mvn = _find_maven(rctx)
    _check_pom(rctx, pom, lock)
    rctx.symlink(pom, "pom.xml")
    rctx.report_progress("fetching %d jars with Maven" % len(lock["jars"]))
    _fetch(rctx, mvn, lock["plugin"])
    _check_jars(rctx, lock["jars"].values())
    rctx.file("BUILD.bazel", _build_file(lock["jars"]))

_maven_repo = repository_rule(
    implementation = _maven_impl,
    attrs = {
        "lock": attr.label(mandatory = True, allow_single_file = True),
        "pom": attr.label(mandatory = True, allow_single_file = True),
    },
    environ = ["PROJECT_MVN"],
)

def _ext_impl(mctx):
    for mod in mctx.modules:
        for tag in mod.tags.install:
            _maven_repo(name = tag.name, lock = tag.lock, pom = tag.pom)

maven = module_extension(
    implementation = _ext_impl,
    tag_classes = {
        "install": tag_class(attrs = {
            "lock": attr.label(mandatory = True),
            "name": attr.string(mandatory = True),
            "pom": attr.label(mandatory = True),
        }),
    },
)
