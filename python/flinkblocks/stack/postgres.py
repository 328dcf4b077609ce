"""PostgreSQL with logical decoding, on loopback: the source database and the analytics database."""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

import psutil
import psycopg2

from flinkblocks.errors import UserError
from flinkblocks.stack import postgres_databases as databases
from flinkblocks.stack.postgres_programs import ENVIRONMENT, distribution, programs, server_account
from flinkblocks.stack.processes import become
from flinkblocks.stack.service import Account, Command, Service, Site

# Where a server of another user than the present one has its folder: state of a program that root runs.
_OUTSIDE = "/var/lib"


class Postgres(Service):
    """The PostgreSQL of a stack.

    Its folder has `secrets/`, a file with the password of each role; `superuser/`, the password of the role that only
    the stack itself uses; and `home`, the server's own folder, which is a link where the server runs as another user:
    such a user cannot enter root's state folder.
    """

    name = "postgres"
    processes = ("postgres",)
    ports = ("port",)
    stop_seconds = 20.0
    # Ends the sessions; SIGTERM would wait for them.
    stop_signal = signal.SIGINT

    def commands(self, site: Site) -> dict[str, Command]:
        """Makes the data folder when there is none, and tells how to run the server on it."""
        account, installed = server_account(), distribution()
        home = _home(site.folder, account)
        binaries = programs(installed, account, home)
        password = databases.secret(site.folder / "superuser", databases.SUPERUSER)
        if not (home / "data").exists():
            _initialise(binaries, home, account, password)
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": site.ports["port"],
            "unix_socket_directories": "",
            "wal_level": "logical",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # The server takes no notice of it; whoever looks for the processes of this stack does.
            "stack.folder": site.folder,
        }
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        argv = [str(binaries / "postgres"), "-D", str(home / "data"), *options]
        return {"postgres": Command(argv, ENVIRONMENT, account)}

    def ready(self, site: Site) -> bool:
        """Whether all roles can log in."""
        try:
            for role, database in databases.ROLES.items():
                password = (secrets_folder(site.folder.parent) / role).read_text(encoding="utf-8")
                databases.connect(site.ports["port"], role, password, database).close()
        except (OSError, psycopg2.OperationalError):
            return False
        return True

    def settle(self, site: Site) -> None:
        """Makes roles, databases, the shop's schema and publication, as soon as the server answers."""
        superuser = databases.secret(site.folder / "superuser", databases.SUPERUSER)
        try:
            databases.set_up(site.ports["port"], superuser, secrets_folder(site.folder.parent))
        except psycopg2.OperationalError:
            return  # It is not there yet, or ends: the log says why.
        except psycopg2.Error as error:
            raise UserError(f"postgres cannot be set up: {error}", "`down --purge` begins with an empty one") from error

    def address(self, site: Site) -> str:
        """Host and port."""
        return f"127.0.0.1:{site.ports['port']}"

    def exports(self, site: Site) -> dict[str, str]:
        """The environment that points the blocks at the databases, with the names of password files."""
        folder = secrets_folder(site.folder.parent)
        found = {}
        for prefix, role in (("SOURCE", databases.SHOP), ("ANALYTICS", databases.ANALYTICS)):
            found[f"{prefix}_POSTGRES_URL"] = f"postgresql://{self.address(site)}/{databases.ROLES[role]}"
            found |= _exported(prefix, role, folder)
        return {**found, **_exported("REPLICATION", databases.DEBEZIUM, folder)}

    def sweep(self, folder: pathlib.Path) -> None:
        """Ends the server's children, which may survive it, and drops its lock file.

        The number in the file may be another program's by now, and the server would not start beside that.
        """
        left = server_processes(folder)
        for process in left:
            process.kill()
        psutil.wait_procs(left, timeout=10)
        (folder / "home" / "data" / "postmaster.pid").unlink(missing_ok=True)

    def purge(self, folder: pathlib.Path) -> None:
        """Deletes the server's own folder."""
        home = folder / "home"
        if home.is_symlink():
            shutil.rmtree(home.resolve(), ignore_errors=True)


def secrets_folder(stack: pathlib.Path) -> pathlib.Path:
    """The folder of the roles' passwords in a stack's folder."""
    return stack / Postgres.name / "secrets"


def login(site: Site, database: str) -> dict[str, str]:
    """The environment in which PostgreSQL's own clients connect to a database as its owner, password included."""
    return {
        "PGHOST": "127.0.0.1",
        "PGPORT": str(site.ports["port"]),
        "PGDATABASE": database,
        "PGUSER": database,
        "PGPASSWORD": databases.secret(secrets_folder(site.folder.parent), database),
    }


def _exported(prefix: str, role: str, folder: pathlib.Path) -> dict[str, str]:
    return {f"{prefix}_POSTGRES_USER": role, f"{prefix}_POSTGRES_PASSWORD_FILE": str(folder / role)}


def server_processes(folder: pathlib.Path) -> list[psutil.Process]:
    """The processes that work on the data below a service's folder, which is where a server goes when it starts."""
    place = {"name": "postgres", "cwd": str((folder / "home" / "data").resolve())}
    return [process for process in psutil.process_iter(list(place)) if process.info == place]


def _home(folder: pathlib.Path, account: Account | None) -> pathlib.Path:
    """The server's own folder, made when there is none."""
    home = folder / "home"
    if not home.exists():
        home.unlink(missing_ok=True)  # A link whose folder is gone.
        if account is None:
            home.mkdir(mode=0o700)
        else:
            outside = _OUTSIDE if os.access(_OUTSIDE, os.W_OK) else None
            real = tempfile.mkdtemp(prefix="flinkblocks-postgres-", dir=outside)
            os.chown(real, account.uid, account.gid)
            home.symlink_to(real)
    return home.resolve()


def _initialise(binaries: pathlib.Path, home: pathlib.Path, account: Account | None, password: str) -> None:
    """Makes the data folder; what an earlier attempt has left of one does not count."""
    draft = home / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w", dir=home, encoding="utf-8") as file:
        file.write(password)
        file.flush()
        if account:
            os.chown(file.name, account.uid, account.gid)
        command = [
            *(binaries / "initdb", "--pgdata", draft, "--username", databases.SUPERUSER, "--pwfile", file.name),
            *("--auth", "scram-sha-256", "--no-locale", "--encoding", "UTF8", "--no-sync"),
        ]
        done = subprocess.run(command, cwd="/", env=ENVIRONMENT, capture_output=True, text=True, **become(account))
    if done.returncode:
        raise UserError(f"postgres: initdb failed: {done.stderr.strip()}", "try again when its cause is gone")
    draft.rename(home / "data")
