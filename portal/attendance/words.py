"""The words of a sheet, and sheets as tables."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from portal.attendance import rules
from portal.attendance.rules import Corrected, Noted
from portal.attendance.sheet_rules import GROUP, Line, Sheet
from portal.organisation.words import MODES
from portal.web.formats import local, short_day, time_text, unmarked
from portal.web.tables import Cell, Table

ATTENDANCE: dict[str, LazyString] = {
    rules.UNKNOWN: _l("Inte noterat"),
    rules.CAME: _l("Kom"),
    rules.LATE: _l("Kom sent"),
    rules.SENT_WORD: _l("Kom inte, hörde av sig"),
    rules.ABSENT: _l("Kom inte"),
}
OWN_ATTENDANCE: dict[str, LazyString] = {
    rules.CAME: _l("Du var med."),
    rules.LATE: _l("Du kom sent."),
    rules.SENT_WORD: _l("Du kom inte, men hörde av dig."),
    rules.ABSENT: _l("Du kom inte."),
}
"""What stands of it, to the participant."""
METHOD: dict[str, LazyString] = {
    rules.FIRST_DOOR: _l("med SMS-kod"),
    rules.SECOND_DOOR: _l("med SMS-kod och pinkod"),
    rules.PAPER: _l("på papper"),
}
"""How somebody signed."""


def activity_words(line: Line) -> str:
    """What it was: "Möte, på plats", or a group."""
    if line.activity == GROUP:
        return _("Grupp")
    return _("Möte, %(way)s", way=str(MODES[line.activity]).lower())


def length_words(minutes: int) -> str:
    """ "1 timme och 15 minuter"; "0 minuter"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(num)d minut", "%(num)d minuter", rest)
    whole = ngettext("%(num)d timme", "%(num)d timmar", hours)
    if not rest:
        return whole
    more = ngettext("%(num)d minut", "%(num)d minuter", rest)
    return _("%(hours)s och %(minutes)s", hours=whole, minutes=more)


def actual_words(noted: Noted, line: Line) -> str:
    """The actual times, as far as they differ from the plan; "" where they do not, or nobody came."""
    if noted.state not in rules.MET or not (noted.met_from or noted.met_until):
        return ""
    return f"{time_text(noted.met_from or line.starts_at)}–{time_text(noted.met_until or line.ends_at)}"


def signed_words(line: Line) -> str:
    """When and how the participant signed; "" for not at all."""
    if line.signed_at is None:
        return ""
    said = _("%(when)s %(how)s", when=_moment(line.signed_at), how=METHOD[line.method])
    return _("%(signed)s, sent", signed=said) if line.signed_late else said


def noted_words(line: Line) -> str:
    """Who of the staff noted the attendance, and when; "" where nobody has."""
    if line.noted_at is None:
        return ""
    return _("%(who)s, %(when)s inloggad", who=line.noted_by, when=_moment(line.noted_at))


def corrected_words(line: Line) -> str:
    """Each correction with the old value, when and by whom."""
    return " ".join(_corrected(one, line) for one in line.corrections)


def _corrected(one: Corrected, line: Line) -> str:
    was, actual = str(ATTENDANCE[one.was.state]).lower(), actual_words(one.was, line)
    old = f"{was} {actual}" if actual else was
    said = _("%(when)s %(who)s: förut %(old)s.", when=_moment(one.at), who=one.by, old=old)
    return f"{said} {one.why}" if one.why else said


def _moment(at: datetime) -> str:
    return f"{short_day(at)} {time_text(at)}"


def table(sheet: Sheet) -> Table:
    """The sheet as a table; hours as decimals, the sum last."""
    rows = [_cells(line) for line in sheet.lines]
    rows.append((_("Summa"), "", "", "", round(sheet.minutes / 60, 2), "", "", "", ""))
    return Table(_("Närvaro"), _head(), rows)


def table_of_all(sheets: Sequence[Sheet]) -> Table:
    """The lines of several sheets in one table, whose they are first; without sums, which others make."""
    rows = [(unmarked(sheet.name), *_cells(line)) for sheet in sheets for line in sheet.lines]
    return Table(_("Närvaro"), (_("Deltagare"), *_head()), rows)


def _cells(line: Line) -> tuple[Cell, ...]:
    cells: tuple[Cell, ...] = (
        local(line.starts_at).date(),
        activity_words(line),
        f"{time_text(line.starts_at)}–{time_text(line.ends_at)}",
        actual_words(line.noted, line),
        round(line.minutes / 60, 2),
        str(ATTENDANCE[line.noted.state]),
        signed_words(line),
        noted_words(line),
        corrected_words(line),
    )
    return tuple(unmarked(cell) if isinstance(cell, str) else cell for cell in cells)


def _head() -> tuple[str, ...]:
    return (
        _("Dag"),
        _("Aktivitet"),
        _("Planerad tid"),
        _("Verklig tid"),
        _("Timmar"),
        _("Närvaro"),
        _("Deltagarens underskrift"),
        _("Personalens underskrift"),
        _("Rättat"),
    )


def sum_words(sheet: Sheet) -> list[str]:
    """How long in all, how much of it both have signed, and how many signatures are missing."""
    said = [_("Tid som deltagaren var med: %(time)s.", time=length_words(sheet.minutes))]
    if sheet.minutes:
        said.append(_("Underskrivet av båda: %(time)s.", time=length_words(sheet.signed_minutes)))
    if sheet.lacking:
        said.append(ngettext("%(num)d underskrift saknas.", "%(num)d underskrifter saknas.", sheet.lacking))
    return said
