"""Every text of the portal, collected the way the catalogues are."""

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polib

from tests.tools import catalogues


@dataclass(frozen=True)
class Text:
    """One text (msgid) for a person, its plural if it has one, and the files it stands in."""

    context: str
    text: str
    plural: str
    files: frozenset[str]

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it in a catalogue."""
        return self.context, self.text, self.plural


@cache
def texts() -> tuple[Text, ...]:
    """All texts of portal/ and templates/."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "messages.pot"
        catalogues.extract(target)
        return tuple(text_of(entry) for entry in polib.pofile(str(target)))


def text_of(entry: polib.POEntry) -> Text:
    """A catalogue's entry as a text."""
    files = frozenset(file.removeprefix("./") for file, _ in entry.occurrences)
    return Text(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "", files)
