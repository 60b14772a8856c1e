"""An organisation's own wording of an SMS: its named fields, what must not stand in it, what it costs."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.messaging.rules import GSM_BASIC, GSM_EXTENSION, isolate, length, one_line
from portal.notices.rules import KINDS, OWN_MESSAGE, SOMETHING_NEW, link_in

DAY, TIME, DATE = "dag", "tid", "datum"
LONGEST = 320
"""The longest wording, in characters: two parts of GSM-7 and a little. Whoever is tired reads no more."""

Wordings = Mapping[tuple[str, str], str]
"""An organisation's own texts by kind and language, as they count now; what is not in it is said by ours."""
NONE: Wordings = {}


@dataclass(frozen=True)
class Fields:
    """The fields of a kind: those that must stand in its text, and those that may."""

    must: tuple[str, ...]
    may: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every field that this kind knows."""
        return (*self.must, *self.may)


FIELDS: dict[str, Fields] = {
    **{kind: Fields((DAY, TIME), (DATE,)) for kind in KINDS},
    SOMETHING_NEW: Fields(()),
    OWN_MESSAGE: Fields(()),
}
"""Place and the coach's name are no fields: they follow by themselves for whoever has chosen them (S31)."""

# --- reading and filling -------------------------------------------------------------------------

_FIELD = re.compile(r"\{([^{}]*)\}")
_NUMBERS = re.compile(r"\d+(?:[.:/,–-]\d+)*")


@dataclass(frozen=True)
class Problem:
    """Why a wording cannot be used: "unknown", "missing", "open" or "link", and the words it is about."""

    code: str
    about: str = ""


def _name(written: str) -> str:
    return written.strip().casefold()


def normal(text: str) -> str:
    """The text as it is kept: one line that turns nothing around it (S28), fields in small letters."""
    line = one_line(unicodedata.normalize("NFC", text))
    return _FIELD.sub(lambda found: f"{{{_name(found[1])}}}", line)


def fields_in(text: str) -> tuple[str, ...]:
    """The names in braces, in the order in which they stand."""
    return tuple(_name(found) for found in _FIELD.findall(text))


def fill(text: str, values: Mapping[str, str], *, rtl: bool) -> str:
    """The text with its fields filled; a name that has no value stands as it was written.

    In a right-to-left language the numbers that the writer typed keep their order (S28); the values bring
    what keeps theirs.
    """
    pieces = _FIELD.split(text)
    filled = []
    for place, piece in enumerate(pieces):
        if place % 2:
            filled.append(values.get(_name(piece), f"{{{piece}}}"))
        else:
            filled.append(_NUMBERS.sub(lambda found: isolate(found[0]), piece) if rtl else piece)
    return "".join(filled)


def problems(text: str, kind: str) -> tuple[Problem, ...]:
    """Why this text cannot be said of this kind; nothing where it can. An empty text is ours, and fine."""
    if not text:
        return ()
    known, written = FIELDS[kind], fields_in(text)
    found = []
    if any(brace in _FIELD.sub("", text) for brace in "{}"):
        found.append(Problem("open"))
    found += [Problem("unknown", name) for name in dict.fromkeys(written) if name not in known.all]
    found += [Problem("missing", name) for name in known.must if name not in written]
    if link := link_in(_FIELD.sub("00", text)):
        found.append(Problem("link", link))
    return tuple(found)


def usable(text: str, kind: str) -> bool:
    """Whether this text can be sent: there is one, and its fields are those of the kind."""
    return bool(text) and not problems(text, kind)


# --- what would say too much (S31) ---------------------------------------------------------------

SERVICE = "Stigen"
REASONS = (
    *("arbet", "arbete", "coach", "försäkringskassa", "handläggare", "insats", "jobb", "kommun", "plan"),
    *("rehab", "sjuk", "socialtjänst", "vård"),
    *("benefit", "illness", "job", "municipal", "rehab", "sick", "work"),
    *("بلدية", "تأهيل", "تأمين", "خطة", "عمل", "مرشد"),
)
"""How words begin that say why somebody has a meeting, in the languages of the portal."""
_PHONE = re.compile(r"\d(?:[ -]?\d){2,}")
_ARTICLE = "ال"


def telling(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """What in the text may say who writes, or why: names of the house, reasons, long numbers (S31)."""
    plain = _FIELD.sub(" ", text)
    words = re.findall(r"\w+", plain)
    found = [name for name in (SERVICE, *names) if _stands(name, plain)]
    found += [word for word in words if _is_reason(word.casefold())]
    return tuple(dict.fromkeys([*found, *_PHONE.findall(plain)]))


def _stands(name: str, text: str) -> bool:
    return bool(name.strip()) and bool(
        re.search(rf"(?<!\w){re.escape(name.strip())}(?:s)?(?!\w)", text, re.IGNORECASE)
    )


def _is_reason(word: str) -> bool:
    return word.removeprefix(_ARTICLE).startswith(REASONS)


# --- signs that double the price -----------------------------------------------------------------

_GSM = GSM_BASIC | GSM_EXTENSION
_INSTEAD = {
    **dict.fromkeys("‐‑‒–—―−•·", "-"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛′´`‹›", "'"),
    "…": "...",
    "×": "x",
    "→": "->",
    "←": "<-",
    "½": "1/2",
    "¼": "1/4",
    "¾": "3/4",
    "œ": "oe",
    "Œ": "OE",
    "ł": "l",
    "Ł": "L",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "đ": "d",
    "Đ": "D",
}


@dataclass(frozen=True)
class Costly:
    """A sign that makes the text UCS-2. `instead`: what to write, "" to leave it out, None: no advice."""

    sign: str
    instead: str | None


def costly(text: str) -> tuple[Costly, ...]:
    """The signs of a text that GSM-7 does not have, each once, with what to write instead."""
    return tuple(Costly(sign, _instead(sign)) for sign in dict.fromkeys(text) if sign not in _GSM)


def _instead(sign: str) -> str | None:
    if sign in _INSTEAD:
        return _INSTEAD[sign]
    apart = unicodedata.normalize("NFKD", sign)
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    if bare and all(one in _GSM for one in bare):
        return bare
    # A letter of another alphabet carries the word; a picture or a mark can go.
    return None if unicodedata.category(sign)[0] in "LN" else ""


def cheaper(text: str) -> str:
    """The text with each costly sign replaced, where there is something to write instead."""
    swaps = {one.sign: one.instead for one in costly(text) if one.instead is not None}
    return one_line("".join(swaps.get(sign, sign) for sign in text))


# --- what it costs -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Price:
    """What a text takes: `units` are septets or, with `ucs2`, 16-bit units; `ore` is the price in öre."""

    ucs2: bool
    units: int
    parts: int
    ore: int


def price(text: str, ore_a_part: int) -> Price:
    """The size of a filled text, and what it costs at so many öre a part."""
    size = length(text)
    return Price(size.ucs2, size.units, size.parts, size.parts * ore_a_part)


# --- which languages say what --------------------------------------------------------------------


def lagging(wordings: Wordings, kind: str, offered: Iterable[str]) -> tuple[str, ...]:
    """The offered languages that still say our text of a kind whose Swedish the house has reworded."""
    if (kind, "sv") not in wordings:
        return ()
    return tuple(code for code in offered if (kind, code) not in wordings)
