from __future__ import annotations

import json

from tools.copy_block import pom
from tools.copy_block.graph import Contents

POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <properties><flink.version>2.2.1</flink.version><!-- more --><x>a&amp;b</x></properties>
  <dependencies>
    <dependency><groupId>f</groupId><artifactId>flink-core</artifactId><version>${flink.version}</version><scope>provided</scope></dependency>
    <dependency><groupId>f</groupId><artifactId>flink-core</artifactId><version>${flink.version}</version><classifier>tests</classifier><scope>test</scope>
      <exclusions><exclusion><groupId>org.junit.*</groupId><artifactId>*</artifactId></exclusion></exclusions>
    </dependency>
    <dependency><groupId>k</groupId><artifactId>kafka_2.13</artifactId><version>4</version><scope>runtime</scope></dependency>
    <dependency><groupId>u</groupId><artifactId>unused</artifactId><version>1</version></dependency>
    <dependency><groupId>org.junit.platform</groupId><artifactId>junit-platform-console-standalone</artifactId><version>1.13.4</version><scope>test</scope></dependency>
  </dependencies>
</project>
"""


def jar(version, scope, deps=()):
    return {"version": version, "scope": scope, "deps": list(deps)}


LOCK = json.dumps({
    "jars": {
        "f:flink-core": jar("2.2.1", "provided", ["s:slf4j-api"]),
        "f:flink-core:tests": jar("2.2.1", "test"),
        "k:kafka_2.13": jar("4", "runtime", ["k:kafka-raft"]),
        "k:kafka-raft": jar("4", "runtime"),
        "org.junit.platform:junit-platform-console-standalone": jar("1.13.4", "test"),
        "s:slf4j-api": jar("1.7", "provided"),
        "u:unused": jar("1", "compile", ["y:snakeyaml"]),
        "y:snakeyaml": jar("2.4", "compile"),
    }
})  # fmt: skip
CONTENTS = Contents(
    files=frozenset(),
    packages=frozenset(),
    jars=frozenset({"f_flink_core", "y_snakeyaml", "provided_env"}),
    test_jars=frozenset({"f_flink_core_tests", "k_kafka_2_13", "org_junit_platform_junit_platform_console_standalone"}),
    integration_tests=frozenset({"java/io/a/JobTest.java", "flink/java/ShopTest.java", "flink/python/shop_test.py"}),
    test_libraries=frozenset({"java/io/b/B.java"}),
)
PARTS = pom.parts(POM, LOCK, CONTENTS, ["java/a"])


def test_dependencies_are_what_the_sources_use():
    lines = [line.strip() for line in PARTS["dependencies"].split("\n")]
    assert lines[0] == (
        "<dependency><groupId>f</groupId><artifactId>flink-core</artifactId><version>${flink.version}</version>"
        "<scope>provided</scope></dependency>"
    )
    assert lines[1].endswith(
        "<classifier>tests</classifier><scope>test</scope><exclusions><exclusion><groupId>org.junit.*</groupId>"
        "<artifactId>*</artifactId></exclusion></exclusions></dependency>"
    )
    # Only tests use it here, whatever it is elsewhere.
    assert "<artifactId>kafka_2.13</artifactId><version>4</version><scope>test</scope>" in lines[2]
    assert (
        "<groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><version>5.13.4</version>"
        in lines[3]
    )
    # Used, but not named by the repository's pom, where another jar brings it.
    assert "<artifactId>snakeyaml</artifactId><version>2.4</version><scope>compile</scope>" in lines[4]
    assert len(lines) == 5


def test_versions_of_everything_that_comes_along_are_pinned():
    managed = PARTS["managed"]
    for artifact in ("kafka-raft", "slf4j-api", "snakeyaml", "flink-core"):
        assert f"<artifactId>{artifact}</artifactId>" in managed
    assert "unused" not in managed
    assert "console-standalone" not in managed


def test_what_a_distribution_has_stays_out_of_the_jar_whoever_asks_for_it():
    (slf4j,) = [line for line in PARTS["managed"].split("\n") if "slf4j" in line]
    assert "<scope>provided</scope>" in slf4j
    # No other scope: it would count for what comes along with a test's jar, too.
    (raft,) = [line for line in PARTS["managed"].split("\n") if "kafka-raft" in line]
    assert "<scope>" not in raft


def test_properties_and_resources():
    assert "<flink.version>2.2.1</flink.version>" in PARTS["properties"]
    assert "<x>a&amp;b</x>" in PARTS["properties"]
    assert "<directory>java/a</directory>" in PARTS["resources"]
    assert pom.resource_folders(["java/a/META-INF/services/x", "java/a/META-INF/services/y", "java/b/B.java"]) == [
        "java/a"
    ]


def test_tests_that_start_an_engine_are_named_by_their_package_where_the_path_tells_it():
    assert PARTS["integration_tests_included"].split() == [
        "<include>**/ShopTest.java</include>",
        "<include>io/a/JobTest.java</include>",
    ]
    assert PARTS["test_libraries_excluded"] == "<exclude>io/b/B.java</exclude>"


def test_without_any():
    none = frozenset()
    empty = Contents(files=none, packages=none, jars=none, test_jars=none, integration_tests=none, test_libraries=none)
    assert set(pom.parts(POM, LOCK, empty, []).values()) == {PARTS["properties"], ""}
