"""What stands beside a wording that cannot be sent, says too much, or costs more than it needs to."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.notices.template_rules import DATE, DAY, FIELDS, TIME, Price, Problem
from portal.web.formats import listed

FIELD_WORDS = {
    DAY: _l("Dagen för mötet, till exempel tisdag 24 november"),
    TIME: _l("När mötet börjar, till exempel 13.00"),
    DATE: _l("Dagen med siffror, till exempel 24/11"),
}


def braced(names: Iterable[str]) -> str:
    """ "{dag} och {tid}"."""
    return listed(f"{{{name}}}" for name in names)


def problem(one: Problem, kind: str) -> str:
    """One sentence that names what is wrong and says what to do."""
    if not FIELDS[kind].all and one.code in ("unknown", "open"):
        return _("Den här texten har inga fält. Ta bort klamrarna.")
    return {
        "unknown": _(
            "Fältet {%(name)s} finns inte. Ta bort det, eller använd %(known)s.",
            name=one.about,
            known=braced(FIELDS[kind].all),
        ),
        "missing": _(
            "Fältet {%(name)s} saknas. Skriv {%(name)s} där det ska stå i texten.",
            name=one.about,
        ),
        "open": _("En klammer är inte stängd. Skriv så här: %(example)s.", example=braced(FIELDS[kind].must)),
        "link": _(
            "”%(words)s” blir en länk i telefonen. Vi skickar aldrig länkar. Ta bort den,"
            " eller skriv ett mellanslag efter punkten.",
            words=one.about,
        ),
    }[one.code]


def telling(words: Iterable[str]) -> str:
    """What may say who writes, or why, and what to do (S31)."""
    return _(
        "Kan det här visa vem som skriver, eller varför: %(words)s? Andra kan läsa meddelandet."
        " Skriv om texten, eller kryssa i rutan nedanför.",
        words=listed(f"”{word}”" for word in words),
    )


def many(parts: int) -> str:
    """ "1 SMS", "2 SMS"."""
    return ngettext("%(num)d SMS", "%(num)d SMS", parts)


def compared(before: Price, after: Price) -> str:
    """How many parts it takes now, and how many it would take."""
    if before.parts == after.parts:
        return _("Texten tar %(parts)s, lika många som i dag.", parts=many(after.parts))
    return _(
        "I dag: %(before)s. Med den här texten: %(after)s.",
        before=many(before.parts),
        after=many(after.parts),
    )


def takes(price: Price) -> str:
    """How many parts a text takes that nothing was sent of before."""
    return _("Texten tar %(parts)s.", parts=many(price.parts))
