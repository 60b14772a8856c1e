"""Our own small bank of what can help somebody at work. Pure; the texts are in adaptations.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_name("adaptations.toml")
SWEDISH = "sv"


@dataclass(frozen=True)
class Help:
    """One thing that can help: its code, its picture, and its sentence in each language."""

    code: str
    icon: str
    texts: Mapping[str, str]

    def text(self, language: str) -> str:
        """The sentence in this language, in Swedish when it has none."""
        return self.texts.get(language) or self.texts[SWEDISH]


@cache
def bank() -> Mapping[str, Help]:
    """Everything in the bank by its code, in the order of the file."""
    data = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    found = (Help(row.pop("code"), row.pop("icon"), row) for row in data["help"])
    return {one.code: one for one in found}
