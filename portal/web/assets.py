"""The few files that phones fetch, under names that change with their content, compressed once."""

import atexit
import hashlib
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

SERVED = ("htmx.min.js", "app.js", "icon.svg")
OWN = "app.js"
"""Ours, and sent without what only a reader of the code needs. What comes from others is sent unchanged."""
HASHED = re.compile(r"\.[0-9a-f]{12}\.")


@cache
def _compressed(static: Path) -> tuple[Path, dict[str, str]]:
    """A folder with the files under their hashed names, and each one's address; made once a process.

    The folder goes when the process ends.
    """
    folder = Path(tempfile.mkdtemp(prefix="stigen-static-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    addresses = {}
    for name in SERVED:
        content = (static / name).read_bytes()
        if name == OWN:
            content = lean(content.decode()).encode()
        stem, _, ending = name.rpartition(".")
        hashed = folder / f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
        hashed.write_bytes(content)
        for _ in Compressor(quiet=True).compress(str(hashed)):
            pass
        addresses[name] = f"/static/{hashed.name}"
    return folder, addresses


def lean(script: str) -> str:
    """The script without lines that are comments and without indentation: a sixth less to fetch."""
    return re.sub(r"(?m)^\s+", "", re.sub(r"(?m)^\s*//.*\n", "", script))


def install(app: Flask, static: Path) -> None:
    """Serve `SERVED` below /static/ and give templates `asset(name)`, their address."""
    folder, addresses = _compressed(static)

    def immutable(_: str, url: str) -> bool:
        return bool(HASHED.search(url))

    app.wsgi_app = WhiteNoise(
        app.wsgi_app, root=str(folder), prefix="/static/", immutable_file_test=immutable
    )
    app.jinja_env.globals["asset"] = addresses.__getitem__
