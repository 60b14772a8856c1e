"""The instruments that are installed, by key and version, and what has been answered on them."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.instruments.loader import DefinitionError, read_file
from portal.instruments.models import ResponseLine
from portal.instruments.rules import Instrument

HANDLED = (
    ResponseLine.response_id,
    ResponseLine.line,
    ResponseLine.tenths,
    ResponseLine.language,
    ResponseLine.direction,
    ResponseLine.session_id,
)
DEFINITIONS = Path(__file__).parent / "definitions"


def load(folder: Path) -> Mapping[tuple[str, int], Instrument]:
    """Every definition in a folder. DefinitionError names the file and place of the first fault."""
    found = [read_file(path) for path in sorted(folder.glob("*.toml"))]
    return {(instrument.key, instrument.version): instrument for instrument in found}


@cache
def _installed() -> Mapping[tuple[str, int], Instrument]:
    return load(DEFINITIONS)


def structures() -> Mapping[tuple[str, int], Instrument]:
    """Every definition that comes with the portal, by key and version."""
    return _installed()


def installed() -> list[Instrument]:
    """The newest version of each instrument, by key."""
    newest = {key: found for (key, _version), found in sorted(_installed().items())}
    return list(newest.values())


def instrument(key: str, version: int) -> Instrument:
    """The version an answer was given in, kept for as long as there are answers. KeyError if unknown."""
    return _installed()[key, version]


def current(key: str) -> Instrument:
    """The version that new answers are given in. KeyError if there is no such instrument."""
    return {found.key: found for found in installed()}[key]


def answerable(key: str) -> Instrument:
    """Like `current`, but DefinitionError for a licensed scale: its words are in a text pack, if anywhere."""
    found = current(key)
    if not found.title:
        raise DefinitionError(f"{key}: has no wording installed")
    return found


@dataclass(frozen=True)
class Given:
    """One handled line: tenths (None: skipped), as it was shown, and the session that wrote it."""

    tenths: int | None
    language: str
    direction: str
    session_id: uuid.UUID


def given(session: Session, response_id: uuid.UUID) -> dict[str, Given]:
    """What has been handled of one response, by line."""
    return given_in(session, [response_id]).get(response_id, {})


def given_in(session: Session, response_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, Given]]:
    """What has been handled of several responses, by response and line; one query. Scope is the caller's."""
    found: dict[uuid.UUID, dict[str, Given]] = {}
    for row in session.execute(select(*HANDLED).where(ResponseLine.response_id.in_(response_ids))):
        given_here = found.setdefault(row.response_id, {})
        given_here[row.line] = Given(row.tenths, row.language, row.direction, row.session_id)
    return found
