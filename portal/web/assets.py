"""The few files that phones fetch, under names that change with their content, compressed once."""

import hashlib
import re
import tempfile
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

SERVED = ("htmx.min.js", "app.js", "icon.svg")
HASHED = re.compile(r"\.[0-9a-f]{12}\.")


def install(app: Flask, static: Path, headers: dict[str, str]) -> None:
    """Serve `SERVED` below /static/ and give templates `asset(name)`, their address."""
    folder = Path(tempfile.mkdtemp(prefix="stigen-static-"))
    addresses = {}
    for name in SERVED:
        content = (static / name).read_bytes()
        stem, _, ending = name.rpartition(".")
        hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
        (folder / hashed).write_bytes(content)
        for _ in Compressor(quiet=True).compress(str(folder / hashed)):
            pass
        addresses[name] = f"/static/{hashed}"

    def immutable(_: str, url: str) -> bool:
        return bool(HASHED.search(url))

    def add_headers(answer: "dict[str, str]", _path: str, _url: str) -> None:
        for name, value in headers.items():
            answer[name] = value

    app.wsgi_app = WhiteNoise(
        app.wsgi_app,
        root=str(folder),
        prefix="/static/",
        immutable_file_test=immutable,
        add_headers_function=add_headers,
    )
    app.jinja_env.globals["asset"] = addresses.__getitem__
