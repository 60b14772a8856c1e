"""The instruments that are installed, by key and version."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from portal.instruments.loader import DefinitionError, read_file
from portal.instruments.rules import Instrument

DEFINITIONS = Path(__file__).parent / "definitions"


def load(folder: Path) -> Mapping[tuple[str, int], Instrument]:
    """Every definition in a folder. DefinitionError names the file and place of the first fault."""
    found = [read_file(path) for path in sorted(folder.glob("*.toml"))]
    return {(instrument.key, instrument.version): instrument for instrument in found}


@cache
def _installed() -> Mapping[tuple[str, int], Instrument]:
    return load(DEFINITIONS)


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
    """Like `current`, but DefinitionError when its wording is licensed and not installed."""
    found = current(key)
    if not found.title:
        raise DefinitionError(f"{key}: has no wording installed")
    return found
