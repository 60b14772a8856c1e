"""The e-mails to whoever is to be at a meeting of several. In Swedish: they work here. Needs an app context.

Nobody's name but those who invite and are invited stands there, no service and no reason: e-mail is read by
others than its receiver. What the case is known by stands there only where staff have written it (S31).
"""

from collections.abc import Iterable

from flask_babel import force_locale
from flask_babel import gettext as _

from portal.languages import SWEDISH
from portal.notices.invitation_rules import CANCELLED, CHANGED, Invitation
from portal.notices.texts import clock_time, day

TITLES = {"network": "Nätverksmöte", "sip": "SIP-möte"}
"""What a calendar calls it: in the language of whoever works here."""


def subject(kind: str, asked: Invitation) -> str:
    """The line above the e-mail: what it is and when."""
    facts = {"title": TITLES[asked.kind].lower() if asked.kind == "network" else TITLES[asked.kind]}
    facts |= {"day": day(asked.starts, SWEDISH), "time": clock_time(asked.starts, SWEDISH)}
    with force_locale(SWEDISH.babel):
        if kind == CANCELLED:
            return str(_("Inställt: %(title)s %(day)s klockan %(time)s", **facts))
        if kind == CHANGED:
            return str(_("Ändrat: %(title)s %(day)s klockan %(time)s", **facts))
        return str(_("Inbjudan: %(title)s %(day)s klockan %(time)s", **facts))


def body(kind: str, asked: Invitation) -> str:
    """The whole text."""
    with force_locale(SWEDISH.babel):
        if kind == CANCELLED:
            return "\n\n".join([_hello(asked), _off(asked), _questions(asked)])
        parts = [_hello(asked), _opening(kind, asked), "\n".join(facts(asked))]
        parts += [_agenda(asked)] if asked.agenda else []
        parts += [_answer(asked)] if asked.link else []
        return "\n\n".join([*parts, _questions(asked)])


def facts(asked: Invitation) -> Iterable[str]:
    """When, how, where, about what and led by whom; a line each."""
    ends = clock_time(asked.ends, SWEDISH)
    yield _(
        "När: %(day)s klockan %(start)s till %(end)s",
        day=day(asked.starts, SWEDISH),
        start=clock_time(asked.starts, SWEDISH),
        end=ends,
    )
    yield _("Hur: %(way)s", way=asked.how)
    if asked.place:
        yield _("Plats: %(place)s", place=asked.place)
    if asked.reference:
        yield _("Gäller: %(reference)s", reference=asked.reference)
    if asked.leader:
        yield _("Leder mötet: %(name)s", name=asked.leader)


def _hello(asked: Invitation) -> str:
    return str(_("Hej %(name)s!", name=asked.name))


def _opening(kind: str, asked: Invitation) -> str:
    if kind == CHANGED:
        return str(_("Mötet som du är bjuden till har ändrats. Så här är det nu."))
    if asked.host:
        return str(
            _(
                "%(host)s på %(house)s bjuder in dig till ett möte.",
                host=asked.host,
                house=asked.house,
            )
        )
    return str(_("%(house)s bjuder in dig till ett möte.", house=asked.house))


def _off(asked: Invitation) -> str:
    when = {"day": day(asked.starts, SWEDISH), "time": clock_time(asked.starts, SWEDISH)}
    if asked.removed:
        return str(_("Du behöver inte komma till mötet %(day)s klockan %(time)s.", **when))
    return str(_("Mötet %(day)s klockan %(time)s är inställt.", **when))


def _agenda(asked: Invitation) -> str:
    return "\n".join([str(_("Dagordning:")), *asked.agenda.splitlines()])


def _answer(asked: Invitation) -> str:
    return str(
        _("Kommer du? Svara här: %(link)s", link=asked.link)
        + "\n"
        + _("Adressen är bara din. Skicka den inte vidare.")
    )


def _questions(asked: Invitation) -> str:
    said = _("Det går inte att svara på det här mejlet.")
    if asked.phone:
        said = _("Har du frågor? Ring %(phone)s.", phone=asked.phone) + " " + said
    return str(said + "\n" + asked.house)
