"""How far the translation of a text has come. Pure."""

import unicodedata
from dataclasses import dataclass

from portal.languages import LANGUAGES

KINDS = (
    *("goal", "subgoal", "step"),
    *("audit_title", "audit_purpose", "audit_question"),
    *("audit_works", "audit_improve", "audit_proposal", "audit_reply"),
    "message",
    "topic",
    *("group_title", "group_about"),
    "agenda",
)
STORED = ("draft", "confirmed")
NONE, DRAFT, CONFIRMED, OUTDATED = "none", "draft", "confirmed", "outdated"
STATES = (NONE, DRAFT, CONFIRMED, OUTDATED)
SWEDISH = "sv"


@dataclass(frozen=True, slots=True)
class Shown:
    """A text in another language: `text` is "" where there is none, `state` one of STATES.

    `ready`: it is a phrase of the bank, which nobody needs to translate.
    """

    text: str
    state: str
    ready: bool = False

    @property
    def standing(self) -> str:
        """What stands for the Swedish: what somebody has confirmed for these very words."""
        return self.text if self.state == CONFIRMED else ""

    @property
    def former(self) -> str:
        """What was confirmed for other words than those that stand now: read beside them, never for them."""
        return self.text if self.state == OUTDATED else ""


@dataclass(frozen=True, slots=True)
class Both:
    """A text, and what stands beside it for the reader: None where they read the language that it is in."""

    text: str
    other: Shown | None = None

    @property
    def own(self) -> str:
        """What the reader reads first: what is confirmed in their language, else the Swedish."""
        return (self.other.standing if self.other else "") or self.text

    @property
    def characters(self) -> int:
        """How much there is to read, in both languages."""
        return len(self.text) + len((self.other.standing or self.other.former) if self.other else "")

    @property
    def doubled(self) -> bool:
        """Whether the Swedish stands below, for what stands first is not in Swedish."""
        return bool(self.other and self.other.standing)

    @property
    def untranslated(self) -> bool:
        """Whether it can be read in Swedish alone."""
        return self.other is not None and not self.other.standing


def state_of(stored: str | None, from_hash: bytes | None, source_hash: bytes) -> str:
    """One of STATES. `stored` is the translation's own state, None where there is no translation.

    A confirmed one whose Swedish has changed since is outdated; a draft stays a draft, for it must be
    looked through anyway.
    """
    if stored is None:
        return NONE
    if stored == CONFIRMED and from_hash != source_hash:
        return OUTDATED
    return stored


def state_together(translated: int, drafts: int) -> str:
    """One of STATES for texts with the same words that wait: so many translated, so many of them drafts.

    What has been begun for one of them is begun for all.
    """
    if drafts:
        return DRAFT
    return OUTDATED if translated else NONE


def in_latin_letters(text: str) -> bool:
    """Whether a text may be Swedish: what somebody wrote in their own script is not translated from it."""
    letters = [sign for sign in text if sign.isalpha()]
    latin = sum(1 for sign in letters if unicodedata.name(sign, "").startswith("LATIN"))
    return latin * 2 > len(letters)


def written_in(chosen: str, text: str, own: str) -> str:
    """The language that a text is taken to be in: what its writer chose, unless its letters say otherwise.

    Then their own language if it has those letters (`own`), else the first of ours that has.
    """
    letters = [unicodedata.name(sign, "").split(" ")[0] for sign in text if sign.isalpha()]
    script = max(set(letters), key=letters.count, default="")
    fitting = [code for code, one in LANGUAGES.items() if one.script == script]
    if not fitting or chosen in fitting:
        return chosen
    return own if own in fitting else fitting[0]
