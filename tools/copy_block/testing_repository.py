"""A small repository to copy a block from."""

from __future__ import annotations

import json
import pathlib

from tools.copy_block.cli import Repository

FILES = {
    "LICENSE": "Do what you like.\n",
    "flink/java/Shop.java": "class Shop {}\n",
    "flink/python/shop.py": "print('open')\n",
    "flink/python/shop_test.py": "def test_shop(): ...\n",
    "flink/python/word_test.py": "def test_word(): ...\n",
    "java/a/A.java": "class A {}\n",
    "java/a/ATest.java": "class ATest {}\n",
    "java/a/META-INF/services/x": "a.A\n",
    "java/a/README.md": "What a means.\n",
    "python/flinkblocks/runtime.py": "print('Bazel')\n",
    "tools/copy_block/template/README.md": "# {{block}} in {{main_folder}}\n",
    "tools/copy_block/template/conftest.py": "{{python_integration_tests}}\n",
    "tools/copy_block/template/driver.sh": "#!/bin/sh\npython3 {{driver}}.py\n",
    "tools/copy_block/template/gitignore": "/target/\n",
    "tools/copy_block/template/main.sh": "#!/bin/sh\njava {{main_class}}\n",
    "tools/copy_block/template/pom.xml": "<project>{{dependencies}}</project>\n",
    "tools/copy_block/template/pyproject.toml": "[tool.pytest.ini_options]\n",
    "tools/copy_block/template/runtime.py": "print('{{artifact}}')\n",
    "tools/java/maven.lock.json": '{"jars": {}}\n',
    "tools/java/pom.xml": '<project xmlns="http://maven.apache.org/POM/4.0.0"><properties/></project>\n',
    "tools/python/bootstrap.lock.txt": "wheel==1\n",
    "tools/python/requirements.lock.txt": "pytest==1\n",
    "unrelated.py": "print('stays')\n",
}

SHOP = {
    "driver": "//flink/python:shop",
    "main": "//flink/java:Shop_lib",
    "main_class": "shop.Shop",
    "core": "//java:core",
    "flag_table": "//flink/python:flags_json",
    "tests": ["//flink/python:shop_test", "//flink/python:word_test"],
}


def target(label: str, kind: str, files: tuple = (), deps: tuple = (), tags: tuple = ()) -> dict:
    """A target as graph.json has it."""
    return {"label": label, "kind": kind, "tags": list(tags), "files": list(files), "deps": list(deps)}


TARGETS = [
    target(
        "//flink/python:shop", "py_binary", ["flink/python/shop.py"], ["//java:core", "//python/flinkblocks:runtime"]
    ),
    target("//python/flinkblocks:runtime", "py_library", ["python/flinkblocks/runtime.py"], ["//tools:java_home"]),
    target("//tools:java_home", "java_home", ["tools/java_home.txt"]),
    target("//flink/java:Shop_lib", "java_library", ["flink/java/Shop.java"], ["//java/a:a"]),
    target("//java:core", "java_binary", [], ["//java/a:a"]),
    target("//java/a:a", "java_library", ["java/a/A.java", "java/a/META-INF/services/x"]),
    target("//java/a:ATest", "java_test", ["java/a/ATest.java"], ["//java/a:a"], ["unit"]),
    target(
        "//flink/python:shop_test", "py_test", ["flink/python/shop_test.py"], ["//flink/python:shop"], ["integration"]
    ),
    target("//flink/python:word_test", "py_test", ["flink/python/word_test.py"], (), ["unit"]),
]


def make(folder: pathlib.Path) -> Repository:
    """Writes it to a folder that is not there yet."""
    root, tables = folder / "repository", folder / "tables"
    for path, text in FILES.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    tables.mkdir()
    (tables / "blocks.json").write_text(json.dumps({"shop": SHOP}))
    (tables / "graph.json").write_text(json.dumps(TARGETS))
    (tables / "shop.flags.json").write_text("[]\n")
    return Repository(root, tables, {"shop": tables / "shop.flags.json"})
