"""The files of a copy: those of the repository as they are, and the few that take the place of the build."""

from __future__ import annotations

import os
import pathlib
from dataclasses import dataclass

from flinkblocks.errors import UserError
from tools.copy_block import pom
from tools.copy_block.graph import Block, Contents, package

#: Below the repository.
TEMPLATE = "tools/copy_block/template"
_POM, _LOCK = "tools/java/pom.xml", "tools/java/maven.lock.json"
_LOCKS = {
    "requirements.lock.txt": "tools/python/requirements.lock.txt",
    "bootstrap.lock.txt": "tools/python/bootstrap.lock.txt",
    "LICENSE": "LICENSE",
}
#: This finds the program's parts in Bazel's runfiles; the template's finds them below the project.
_RUNTIME = "python/flinkblocks/runtime.py"


@dataclass(frozen=True)
class Piece:
    """A file of a copy.

    Attributes:
        origin: its path in the repository, or what it was made of.
        content: its bytes.
        executable: whether it is a program.
    """

    origin: str
    content: bytes
    executable: bool = False


class Plan:
    """Works out the files of one block's copy."""

    def __init__(self, repository: pathlib.Path, block: Block, contents: Contents, flag_table: pathlib.Path):
        """Reads nothing yet.

        Args:
            repository: its root.
            block: what is copied.
            contents: what that consists of.
            flag_table: the generated flags of the Java program.
        """
        self._repository = repository
        self._block = block
        self._contents = contents
        self._flag_table = flag_table

    def pieces(self) -> dict[str, Piece]:
        """The files by their path in the copy.

        Raises:
            UserError: one cannot be read.
        """
        block = self._block
        main_folder, main_name = package(block.main), block.main_class.rpartition(".")[2]
        driver = block.driver.removeprefix("//").replace(":", "/")
        names = {
            "artifact": block.name.replace("_", "-"),
            "block": block.name,
            "driver": driver,
            "main": f"{main_folder}/{main_name}",
            "main_class": block.main_class,
            "main_folder": main_folder,
            "main_name": main_name,
            "bazel_driver": block.driver.removeprefix("//"),
            "python_integration_tests": "\n".join(
                sorted(file for file in self._contents.integration_tests if file.endswith(".py"))
            ),
        }
        pieces = {path: self._copied(path) for path in self._copied_paths()}
        pieces.update((path, self._copied(origin)) for path, origin in _LOCKS.items())
        pieces[f"{main_folder}/{block.name}.flags.json"] = Piece(
            f"{block.flag_table}, generated from {driver}.py", self._flag_table.read_bytes()
        )
        for path, template in {
            "README.md": "README.md",
            ".gitignore": "gitignore",
            "conftest.py": "conftest.py",
            "pyproject.toml": "pyproject.toml",
            _RUNTIME: "runtime.py",
            driver: "driver.sh",
            names["main"]: "main.sh",
        }.items():
            pieces[path] = self._filled(template, names)
        pieces["pom.xml"] = self._pom(names, sorted(pieces))
        return pieces

    def _copied_paths(self) -> set[str]:
        readmes = {f"{folder}/README.md" for folder in self._contents.packages}
        return self._contents.files | {path for path in readmes if (self._repository / path).is_file()}

    def _copied(self, path: str) -> Piece:
        file = self._repository / path
        try:
            return Piece(path, file.read_bytes(), os.access(file, os.X_OK))
        except OSError as error:
            cure = "start copy_block again: the list of files is made anew"
            raise UserError(f"cannot read {file}: {error.strerror}", cure) from None

    def _filled(self, template: str, names: dict[str, str]) -> Piece:
        """A template with its {{names}} filled in."""
        piece = self._copied(f"{TEMPLATE}/{template}")
        text = piece.content.decode()
        for name, value in names.items():
            text = text.replace(f"{{{{{name}}}}}", value)
        return Piece(piece.origin, text.encode(), template.endswith(".sh"))

    def _pom(self, names: dict[str, str], paths: list[str]) -> Piece:
        parts = pom.parts(
            self._copied(_POM).content.decode(),
            self._copied(_LOCK).content.decode(),
            self._contents,
            pom.resource_folders(paths),
        )
        filled = self._filled("pom.xml", {**names, **parts})
        return Piece(f"{filled.origin}, {_POM} and {_LOCK}", filled.content)
