"""What is counted of enrolments, in sentences."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.identity.people.case_rules import Waiting


def over_words(over: int) -> str:
    """How many coaches have more than the ceiling."""
    if not over:
        return _("Ingen coach har fler än taket.")
    return ngettext("%(num)d coach har fler än taket.", "%(num)d coacher har fler än taket.", over)


def load_words(names: Iterable[str]) -> str:
    """Who has more than the ceiling."""
    over = list(names)
    if not over:
        return _("Ingen coach har fler än taket.")
    return _("Över taket: %(names)s.", names=", ".join(over))


def wait_words(found: Waiting) -> tuple[str, ...]:
    """How long people waited, and who waits."""
    return (*met_words(found), waiting_words(found))


def met_words(found: Waiting) -> tuple[str, ...]:
    """How long those waited who are met."""
    if found.median_days is None:
        return ()
    days = ngettext("%(num)d dag", "%(num)d dagar", round(found.median_days))
    return (_("Hälften fick sitt första möte inom %(days)s.", days=days),)


def waiting_words(found: Waiting) -> str:
    """Who waits now for a first meeting, and how long at most."""
    if not found.waiting:
        return _("Ingen väntar på sitt första möte.")
    who = ngettext(
        "%(num)d person väntar på sitt första möte.",
        "%(num)d personer väntar på sitt första möte.",
        found.waiting,
    )
    if found.longest_now is None:
        return who
    days = ngettext("%(num)d dag", "%(num)d dagar", found.longest_now)
    longest = _("Den längsta väntan är %(days)s.", days=days)
    return f"{who} {longest}"
