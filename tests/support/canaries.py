"""Listens in every test for what must never be written down or stand in an address (S44).

The people of tests/support/world.py are the canaries: their names and numbers may stand on pages and in
sealed columns, but in no log line and no address that the portal makes. Warnings need no ear here: each is
an error in every test.
"""

import html
import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote_plus

from flask import Flask, Response, request_finished

from tests.support.world import CANARY

NAMES = (
    *("Amina", "Hassan", "Yonas", "Tesfay", "Mattias", CANARY),
    *("Karin Lund", "Olof Berg", "Lena Ek", "Adam Sjö", "Tara Språk", "Ulla Revis"),
)
NUMBER = r"70[\s-]?174[\s-]?06[\s-]?\d\d"
"""070-174 06 05 and its neighbours, which the regulator keeps for stories, however they are written."""

_ADDRESS = re.compile(r'\b(?:href|action|formaction|src|hx-\w+)="([^"]*)"')
_DIALLED = ("tel:", "sms:", "mailto:")


class Ears(logging.Handler):
    """What was heard: a line for each canary in a log record or an address."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(logging.NOTSET)
        self.heard: list[str] = []
        self._canary = re.compile("|".join([*map(re.escape, names), NUMBER]), re.IGNORECASE)

    def emit(self, record: logging.LogRecord) -> None:
        """Listen to one log record, its error's trace included."""
        said = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            said += "".join(traceback.format_exception_only(record.exc_info[1]))
        self._listen(f"log line of {record.name}", said)

    def finished(self, _: Flask, response: Response, **__: object) -> None:
        """Look at the addresses in one answer."""
        found = [response.headers.get("Location", "")]
        if response.mimetype == "text/html" and not response.is_streamed and not response.content_encoding:
            found += _ADDRESS.findall(response.get_data(as_text=True))
        web = [one for one in found if one and not one.startswith(_DIALLED)]
        self._listen("address", unquote_plus(html.unescape(" ".join(web))))

    def _listen(self, where: str, said: str) -> None:
        if found := self._canary.search(said):
            around = said[max(0, found.start() - 60) : found.end() + 20]
            self.heard.append(f"{where}: …{around}…")


@contextmanager
def listening(names: tuple[str, ...] = NAMES) -> Iterator[Ears]:
    """Fail at the end when a canary was heard, whichever thread it sang in."""
    ears, root = Ears(names), logging.getLogger()
    root.addHandler(ears)
    request_finished.connect(ears.finished)
    try:
        yield ears
    finally:
        request_finished.disconnect(ears.finished)
        root.removeHandler(ears)
    assert not ears.heard, f"personal data got out (S44): {ears.heard}"
