"""The application, put together once for each database and process: what is slow to build is shared.

Wiring the rooms and compiling their templates takes longer than most tests; neither changes from one test
to the next. What a test may change (settings, keys, clock) is set anew each time it is handed out.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from jinja2 import Undefined
from jinja2.bccache import Bucket, BytecodeCache

from portal import cli
from portal.app import create_app
from portal.config import Settings
from portal.db import Database
from portal.installation import use_settings
from tests.support.pages import Client


class Misspelt(Undefined):
    """A name that a template was not given: an error here, a gap to a person.

    A template may ask whether it was given something (`if`), and do without.
    """

    __slots__ = ()
    __iter__ = __str__ = __len__ = __contains__ = Undefined._fail_with_undefined_error
    __eq__ = __ne__ = __hash__ = Undefined._fail_with_undefined_error


class Compiled(BytecodeCache):
    """Templates compiled once in this process, whichever application asks."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Use what another application has compiled from the same source."""
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for the next application."""
        self.code[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@dataclass
class Ready:
    """An application that has been put together, and its configuration at that moment."""

    app: Flask
    database: Database
    config: dict[str, object]


_ready: dict[tuple[int, str], Ready] = {}


def fresh_app(settings: Settings, database: Database) -> Flask:
    """An application of its own, for a test that changes it or needs another one beside it."""
    made = create_app(settings, database)
    cli.install(made)
    made.jinja_env.bytecode_cache = COMPILED
    made.jinja_env.undefined = Misspelt
    made.test_client_class = Client
    made.testing = False
    return made


def shared_app(settings: Settings, database: Database) -> Flask:
    """The application with these settings on this database, as if it had just been put together."""
    # The folder differs from test to test, and the database's address in it is not the one that is used.
    key = (id(database), repr(replace(settings, instance=Path(), database_url="")))
    if key not in _ready:
        made = fresh_app(settings, database)
        _ready[key] = Ready(made, database, dict(made.config))
    ready = _ready[key]
    ready.app.config.clear()
    ready.app.config.update({**ready.config, "STIGEN": settings})
    use_settings(settings)
    return ready.app
