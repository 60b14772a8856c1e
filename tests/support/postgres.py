"""A private PostgreSQL for one test run: started when first asked for, gone when the run is.

One server serves all pytest-xdist workers: the process that starts the run reserves a directory
(`reserve`) and hands its path down in the environment; the first worker that needs a database starts
the server there, behind a file lock. A keeper process waits on a pipe that the reserving process holds
open. When that pipe closes, for whatever reason (the end, Ctrl-C, SIGKILL), it stops the server and
removes the directory.

    with cluster() as server:                        # attaches to the run's server, or owns one itself
        server.create("mine", template="schema")     # 50 ms
        engine = create_engine(server.url("mine"))
"""

import contextlib
import fcntl
import os
import pwd
import shlex
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

HOME_VARIABLE = "STIGEN_TEST_HOME"
SERVER_USER = "postgres"
PORTS_TRIED = 3
# Nothing here outlives the run, so nothing waits for a disk. `max_connections` leaves room for the
# races that open one connection a process. Statistics would be taken at moments of chance, of tables that
# a test has just emptied: the next one's plans would go by them (the demo then loads six times as slowly).
SERVER_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "autovacuum": "off",
    "timezone": "UTC",
}


class NoServer(RuntimeError):
    """PostgreSQL's programs are not on this machine, or would not start; the text says what to do."""


@dataclass(frozen=True)
class Cluster:
    """One running server. Trust on loopback: the port is random and the data is made up."""

    port: int

    def url(self, dbname: str) -> str:
        """The SQLAlchemy address of a database in this server."""
        return f"postgresql+psycopg://{SERVER_USER}@127.0.0.1:{self.port}/{dbname}"

    def create(self, dbname: str, template: str | None = None) -> str:
        """Make `dbname` anew (an older one goes), as a copy of `template` if named; returns its `url`.

        The template must have no open connections while it is copied.
        """
        self.drop(dbname)
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(dbname), sql.Identifier(template or "template0")
        )
        with self._connection() as connection:
            connection.execute(statement)
        return self.url(dbname)

    def drop(self, dbname: str) -> None:
        """Remove `dbname` and whoever is still connected to it; nothing happens when it is absent."""
        with self._connection() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(dbname))
            )

    def rename(self, dbname: str, to: str) -> None:
        """Give a database without open connections another name."""
        with self._connection() as connection:
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(dbname), sql.Identifier(to))
            )

    def has(self, dbname: str) -> bool:
        """Whether a database of this name exists."""
        with self._connection() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (dbname,))
            return found.fetchone() is not None

    def _connection(self) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=SERVER_USER, dbname="postgres", autocommit=True
        )


@contextlib.contextmanager
def reserve() -> Iterator[Path]:
    """Reserve the run's directory and promise its removal; the server starts only when `cluster` is used.

    Inside another reservation (a worker of pytest-xdist, a child process) it yields that one's directory.
    """
    if inherited := os.environ.get(HOME_VARIABLE):
        yield Path(inherited)
        return
    home = Path(tempfile.mkdtemp(prefix="stigen-"))
    if os.geteuid() == 0:
        # The server refuses to run as root, and its own user must get in.
        home.chmod(0o711)
    keeper = _keeper(home)
    os.environ[HOME_VARIABLE] = str(home)
    try:
        yield home
    finally:
        del os.environ[HOME_VARIABLE]
        keeper.communicate()


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """The run's server, started if it is not; alone, one that lasts as long as the block.

    Raises `NoServer` with what to install.
    """
    with reserve() as home:
        with locked(home / "postgres.lock"):
            port_file = home / "postgres.port"
            if not port_file.exists():
                port_file.write_text(str(_start(home / "postgres")))
        yield Cluster(int(port_file.read_text()))


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path`; other processes of the run wait."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def programs() -> Path:
    """The folder of PostgreSQL's server programs, the newest version first. Raises `NoServer`."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: -int(path.parts[-3]))
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path))
    if not found:
        raise NoServer("PostgreSQL is missing. On Debian, as root: apt-get install postgresql")
    return found[0].parent


def _start(data: Path) -> int:
    """Make a server in `data` and start it; returns its port."""
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        user = pwd.getpwnam(SERVER_USER)
        os.chown(data, user.pw_uid, user.pw_gid)
    rules = ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    _run([programs() / "initdb", "-D", data, "-U", SERVER_USER, *rules])
    options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in SERVER_SETTINGS.items())
    for left in reversed(range(PORTS_TRIED)):
        # Somebody else may take the port between the look and the start.
        port = _free_port()
        try:
            _run([*_control(data), "-w", "-l", data / "log", "-o", f"-p {port} {options}", "start"])
        except NoServer:
            if not left:
                raise
        else:
            break
    return port


def _keeper(home: Path) -> subprocess.Popen[bytes]:
    """A process that outlives this one by a moment and clears up after it."""
    data = home / "postgres"
    stop = ""
    with contextlib.suppress(NoServer):
        stop = shlex.join(
            str(part) for part in [*_as_server_user(), *_control(data), "-m", "immediate", "stop"]
        )
    # `cat` ends when the other end of the pipe closes; a session of its own keeps Ctrl-C away from it.
    running, folder = shlex.quote(str(data / "postmaster.pid")), shlex.quote(str(home))
    script = f"cd /; cat >/dev/null; [ -e {running} ] && {stop or 'true'}; rm -rf {folder}"
    return subprocess.Popen(
        ["/bin/sh", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _control(data: Path) -> list[Path | str]:
    return [programs() / "pg_ctl", "-D", data]


def _as_server_user() -> list[Path | str]:
    return ["runuser", "-u", SERVER_USER, "--"] if os.geteuid() == 0 else []


def _run(command: list[Path | str]) -> None:
    done = subprocess.run(
        [*_as_server_user(), *command],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if "start" not in command else subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        said = (done.stdout or b"").decode(errors="replace").strip()
        raise NoServer(f"PostgreSQL did not start: {said or command}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
