"""The private server: shared by workers, copied from templates, gone with whoever asked for it."""

import os
import select
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.support import databases, postgres

ROOT = Path(__file__).resolve().parents[2]


def build(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE mark (n INTEGER)"))
        connection.execute(text("INSERT INTO mark VALUES (1)"))
    engine.dispose()


def marks(url: str) -> list[int]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found: list[int] = list(connection.execute(text("SELECT n FROM mark")).scalars())
    engine.dispose()
    return found


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_fresh_database_has_the_schema_and_nothing_from_before(kind: databases.Kind) -> None:
    with postgres.reserve():
        name = f"fresh_{os.getpid()}"
        url = databases.database_url(kind, name, build=build, template="marks")
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO mark VALUES (2)"))
        engine.dispose()
        assert marks(url) == [1, 2]
        assert databases.database_url(kind, name, build=build, template="marks") == url
        assert marks(url) == [1]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_schema_is_built_once_for_everybody(kind: databases.Kind) -> None:
    built: list[str] = []

    def count(url: str) -> None:
        built.append(url)
        build(url)

    with postgres.reserve(), ThreadPoolExecutor(4) as pool:
        template = f"once_{os.getpid()}"
        names = [f"{template}_{n}" for n in range(4)]
        urls = list(
            pool.map(lambda name: databases.database_url(kind, name, build=count, template=template), names)
        )
    assert len(set(urls)) == 4
    assert len(built) == 1


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_the_server_goes_with_the_process_that_asked_for_it(end: signal.Signals) -> None:
    script = (
        "import signal\n"
        # Whoever starts the tests in the background has told them to hear no Ctrl-C.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from tests.support import postgres\n"
        "with postgres.reserve() as home, postgres.cluster() as server:\n"
        "    print(home, (home / 'postgres' / 'postmaster.pid').read_text().split()[0], flush=True)\n"
        "    signal.pause()\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != postgres.HOME_VARIABLE}
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as child:
        assert child.stdout is not None
        home, server = child.stdout.readline().split()
        watch = os.pidfd_open(int(server))
        child.send_signal(end)
        child.wait()
    ended, _, _ = select.select([watch], [], [], 10)
    os.close(watch)
    assert ended
    assert not (Path(home) / "postgres" / "postmaster.pid").exists()


def test_a_machine_without_the_programs_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(postgres.NoServer, match="apt-get install postgresql"):
        postgres.programs()
