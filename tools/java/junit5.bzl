"""JUnit 5 and jqwik under java_test, and the usual shape of a Java package."""

load("@rules_java//java:defs.bzl", "java_library", "java_test")
load("//tools:test_jvm.bzl", "JVM_FLAG")
load("//tools:test_tags.bzl", "sized", "tagged")

# Everything a harness or property test wants.
_TEST_DEPS = [
    "@maven//:net_jqwik_jqwik_api",
    "@maven//:org_apache_flink_flink_clients",
    "@maven//:org_apache_flink_flink_core_tests",
    "@maven//:org_apache_flink_flink_runtime_tests",
    "@maven//:org_apache_flink_flink_streaming_java",
    "@maven//:org_apache_flink_flink_streaming_java_tests",
    "@maven//:org_apache_flink_flink_test_utils",
    "@maven//:org_junit_platform_junit_platform_console_standalone",
]

# What javac 17 can warn of, but processing, classfile and serial. By name: `all` of a newer JDK is more.
_LINT = [
    "auxiliaryclass",
    "cast",
    "dep-ann",
    "deprecation",
    "divzero",
    "empty",
    "exports",
    "fallthrough",
    "finally",
    "missing-explicit-ctor",
    "module",
    "opens",
    "options",
    "overloads",
    "overrides",
    "path",
    "preview",
    "rawtypes",
    "removal",
    "requires-automatic",
    "requires-transitive-automatic",
    "static",
    "strictfp",
    "synchronization",
    "text-blocks",
    "try",
    "unchecked",
    "varargs",
]

# For a java_library that is no room, too.
JAVACOPTS = [
    # The API of 17, too, and what is deprecated in it: the same on every JDK.
    "--release",
    "17",
    "-Xlint:" + ",".join(_LINT),
    "-Werror",
]

def java_junit5_test(name, test_class, runtime_deps = [], jvm_flags = [], size = None, tags = ["unit"], **kwargs):
    """One test class.

    Args:
      name: of the target.
      test_class: its full name.
      runtime_deps: as of java_test.
      jvm_flags: as of java_test.
      size: Bazel's size; small for a unit test, medium for an integration test.
      tags: with `unit` or `integration` among them.
      **kwargs: for java_test.
    """
    java_test(
        name = name,
        size = sized(size, tags),
        args = [test_class],
        # Serial collection needs no threads of its own.
        jvm_flags = [
            JVM_FLAG,
            "-XX:+UseSerialGC",
        ] + jvm_flags,
        main_class = "io.flinkblocks.tools.JUnit5Runner",
        runtime_deps = runtime_deps + ["//tools/java:junit5_runner"],
        tags = tagged(name, tags),
        use_testrunner = False,
        **kwargs
    )

def java_room(
        name,
        deps = [],
        test_deps = [],
        test_size = None,
        test_tags = ["unit"],
        test_data = [],
        integration_tests = [],
        **kwargs):
    """A library of a package's sources, and a test target for each *Test.java beside them.

    Args:
      name: the library's name.
      deps: of the library; the tests see them too.
      test_deps: of the tests alone.
      test_size: Bazel's size of each test; by its tags unless given.
      test_tags: unit, or integration for what starts real parts.
      test_data: runfiles of the tests.
      integration_tests: the *Test.java that start real parts, in a room of unit tests.
      **kwargs: for the library.
    """
    java_library(
        name = name,
        srcs = native.glob(["*.java"], exclude = ["*Test.java", "Testing*.java"]),
        javacopts = JAVACOPTS,
        visibility = ["//visibility:public"],
        deps = deps,
        **kwargs
    )
    common = deps + test_deps + _TEST_DEPS + [":" + name]
    helpers = native.glob(["Testing*.java"], allow_empty = True)
    if helpers:
        java_library(
            name = name + "_testing",
            testonly = True,
            srcs = helpers,
            javacopts = JAVACOPTS,
            visibility = ["//visibility:public"],
            deps = _unique(common),
        )
        common = common + [":" + name + "_testing"]
    package = native.package_name().removeprefix("java/").replace("/", ".")
    sources = native.glob(["*Test.java"], allow_empty = True)
    for source in integration_tests:
        if source not in sources:
            fail("integration_tests of %s: no %s here" % (name, source))
    for source in sources:
        test = source.removesuffix(".java")
        java_junit5_test(
            name = test,
            size = test_size,
            srcs = [source],
            data = test_data,
            javacopts = JAVACOPTS,
            tags = ["integration"] if source in integration_tests else test_tags,
            test_class = package + "." + test,
            deps = _unique(common),
        )

    # By one name for all rooms: tools/copy_block takes the tests of a block's rooms along.
    native.test_suite(
        name = "room_tests",
        visibility = ["//visibility:public"],
    )

def _unique(labels):
    return {label: None for label in labels}.keys()
