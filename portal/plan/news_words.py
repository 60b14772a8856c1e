"""What is new in a plan, in words: for the participant, and for the coach who is asked about it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.plan.news_rules import UNDO, News
from portal.plan.rows import AnswerRow, ChangeRow
from portal.web.formats import day_words, local

ANSWERS: Mapping[str, LazyString] = {
    "understood": _l("Jag förstår"),
    "not_understood": _l("Jag förstår inte"),
    "talk": _l("Jag vill prata"),
    "disagree": _l("Jag håller inte med"),
}
OUTCOME_CHOICES: Mapping[str, LazyString] = {
    "talked": _l("Vi har pratat om det"),
    "changed": _l("Planen är ändrad"),
    "booked": _l("Vi har bokat ett möte om det"),
}


def news_sentence(one: News[ChangeRow]) -> str:
    """What somebody has done, told to the participant."""
    last, name = one.last, one.last.by
    if last.step_id is None:
        earlier = one.changes[0].earlier
        return (
            _("%(name)s har ändrat ditt mål.", name=name)
            if earlier
            else _("%(name)s har skrivit ditt mål.", name=name)
        )
    if last.became is None or last.became["state"] == "dropped":
        return _gone(last)
    if one.added:
        return _added(last)
    if last.action == UNDO:
        return _("%(name)s har tagit tillbaka en ändring.", name=name)
    if all(change.action == "state" for change in one.changes):
        return _state(last)
    if last.kind == "subgoal":
        return _("%(name)s har ändrat ett delmål.", name=name)
    return _("%(name)s har ändrat ett steg.", name=name)


def _gone(last: ChangeRow) -> str:
    if last.kind == "subgoal":
        return _("%(name)s har tagit bort ett delmål.", name=last.by)
    return _("%(name)s har tagit bort ett steg.", name=last.by)


def _added(last: ChangeRow) -> str:
    if last.kind == "subgoal":
        return _("%(name)s har lagt till ett delmål.", name=last.by)
    return _("%(name)s har lagt till ett steg.", name=last.by)


def _state(last: ChangeRow) -> str:
    sentences = {
        "planned": _("%(name)s vill att det här blir senare.", name=last.by),
        "now": _("%(name)s säger att det är dags nu.", name=last.by),
        "done": _("%(name)s säger att det är klart.", name=last.by),
        "paused": _("%(name)s vill vänta med det här.", name=last.by),
    }
    return sentences[last.state]


def tag_of(one: News[ChangeRow]) -> tuple[str, str]:
    """The word and the tone of its mark."""
    if one.added:
        return _("Nytt"), "ribbon"
    return _("Ändrat"), "sun"


def earlier_words(one: News[ChangeRow]) -> list[tuple[str, str]]:
    """What stood there before and stands there no longer, as names and values."""
    if one.last.step_id is None:
        earlier = one.changes[0].earlier
        return [(_("Förut stod det"), earlier)] if earlier and earlier != one.last.text else []
    before, after = one.before, one.last.became
    if before is None or after is None:
        return []
    was, now = _facts(before), _facts(after)
    return [
        (name, value) for (name, value), other in zip(was, now, strict=True) if value != other[1] and value
    ]


def _facts(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    when = day_words(date.fromisoformat(facts["day"])) if facts["day"] else str(facts["when"])
    doers = {"participant": _("du"), "coach": _("din coach"), "other": str(facts["doer_name"])}
    return [
        (_("Förut stod det"), str(facts["text"])),
        (_("Förut var tiden"), when),
        (_("Förut skulle den här personen göra det"), doers[facts["doer"]]),
    ]


def talked_sentence(row: AnswerRow) -> str:
    """That a question has been talked about, told to the participant."""
    if row.outcome not in OUTCOME_CHOICES or row.talked_at is None:
        return _("Du har svarat igen sedan dess.")
    day = day_words(local(row.talked_at).date())
    if row.outcome == "booked":
        return _("Ni har bokat ett möte om det, %(day)s.", day=day)
    if row.outcome == "changed":
        return _("Ni har pratat om det %(day)s. Planen är ändrad.", day=day)
    return _("Ni har pratat om det %(day)s.", day=day)


def asked_sentence(row: AnswerRow) -> str:
    """What a participant wants to talk about, for the coach."""
    about = {"step": f"\u2068{row.about}\u2069"}
    said = {
        "not_understood": _('Förstår inte "%(step)s".', **about),
        "talk": _('Vill prata om "%(step)s".', **about),
        "disagree": _('Håller inte med om "%(step)s".', **about),
        "understood": _('Förstår "%(step)s".', **about),
    }[row.answer]
    if not row.words:
        return said
    return said + " " + _('Skrev: "%(words)s"', words=f"\u2068{row.words}\u2069")
