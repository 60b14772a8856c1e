"""The made-up text packs of tests/packs, installed as a licence holder would."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal.instruments import pack_service
from portal.instruments.loader import read_toml
from portal.instruments.models import TextPack
from portal.instruments.pack_service import Scope, Terms

PACKS = Path(__file__).resolve().parents[1] / "packs"
MARK = "Demonstrationstext – inte den licensierade skalan"
LAST_DAY = date(2027, 6, 30)


def content(key: str) -> dict[str, Any]:
    """What stands in a pack, to be changed at will."""
    return read_toml(PACKS / f"{key}.toml")


def install(
    session: Session, key: str, now: datetime, *, scope: Scope = "digital", expires_on: date = LAST_DAY
) -> TextPack:
    """Put a pack into use."""
    terms = Terms("Samordningen i Norrby", "D-2026-7", scope, expires_on)
    return pack_service.install(session, content(key), f"{key}.toml", terms, now)
