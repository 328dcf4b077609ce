"""The parts of a copy's pom.xml that follow from the repository's dependencies and the block's files."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from tools.copy_block.graph import Contents

_NAMESPACE = "{http://maven.apache.org/POM/4.0.0}"
_SOURCES = "java/"
_SERVICES = "/META-INF/"
#: The console has a JUnit of its own inside, which Maven's test plugin does not find.
_CONSOLE = "org.junit.platform:junit-platform-console-standalone"
_COORDINATES = ("groupId", "artifactId", "version", "classifier", "scope")


def parts(pom: str, lock: str, contents: Contents, resources: Iterable[str]) -> dict[str, str]:
    """The texts for the template's names.

    Args:
        pom: the repository's pom, which names the dependencies.
        lock: what Maven resolved them to.
        contents: what the block consists of.
        resources: folders whose META-INF belongs into the jar.
    """
    project = ElementTree.fromstring(pom)
    jars = json.loads(lock)["jars"]
    integration_tests = [file for file in contents.integration_tests if file.endswith(".java")]
    return {
        "properties": _lines(2, (_elements({p.tag: p.text}) for p in _plain(project.find(f"{_NAMESPACE}properties")))),
        "managed": _lines(3, (_managed(key, jars[key]) for key in sorted(_needed(jars, contents)))),
        "dependencies": _lines(2, _dependencies(project, jars, contents)),
        "resources": _lines(3, (_resource(folder) for folder in resources)),
        "test_libraries_excluded": _lines(6, _tags("exclude", contents.test_libraries)),
        "test_libraries_included": _lines(6, _tags("testInclude", contents.test_libraries)),
        "integration_tests_excluded": _lines(6, _tags("exclude", integration_tests)),
        "integration_tests_included": _lines(6, _tags("include", integration_tests)),
    }


def resource_folders(paths: Iterable[str]) -> list[str]:
    """The folders below which a META-INF lies."""
    return sorted({path.partition(_SERVICES)[0] for path in paths if _SERVICES in path})


def target_name(key: str) -> str:
    """The build's name of a jar, `org_slf4j_slf4j_api` of `org.slf4j:slf4j-api`."""
    return key.replace(":", "_").replace("-", "_").replace(".", "_")


def _needed(jars: Mapping[str, dict], contents: Contents) -> set[str]:
    """The jars that the block's sources use, and those that come along with them."""
    left = [key for key in jars if target_name(key) in contents.jars | contents.test_jars]
    found = set()
    while left:
        key = left.pop()
        if key not in found:
            found.add(key)
            left += jars[key]["deps"]
    return found - {_CONSOLE}


def _dependencies(project: ElementTree.Element, jars: Mapping[str, dict], contents: Contents) -> list[str]:
    """Those that the block's sources use, by the pom's entry where it has one."""
    found = []
    named = {}
    for entry in project.findall(f"{_NAMESPACE}dependencies/{_NAMESPACE}dependency"):
        fields = {field.tag: (field.text or "").strip() for field in _plain(entry)}
        named[_key(fields)] = fields, _exclusions(entry)
    for key in [*named, *sorted(set(jars) - set(named))]:
        name = target_name(key)
        if name not in contents.jars | contents.test_jars:
            continue
        fields, exclusions = named.get(key) or (_fields(key, jars[key]), "")
        if name not in contents.jars:
            fields = {**fields, "scope": "test"}
        found.append(_dependency(_jupiter(fields) if key == _CONSOLE else fields, exclusions))
    return found


def _plain(element: ElementTree.Element) -> list[ElementTree.Element]:
    """The children of an element, with tags that name no namespace."""
    found = []
    for child in element:
        plain = ElementTree.Element(child.tag.removeprefix(_NAMESPACE))
        plain.text = child.text
        found.append(plain)
    return found


def _exclusions(entry: ElementTree.Element) -> str:
    excluded = [_plain(e) for e in entry.findall(f"{_NAMESPACE}exclusions/{_NAMESPACE}exclusion")]
    text = "".join(f"<exclusion>{_elements({f.tag: f.text for f in fields})}</exclusion>" for fields in excluded)
    return text and f"<exclusions>{text}</exclusions>"


def _key(fields: Mapping[str, str]) -> str:
    return ":".join(fields[name] for name in ("groupId", "artifactId", "classifier") if fields.get(name))


def _fields(key: str, jar: dict) -> dict[str, str]:
    group, artifact, *classifier = key.split(":")
    fields = {"groupId": group, "artifactId": artifact, "version": jar["version"], "scope": jar["scope"]}
    return {**fields, "classifier": classifier[0]} if classifier else fields


def _jupiter(console: dict[str, str]) -> dict[str, str]:
    """The JUnit that the console has inside: platform 1.x goes with Jupiter 5.x."""
    version = "5." + console["version"].partition(".")[2]
    return {**console, "groupId": "org.junit.jupiter", "artifactId": "junit-jupiter", "version": version}


def _managed(key: str, jar: dict) -> str:
    """Pins the version, and what a Flink distribution has stays out of the jar whoever asks for it."""
    return _dependency({**_fields(key, jar), "scope": "provided" if jar["scope"] == "provided" else ""})


def _dependency(fields: Mapping[str, str], exclusions: str = "") -> str:
    ordered = {name: fields[name] for name in _COORDINATES if fields.get(name)}
    return f"<dependency>{_elements(ordered)}{exclusions}</dependency>"


def _resource(folder: str) -> str:
    include = "<includes><include>META-INF/**</include></includes>"
    return f"<resource><directory>{escape(folder)}</directory>{include}</resource>"


def _elements(fields: Mapping[str, str | None]) -> str:
    return "".join(f"<{tag}>{escape(text or '')}</{tag}>" for tag, text in fields.items())


def _tags(name: str, paths: Iterable[str]) -> list[str]:
    """Files for an include or exclude of Maven, which goes by packages."""
    return [f"<{name}>{escape(_below_sources(path))}</{name}>" for path in sorted(paths)]


def _below_sources(path: str) -> str:
    """The path of a class by its package, of which a folder outside java/ tells nothing."""
    return path.removeprefix(_SOURCES) if path.startswith(_SOURCES) else "**/" + path.rpartition("/")[2]


def _lines(depth: int, texts: Iterable[str]) -> str:
    """One line for each; the first stands where the template says."""
    return f"\n{'  ' * depth}".join(texts)
