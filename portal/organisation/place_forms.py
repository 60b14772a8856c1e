"""Forms for programmes and teams."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.organisation.models import PROGRAMME_LISTS, Programme, Team
from portal.organisation.models import Choice as Word
from portal.organisation.place_service import ProgrammeFacts, TeamFacts
from portal.web.forms import Day, LongText, Number, Several, SharedForm, Text

NAME_MAX = 120
TARGETS = {
    "participants": 1,
    "share_of_women": 100,
    "share_to_work": 100,
    "share_one_step": 100,
    "share_still_6": 100,
    "share_still_18": 100,
}
"""Each target that has a field, and how much of what is typed is one: shares are typed in per cent."""


class TeamForm(SharedForm):
    """One team."""

    name = Text(_l("Teamets namn"), max=NAME_MAX)
    municipality = Text(_l("Kommunen där teamet arbetar"), max=NAME_MAX)

    @classmethod
    def of(cls, team: Team) -> "TeamForm":
        """The form with what is stored."""
        form = cls(formdata=None, name=team.name, municipality=team.municipality)
        form.mark()
        return form

    def facts(self) -> TeamFacts:
        """What was filled in. Only after `validate`."""
        return TeamFacts(" ".join((self.name.data or "").split()), self.municipality.data or "")


class ProgrammeForm(SharedForm):
    """One programme."""

    name = Text(_l("Insatsens namn"), max=NAME_MAX)
    starts_on = Day(_l("Första dagen"))
    ends_on = Day(_l("Sista dagen"), required=False, hint=_l("Lämna tomt om ni inte vet."))
    partners = LongText(
        _l("Vilka är med"),
        max=1000,
        required=False,
        hint=_l("Skriv en myndighet på varje rad."),
    )
    participants = Number(_l("Mål: så många deltagare"), min=1, max=100_000, required=False)
    share_of_women = Number(_l("Mål: andel kvinnor, i procent"), min=0, max=100, required=False)
    share_to_work = Number(
        _l("Mål: andel som går till arbete eller studier, i procent"), min=0, max=100, required=False
    )
    share_one_step = Number(
        _l("Mål: andel som tar minst ett steg på trappan, i procent"), min=0, max=100, required=False
    )
    share_still_6 = Number(
        _l("Mål: andel som är kvar eller högre efter 6 månader, i procent"), min=0, max=100, required=False
    )
    share_still_18 = Number(
        _l("Mål: andel som är kvar eller högre efter 18 månader, i procent"), min=0, max=100, required=False
    )
    referrer_words = Several(_l("Vem som remitterar hit"), hint=_l("Välj inget om alla ord används."))
    outcome_words = Several(_l("Vad det kan bli vid avslut"), hint=_l("Välj inget om alla ord används."))
    income_words = Several(_l("Inkomster som räknas här"), hint=_l("Välj inget om alla ord används."))

    def offer(
        self, lists: Mapping[str, Sequence[Word]], language: str, kept: Programme | None = None
    ) -> None:
        """Fill the lists of words: those in use, and those that the programme has chosen."""
        for kind in PROGRAMME_LISTS:
            own = (kept.lists or {}).get(kind, ()) if kept else ()
            field = self[f"{kind}_words"]
            assert isinstance(field, Several)
            field.choices = [
                (word.code, word.label(language))
                for word in lists[kind]
                if word.code in own or not word.retired
            ]

    @classmethod
    def of(cls, programme: Programme, lists: Mapping[str, Sequence[Word]], language: str) -> "ProgrammeForm":
        """The form with what is stored."""
        form = cls(formdata=None, obj=programme)
        form.offer(lists, language, programme)
        for kind in PROGRAMME_LISTS:
            form[f"{kind}_words"].data = list((programme.lists or {}).get(kind, ()))
        form.partners.data = "\n".join(programme.partners)
        for name, one in TARGETS.items():
            target = (programme.targets or {}).get(name)
            form[name].data = None if target is None else round(target * one)
        form.mark()
        return form

    def validate_ends_on(self, field: Any) -> None:
        """It must not lie before the first day."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("Sista dagen kan inte vara före den första."))

    def facts(self) -> ProgrammeFacts:
        """What was filled in. Only after `validate`."""
        partners = dict.fromkeys(line.strip() for line in (self.partners.data or "").split("\n"))
        typed = {name: self[name].data for name in TARGETS}
        return ProgrammeFacts(
            name=" ".join((self.name.data or "").split()),
            starts_on=self.starts_on.data or date.max,
            ends_on=self.ends_on.data,
            targets={
                name: value if value is None or TARGETS[name] == 1 else value / TARGETS[name]
                for name, value in typed.items()
            },
            partners=tuple(line for line in partners if line),
            lists={kind: list(self[f"{kind}_words"].data or ()) for kind in PROGRAMME_LISTS},
        )
