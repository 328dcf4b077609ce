"""A block's Java main: the library, the program, and the jar that goes to a cluster."""

load("@rules_java//java:defs.bzl", "java_binary", "java_library")

# The JVM of flink/conf/local/config.yaml; a test compares the two.
_JVM_FLAGS = [
    "-Xmx640m",
    "-XX:+UseSerialGC",
    "-XX:MaxMetaspaceSize=256m",
    "-XX:+ExitOnOutOfMemoryError",
] + ["--add-opens=java.base/%s=ALL-UNNAMED" % package for package in [
    "java.lang",
    "java.net",
    "java.io",
    "java.nio",
    "sun.nio.ch",
    "java.time",
    "java.util",
    "java.util.concurrent",
    "java.util.concurrent.atomic",
]]

def java_block(name, flags, deps = []):
    """A block with a Java main of the same name.

    Args:
      name: of the program and its class in io.flinkblocks.blocks; the source is <name>.java.
      flags: the flag_table of the block.
      deps: what it is composed of.
    """
    java_library(
        name = name + "_lib",
        srcs = [name + ".java"],
        javacopts = [
            "-Xlint:all,-processing,-classfile,-serial",
            "-Werror",
        ],
        runtime_deps = [flags],
        deps = deps + [
            ":flink_common",
            "//java/io/flinkblocks/config",
            "//java/io/flinkblocks/run",
            "@maven//:org_apache_flink_flink_streaming_java",
        ],
    )

    # <name>_job_deploy.jar, without what a Flink distribution has already.
    java_binary(
        name = name + "_job",
        create_executable = False,
        deploy_env = ["@maven//:provided_env"],
        runtime_deps = [":" + name + "_lib"],
    )
    job_jar = ":%s_job_deploy.jar" % name
    java_binary(
        name = name,
        data = [job_jar],
        jvm_flags = _JVM_FLAGS + [
            "-Dlog4j2.configurationFile=flink/conf/local/log4j-cli.properties",
            "-Dflinkblocks.job.jar=$(rlocationpath %s)" % job_jar,
        ],
        main_class = "io.flinkblocks.blocks." + name,
        runtime_deps = [
            ":%s_lib" % name,
            ":conf",
            "@maven//:org_apache_flink_flink_statebackend_rocksdb",
            "@maven//:org_apache_logging_log4j_log4j_slf4j_impl",
        ],
    )
