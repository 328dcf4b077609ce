"""The command line on a small repository: what is written, what moved, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from flinkblocks.errors import UserError
from tools.copy_block import cli
from tools.copy_block.testing_repository import FILES, make


@pytest.fixture
def repository(tmp_path):
    return make(tmp_path)


@pytest.fixture
def run(repository, capsys):
    """Runs a command line; gives its exit code and what it has printed."""

    def run(*argv):
        code = cli.run(repository, [str(word) for word in argv])
        return code, capsys.readouterr().out

    return run


@pytest.fixture
def copy(run, tmp_path):
    """The folder of a fresh copy."""
    assert run("shop", "--to", tmp_path / "copy")[0] == 0
    return tmp_path / "copy"


def files(folder):
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def test_a_copy_has_the_repositorys_layout(copy):
    assert files(copy) == {
        ".gitignore",
        "COPIED.json",
        "LICENSE",
        "README.md",
        "bootstrap.lock.txt",
        "conftest.py",
        "flink/java/Shop",
        "flink/java/Shop.java",
        "flink/java/shop.flags.json",
        "flink/python/shop",
        "flink/python/shop.py",
        "flink/python/shop_test.py",
        "flink/python/word_test.py",
        "java/a/A.java",
        "java/a/ATest.java",
        "java/a/META-INF/services/x",
        "java/a/README.md",
        "pom.xml",
        "pyproject.toml",
        "python/flinkblocks/runtime.py",
        "requirements.lock.txt",
    }
    assert (copy / "java/a/A.java").read_text() == FILES["java/a/A.java"]
    assert (copy / "flink/python/shop").read_text() == "#!/bin/sh\npython3 flink/python/shop.py\n"
    assert (copy / "README.md").read_text() == "# shop in flink/java\n"
    assert (copy / "conftest.py").read_text() == "flink/python/shop_test.py\n"
    assert os.access(copy / "flink/python/shop", os.X_OK)
    assert not os.access(copy / "flink/python/shop.py", os.X_OK)


def test_it_says_where_each_file_came_from(copy):
    manifest = json.loads((copy / "COPIED.json").read_text())
    assert set(manifest["files"]) == files(copy) - {"COPIED.json"}
    origins = {path: entry["from"] for path, entry in manifest["files"].items()}
    assert origins["java/a/A.java"] == "java/a/A.java"
    assert origins["requirements.lock.txt"] == "tools/python/requirements.lock.txt"
    assert origins["python/flinkblocks/runtime.py"] == "tools/copy_block/template/runtime.py"
    assert origins["flink/java/shop.flags.json"].startswith("//flink/python:flags_json")
    assert (manifest["block"], manifest["commit"], manifest["uncommitted_changes"]) == ("shop", "unknown", None)


def test_it_says_at_which_commit(repository, run, tmp_path):
    def git(*args):
        identity = ["-c", "user.name=me", "-c", "user.email=me@localhost"]
        done = subprocess.run(["git", "-C", repository.root, *identity, *args], check=True, capture_output=True)
        return done.stdout.decode().strip()

    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "all")
    run("shop", "--to", tmp_path / "clean")
    (repository.root / "unrelated.py").write_text("moved\n")
    run("shop", "--to", tmp_path / "changed")
    for name, changed in (("clean", False), ("changed", True)):
        manifest = json.loads((tmp_path / name / "COPIED.json").read_text())
        assert (manifest["commit"], manifest["uncommitted_changes"]) == (git("rev-parse", "HEAD"), changed)


def test_nothing_moved(run, copy):
    code, told = run("--diff", copy)
    assert code == 0
    assert told == "shop, copied at commit unknown: 20 unchanged\n"
    (copy / "target").mkdir()
    (copy / "target/shop.jar").write_text("one's own files are one's own")
    assert run("shop", "--diff", copy)[0] == 0


def test_what_moved(run, copy, repository):
    (copy / "java/a/A.java").write_text("class A { int mine; }\n")
    (copy / ".gitignore").unlink()
    (repository.root / "flink/python/shop.py").write_text("print('closed')\n")
    (repository.root / "tools/copy_block/template/README.md").write_text("# {{block}}, better\n")
    (repository.root / "java/a/README.md").unlink()
    code, told = run("--diff", copy)
    assert code == 1
    lines = told.splitlines()
    assert lines[0] == (
        "shop, copied at commit unknown: 15 unchanged, 1 changed in the copy, 2 moved on in the repository, "
        "1 deleted from the copy, 1 gone from the repository"
    )
    assert "  moved on in the repository  README.md    (from tools/copy_block/template/README.md)" in lines
    assert "+class A { int mine; }" in lines
    assert lines[lines.index("+print('closed')") - 4] == "--- copy/flink/python/shop.py"
    assert "+# shop, better" in lines
    code, told = run("--diff", copy, "--brief")
    assert (code, len(told.splitlines())) == (1, 6)


def test_what_was_taken_over_has_not_moved(run, copy, repository):
    for root in (copy, repository.root):
        (root / "flink/python/shop.py").write_text("print('closed')\n")
    assert run("--diff", copy)[0] == 0


def test_an_empty_folder_will_do_and_so_do_new_parents(run, tmp_path):
    (tmp_path / "empty").mkdir()
    assert run("shop", "--to", tmp_path / "empty")[0] == 0
    assert run("shop", "--to", tmp_path / "new/newer/newest")[0] == 0
    assert files(tmp_path / "empty") == files(tmp_path / "new/newer/newest")


def test_a_relative_folder_is_the_users(run, tmp_path, monkeypatch):
    monkeypatch.setenv("BUILD_WORKING_DIRECTORY", str(tmp_path))
    assert run("shop", "--to", "here")[0] == 0
    assert (tmp_path / "here/README.md").exists()


def refused(run, *argv):
    with pytest.raises(UserError) as refusal:
        run(*argv)
    assert refusal.value.cure
    return refusal.value.exit_code, refusal.value.line


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        ([], "exactly one of --to DIR and --diff DIR"),
        (["shop"], "exactly one of --to DIR and --diff DIR"),
        (["shop", "--to", "a", "--diff", "b"], "exactly one of --to DIR and --diff DIR"),
        (["--to", "a"], "name one of: shop"),
        (["shoe", "--to", "a"], "there is no block 'shoe'; name one of: shop"),
        (["shop", "--into", "a"], "--into"),
        (["shop", "--to"], "--to"),
        (["shop", "--to", ""], "empty"),
    ],
)
def test_a_wrong_command_line(run, argv, says, tmp_path, monkeypatch):
    monkeypatch.setenv("BUILD_WORKING_DIRECTORY", str(tmp_path))
    code, line = refused(run, *argv)
    assert code == 2
    assert says in line
    assert not (tmp_path / "a").exists()


def test_a_folder_that_cannot_be_the_copys(run, repository, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/photo.jpg").write_text("")
    (tmp_path / "file").write_text("")
    for folder, says in {
        tmp_path / "full": "is not empty",
        tmp_path / "file": "is a file",
        repository.root / "new": "lies in the repository",
        repository.root: "lies in the repository",
    }.items():
        code, line = refused(run, "shop", "--to", folder)
        assert code == 2
        assert f"{folder} {says}" in line
    assert files(tmp_path / "full") == {"photo.jpg"}


@pytest.mark.parametrize("folder", ["/proc/copy", "/proc/copy/deeper", "/dev/null/copy"])
def test_a_folder_that_cannot_be_written(run, folder):
    code, line = refused(run, "shop", "--to", folder)
    assert code == 1
    assert folder in line


def test_a_copy_that_fails_leaves_nothing(run, repository, tmp_path, monkeypatch):
    (repository.root / "java/a/A.java").unlink()
    code, line = refused(run, "shop", "--to", tmp_path / "copy")
    assert (code, "java/a/A.java" in line) == (1, True)
    make(tmp_path / "again")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cli.Manifest, "text", full)
    (repository.root / "java/a/A.java").write_text("class A {}\n")
    before = set(tmp_path.iterdir())
    code, line = refused(run, "shop", "--to", tmp_path / "copy")
    assert (code, "No space left on device" in line) == (1, True)
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"block": 7, "commit": "c", "uncommitted_changes": null, "files": {}}',
        '{"block": "shop", "commit": "c", "uncommitted_changes": null, "files": {"a": {"from": "a"}}}',
        '{"block": "shop", "commit": "c", "uncommitted_changes": null, "files": {"../a": {"from": "a", "sha256": ""}}}',
        '{"block": "shop", "commit": "c", "uncommitted_changes": null, "files": ["a"]}',
    ],
)
def test_a_damaged_manifest(run, tmp_path, content):
    (tmp_path / "COPIED.json").write_text(content)
    code, line = refused(run, "--diff", tmp_path)
    assert code == 2
    assert f"{tmp_path}/COPIED.json is damaged" in line


def test_a_file_that_cannot_be_read(run, copy):
    # A link to itself: root may read everything else.
    for name in ("java/a/A.java", "COPIED.json"):
        (copy / name).unlink()
        (copy / name).symlink_to(copy / name)
        code, line = refused(run, "--diff", copy)
        assert code == 2
        assert f"cannot read {copy / name}: Too many levels of symbolic links" in line


def test_what_is_no_copy(run, copy, tmp_path):
    assert "is no folder" in refused(run, "--diff", tmp_path / "nowhere")[1]
    assert "has no COPIED.json" in refused(run, "--diff", tmp_path)[1]
    assert "is a copy of shop, not of shoe" in refused(run, "shoe", "--diff", copy)[1]


def test_help_tells_the_blocks_and_the_defaults(repository, capsys):
    with pytest.raises(SystemExit) as end:
        cli.run(repository, ["--help"])
    assert end.value.code == 0
    told = capsys.readouterr().out
    assert "of shop" in told
    assert "default" in told
