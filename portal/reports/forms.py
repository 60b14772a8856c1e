"""Which figures somebody asks for: fixed periods, own teams, one cut. What is no choice is the first one."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from portal.organisation.models import Programme, Team
from portal.reports import words
from portal.reports.rules import CUTS, OUTER_CUTS, Period, period
from portal.web.forms import Choice, Form

TEAM, OUTSIDE = "team", "outside"


@dataclass(frozen=True)
class Asked:
    """What is asked for. None: all of them. `outside`: the tables are for others than the team."""

    period: Period
    programme_id: uuid.UUID | None = None
    team_id: uuid.UUID | None = None
    cut: str = CUTS[0]
    outside: bool = False


class AskForm(Form):
    """The choices above the report. It is sent by GET, so that a report has an address."""

    period = Choice(_l("Tid"))
    programme = Choice(_l("Insats"))
    team = Choice(_l("Team"))
    cut = Choice(_l("Dela upp efter"))
    reader = Choice(_l("Vem ska läsa"))

    @classmethod
    def of(
        cls,
        sent: "MultiDict[str, str]",
        *,
        periods: Iterable[Period],
        finished: Iterable[Period],
        programmes: Iterable[Programme],
        teams: Iterable[Team],
        inside: bool,
    ) -> "AskForm":
        """The form as it was sent; whatever cannot be chosen is the first choice.

        `periods` are for the team, `finished` for others: who reads decides what else can be chosen.
        """
        form = cls(formdata=sent, meta={"csrf": False})
        every = ("", _l("Alla"))
        form.programme.choices = _or_all(every, [(str(one.id), one.name) for one in programmes])
        form.team.choices = _or_all(every, [(str(one.id), one.name) for one in teams])
        readers = [(OUTSIDE, words.READERS[OUTSIDE])]
        form.reader.choices = [(TEAM, words.READERS[TEAM]), *readers] if inside else readers
        _choose(form.reader)
        outside = form.reader.data == OUTSIDE
        form.period.choices = [
            (one.code, words.period(one.code)) for one in (finished if outside else periods)
        ]
        form.cut.choices = [(cut, words.CUTS[cut]) for cut in (OUTER_CUTS if outside else CUTS)]
        for field in (form.period, form.programme, form.team, form.cut):
            _choose(field)
        return form

    def said(self) -> list[str]:
        """What is chosen, in words: it stands over the tables on paper too."""
        return [
            next(str(told) for value, told, *_rest in field.iter_choices() if str(value) == field.data)
            for field in (self.period, self.programme, self.team, self.reader)
        ]

    def asked(self) -> Asked:
        """What is asked for."""
        return Asked(
            period=period(str(self.period.data)),
            programme_id=_id(self.programme.data),
            team_id=_id(self.team.data),
            cut=str(self.cut.data),
            outside=self.reader.data == OUTSIDE,
        )


def _choose(field: Choice) -> None:
    """Keep what was sent if it can be chosen."""
    values = [str(value) for value, *_words in field.iter_choices()]
    field.data = field.data if field.data in values else values[0]


def _or_all(every: tuple[str, Any], choices: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """A menu of one needs no "all"."""
    return choices if len(choices) == 1 else [every, *choices]


def _id(value: Any) -> uuid.UUID | None:
    return uuid.UUID(str(value)) if value else None
