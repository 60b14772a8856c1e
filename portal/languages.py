"""The one list of languages: it decides `lang`, `dir` and how many characters an SMS part holds."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Language:
    """One language of the portal.

    `code` is what we store and put in `lang`; `babel` is the locale that Babel knows it by
    (Dari, `prs`, is unknown to Babel and would be `fa_AF`); `name` is its own name;
    `ucs2` is true when its SMS need two bytes a character (70 characters a part); `script` is what Unicode
    calls its letters.
    """

    code: str
    babel: str
    name: str
    dir: Literal["ltr", "rtl"]
    ucs2: bool
    script: str = "LATIN"


SWEDISH = Language("sv", "sv", "Svenska", "ltr", False)

LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        SWEDISH,
        Language("en", "en_GB", "English", "ltr", False),
        Language("ar", "ar", "العربية", "rtl", True, "ARABIC"),
    )
}


def language(code: str) -> Language:
    """The language with this code, Swedish when we do not have it."""
    return LANGUAGES.get(code, SWEDISH)
