"""Which language this answer is in, and what the templates know of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.support import Translations
from flask import Flask, current_app, g, request
from flask import session as cookie
from flask_babel import Babel, force_locale
from markupsafe import Markup

from portal.languages import LANGUAGES, SWEDISH, Language, language
from portal.web import access, templates
from portal.web.icons import icon_svg

ONCE = "in"
"""The name in an address that shows one page in another language."""
DEFAULT_ZONE = ZoneInfo("Europe/Stockholm")


class Ready(dict[str, Markup]):
    """The texts of one language, each looked up in its catalogue once and kept as markup.

    A page says a hundred texts; finding the catalogue anew for each of them was a quarter of its time.
    `plain` are those with nothing to fill in.
    """

    def __init__(self, catalogue: NullTranslations) -> None:
        super().__init__()
        self.catalogue = catalogue
        self.plain = Plain(self)

    def __missing__(self, text: str) -> Markup:
        # Only what stands in templates is asked for: the table is no longer than the catalogue.
        found = self[text] = Markup(self.catalogue.gettext(text))
        return found


class Plain(dict[str, Markup]):
    """The texts in which nothing is filled in, as they are read: "50 %" where "50 %%" is written."""

    def __init__(self, texts: Ready) -> None:
        super().__init__()
        self._texts = texts

    def __missing__(self, text: str) -> Markup:
        found = self[text] = self._texts[text] % {}
        return found


_SPOKEN: ContextVar[Ready] = ContextVar("spoken")
"""The texts of the page that is being written; set when a page begins."""


def _say(text: str, **values: Any) -> Markup:
    """A text of a template in the language of its page, with what belongs in it."""
    texts = _SPOKEN.get()
    return texts[text] % values if values else texts.plain[text]


def _say_many(one: str, many: str, number: int, **values: Any) -> Markup:
    """A text of a template about so many of something."""
    found = _SPOKEN.get().catalogue.ngettext(one, many, number)
    # A number needs no escaping, and what fills gaps with escaping costs more than all the rest.
    return Markup(found) % {"num": number, **values} if values else Markup(found % {"num": int(number)})


def say(text: str, **values: object) -> str:
    """A text in the language of this answer, as Python says it: no markup, unlike in templates."""
    found = _catalogue().gettext(text)
    return found % values if values else found


def say_many(one: str, many: str, number: int) -> str:
    """The same, about so many of something."""
    return _catalogue().ngettext(one, many, number) % {"num": number}


def _catalogue() -> NullTranslations:
    texts: dict[str, Ready] = current_app.extensions["texts"]
    return texts[current_language().code].catalogue


def current_language() -> Language:
    """The language of this answer: the one that this page alone is asked for in, else the reader's own."""
    known = g.get("language")
    if known is not None:
        return language(known)
    if request.args.get(ONCE) in LANGUAGES:
        return language(request.args[ONCE])
    return own_language()


def own_language() -> Language:
    """The reader's language: the person's own, else one chosen here, else what the browser asks for."""
    viewer = access.known_viewer()
    if viewer is not None:
        return language(viewer.language)
    chosen = cookie.get("language")
    if isinstance(chosen, str) and chosen in LANGUAGES:
        return language(chosen)
    return language(request.accept_languages.best_match(list(LANGUAGES), SWEDISH.code))


def current_zone() -> ZoneInfo:
    """The zone of the organisation of whoever is signed in, or let in."""
    known = access.known_viewer() or access.known_guest()
    return known.zone if known else DEFAULT_ZONE


@contextmanager
def spoken_in(spoken: Language) -> Iterator[None]:
    """Meanwhile texts, days and numbers are in this language: for what is written to somebody else."""
    before = g.get("language")
    g.language = spoken.code
    try:
        with force_locale(spoken.babel):
            yield
    finally:
        if before is None:
            g.pop("language")
        else:
            g.language = before


def other_page(spoken: Language) -> tuple[Language, str] | None:
    """This very page in Swedish, for a reader who doubts a translation; or back in their own language.

    Nothing is remembered of it. None where there is no other.
    """
    other = own_language() if spoken == SWEDISH else SWEDISH
    if request.method != "GET" or request.endpoint is None or other == spoken:
        return None
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != ONCE]
    if other == SWEDISH:
        asked.append((ONCE, SWEDISH.code))
    return other, f"{request.path}?{urlencode(asked)}" if asked else request.path


def _locale() -> str:
    return current_language().babel


def _page_words() -> dict[str, Any]:
    """What every page knows. It begins with this: from here on everything in it is in its language."""
    spoken, viewer = current_language(), access.known_viewer()
    g.language = spoken.code
    texts: dict[str, Ready] = current_app.extensions["texts"]
    _SPOKEN.set(texts[spoken.code])
    return {
        "lang": spoken.code,
        "dir": spoken.dir,
        "language": spoken,
        "languages": LANGUAGES.values(),
        "language_name": spoken.name,
        "viewer": viewer,
        "organisation": viewer.house if viewer else None,
        "other_page": other_page(spoken),
        "session_ends": viewer.ends_in_seconds if viewer else None,
    }


def install(app: Flask, translations: Path, leave_to: str) -> None:
    """Choose the language of each answer, and tell the templates. First of all that knows templates."""
    ready = {
        code: Ready(Translations.load(str(translations), [spoken.babel]))
        for code, spoken in LANGUAGES.items()
    }
    app.extensions["texts"] = ready
    templates.install(app, lambda: current_language().code, ready)
    Babel(
        app,
        default_locale=SWEDISH.babel,
        default_translation_directories=str(translations),
        locale_selector=_locale,
        timezone_selector=lambda: current_zone().key,
    )
    app.context_processor(_page_words)
    app.jinja_env.globals.update({"_": _say, "ngettext": _say_many, "icon_svg": icon_svg})
    app.jinja_env.globals["quick_exit_url"] = leave_to
