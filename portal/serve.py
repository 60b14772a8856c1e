"""`make run`: brings the demo up and keeps its two processes, the web server and the worker, together."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from portal import clock, schema
from portal.config import Settings, WrongSettings
from portal.db import Database
from portal.demo import build
from portal.demo.cards import cards, describe
from portal.installation import use_settings

THREADS = "8"
STOP_SECONDS = 10


def prepare(settings: Settings) -> list[str]:
    """Migrate and load the demo; returns the lines that say who to sign in as."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    schema.upgrade(settings.database_url)
    use_settings(settings)
    database = Database(settings.database_url)
    build.load(database, clock.now(), settings.pin_key)
    with database.reading() as session:
        lines = describe(cards(session), settings.public_base_url)
    database.close()
    return lines


def processes(port: str) -> list[list[str]]:
    """The command lines of the web server and the worker."""
    python = [sys.executable, "-m"]
    web = [
        "gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        THREADS,
        # What it warns of names network addresses and what was asked for.
        "--log-level",
        "error",
        "--no-control-socket",
        "wsgi:app",
    ]
    return [[*python, *web], [*python, "flask", "--app", "wsgi", "worker"]]


def run(port: str, environment: dict[str, str]) -> int:
    """Start both, wait until one ends or somebody stops us, then stop the other."""
    root = Path(__file__).parent.parent
    # Each in a process group of its own: Ctrl-C reaches us alone, and we stop them one way, the gentle one.
    started = [subprocess.Popen(line, cwd=root, env=environment, process_group=0) for line in processes(port)]
    stopping: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        stopping.append(number)
        for process in started:
            process.terminate()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    os.wait()
    by_itself = not stopping
    stop(signal.SIGTERM, None)
    for process in started:
        _end(process)
    return 1 if by_itself else 0


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Wait until a process has ended; one that will not is killed."""
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main() -> int:
    """The whole of `make run`."""
    environment = {"DEPLOYMENT": "demo", **os.environ}
    try:
        settings = Settings.from_environment(environment)
    except WrongSettings as wrong:
        print("\n".join(wrong.lines), file=sys.stderr)
        return 2
    print("\n".join(prepare(settings)), flush=True)
    return run(environment.get("PORT", "8000"), environment)


if __name__ == "__main__":
    sys.exit(main())
