"""Forms about participants: from what was typed to a dataclass, or to a sentence beside each field."""

import uuid
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.identity.models import EnrolmentPeriod
from portal.identity.people import words
from portal.identity.people.course_service import Closure, Period
from portal.identity.people.person_queries import Options
from portal.identity.people.service import Answer, Background, Facts, NewEnrolment
from portal.languages import SWEDISH, language
from portal.messaging import words as messaging_words
from portal.messaging.rules import PhoneError, normalise
from portal.web.forms import (
    Choice,
    Choices,
    Day,
    Form,
    Hidden,
    LongText,
    Number,
    Phone,
    Several,
    SharedForm,
    Text,
)

NAME_MAX = 120
NOTHING = ("", _l("Inte ifyllt"))
BORN = {"inside": True, "outside": False, "not_told": None}
ANOTHER = "another"
"""The answer "no, another person": no id looks like it."""


def optional_id(value: Any) -> uuid.UUID | None:
    """An id out of a menu, which has checked it; None for the empty line."""
    return uuid.UUID(str(value)) if value else None


def needed(day: date | None) -> date:
    """The day that `validate` has seen to be there."""
    assert day is not None
    return day


def with_stored(offered: tuple[tuple[str, str], ...], stored: str) -> list[tuple[str, Any]]:
    """A menu with an empty first line, and what is stored even when the list has retired it."""
    known = {code for code, _ in offered}
    return [NOTHING, *offered, *([(stored, stored)] if stored and stored not in known else [])]


class Same(Choices):
    """An answer about persons whose ids the service checks: the form does not know them yet."""

    def pre_validate(self, form: Any) -> None:
        """Let any answer through to the service."""


class FactsForm(Form):
    """A person's own facts and those of the present enrolment."""

    name = Text(_l("Namn"), max=NAME_MAX, hint=_l("Förnamn och efternamn."))
    language = Choice(_l("Språk"), hint=_l("Det språk som sidor och meddelanden ska vara på."))
    programme = Choice(_l("Insats"))
    referrer = Choice(_l("Vem remitterade"), required=False)
    intake = Number(_l("Intag"), min=1, max=999, required=False, hint=_l("Gruppens nummer."))
    applied_on = Day(_l("Ansökan kom"), required=False)
    first_meeting_on = Day(_l("Första mötet"), required=False)
    started_on = Day(_l("Start"), required=False)
    income_at_start = Choice(_l("Största inkomst vid start"), required=False)
    gender = Choices(_l("Kön"), choices=list(words.GENDERS.items()), default="not_told")
    born = Choices(_l("Född"), choices=list(words.BORN.items()), default="not_told")
    age_band = Choices(
        _l("Ålder"),
        choices=list(words.AGES.items()),
        default="adult",
        hint=_l("Bara för ORS, SRS och GSRS. Ändra när personen fyller 18 år."),
    )
    municipality = Choice(_l("Kommun"), required=False)
    education = Choice(_l("Utbildning"), required=False)
    seen = Hidden()

    def offer(self, options: Options, stored: Facts | None = None) -> None:
        """Fill the menus."""
        self._options, self._stored = options, stored
        kept = language(stored.language) if stored else SWEDISH
        self.language.choices = list(dict.fromkeys([*options.languages, (kept.code, kept.name)]))
        self.programme.choices = list(options.programmes)
        background = stored.background if stored else Background()
        for field, kind, value in (
            (self.referrer, "referrer", stored.referrer if stored else ""),
            (self.income_at_start, "income", stored.income_at_start if stored else ""),
            (self.municipality, "municipality", background.municipality),
            (self.education, "education", background.education),
        ):
            field.choices = with_stored(options.lists[kind], value)

    def validate_referrer(self, field: Any) -> None:
        """The programme uses the word, or it stood there before."""
        self._check_used("referrer", field, self._stored.referrer if self._stored else "")

    def validate_income_at_start(self, field: Any) -> None:
        """The programme uses the word, or it stood there before."""
        self._check_used("income", field, self._stored.income_at_start if self._stored else "")

    def _check_used(self, kind: str, field: Any, before: str) -> None:
        used = self._options.used(kind, str(self.programme.data))
        if field.data and field.data != before and field.data not in dict(used):
            words = ", ".join(word for _code, word in used)
            raise ValidationError(_("Insatsen använder de här orden: %(words)s.", words=words))

    def show(self, facts: Facts, seen: str) -> None:
        """Fill in what is stored."""
        for name in FACT_FIELDS:
            self[name].data = getattr(facts, name)
        background = facts.background
        self.programme.data = str(facts.programme_id)
        self.gender.data = background.gender
        self.born.data = next(code for code, value in BORN.items() if value is background.born_in_sweden)
        self.age_band.data = background.age_band
        self.municipality.data = background.municipality
        self.education.data = background.education
        self.seen.data = seen

    def facts(self) -> Facts:
        """What was filled in. Only after `validate`."""
        values = {name: self[name].data for name in FACT_FIELDS}
        values["name"] = " ".join(values["name"].split())
        background = Background(
            gender=self.gender.data,
            born_in_sweden=BORN[self.born.data],
            municipality=self.municipality.data or "",
            education=self.education.data or "",
            age_band=self.age_band.data,
        )
        return Facts(**values, programme_id=uuid.UUID(self.programme.data), background=background)

    def blame(self, problems: dict[str, str]) -> None:
        """Put the sentence about each day beside its field."""
        blame(self, problems)


FACT_FIELDS = (
    "name",
    "language",
    "referrer",
    "intake",
    "applied_on",
    "first_meeting_on",
    "started_on",
    "income_at_start",
)


def blame(form: Form, problems: dict[str, str]) -> None:
    """Put a sentence beside each field whose day cannot be."""
    for field, code in problems.items():
        form[field].errors = [*form[field].errors, words.DATES[code]]


def read_phone(field: Any, *, foreign: bool) -> str:
    """The number in E.164; "" with a sentence beside the field when it is none, or "" when it is empty."""
    if not field.data:
        return ""
    try:
        return normalise(field.data, allow_foreign=foreign)
    except PhoneError as wrong:
        field.errors = [*field.errors, messaging_words.phone_problem(wrong)]
        return ""


class EnrolForm(FactsForm):
    """A new enrolment. `ticket` marks this one form, so that two taps make one enrolment."""

    phone = Phone(
        _l("Mobilnummer"), required=False, hint=_l("Lämna tomt om personen inte har någon egen mobil.")
    )
    team = Choice(_l("Team"))
    coach = Choice(_l("Coach"), required=False)
    same = Same(_l("Är det samma person?"), required=False, choices=[])
    ticket = Hidden()

    def offer(self, options: Options, stored: Facts | None = None) -> None:
        """Fill the menus; a coach's own team stands chosen."""
        super().offer(options, stored)
        self.team.choices = list(options.teams)
        self.coach.choices = [("", _l("Ingen än")), *options.coaches]

    def new(self, phone: str) -> NewEnrolment:
        """What was filled in. Only after `validate`."""
        return NewEnrolment(
            facts=self.facts(),
            phone=phone,
            team_id=uuid.UUID(self.team.data),
            coach_id=optional_id(self.coach.data),
        )

    def answer(self) -> Answer:
        """What was answered to the question whether it is the same person."""
        given = self.same.data or ""
        if given == ANOTHER:
            return Answer(asked=True)
        try:
            return Answer(asked=True, person_id=uuid.UUID(given)) if given else Answer()
        except ValueError:
            return Answer()


class PeriodForm(SharedForm):
    """A pause or an extension."""

    starts_on = Day(_l("Första dagen"))
    ends_on = Day(_l("Sista dagen"), required=False, hint=_l("Lämna tomt om ni inte vet."))
    reason = LongText(_l("Varför"), max=500, required=False, hint=_l("Bara personalen ser det."))
    ticket = Hidden()

    @classmethod
    def of(cls, stored: EnrolmentPeriod) -> "PeriodForm":
        """The form with what is stored."""
        form = cls(formdata=None, obj=stored)
        form.mark()
        return form

    def period(self, kind: str) -> Period:
        """What was filled in. Only after `validate`."""
        return Period(kind, needed(self.starts_on.data), self.ends_on.data, self.reason.data or "")


class CloseForm(Form):
    """How an enrolment ends."""

    closed_on = Day(_l("Sista dagen"))
    outcome = Choice(_l("Vad blev det"))
    income = Choice(_l("Största inkomst efteråt"), required=False)

    def closure(self) -> Closure:
        """What was filled in. Only after `validate`."""
        return Closure(needed(self.closed_on.data), self.outcome.data, self.income.data or "")


class NumberForm(Form):
    """Another number, and how we know that it is theirs (S35)."""

    phone = Phone(_l("Nytt mobilnummer"))
    confirmed = Choices(_l("Hur vet du att numret är rätt?"), choices=list(words.CONFIRMED.items()))


class HandlersForm(SharedForm):
    """Who may open a protected person."""

    handlers = Several(
        _l("Handläggare"),
        needed=_l("Välj minst en handläggare."),
        hint=_l("Bara de som du väljer kan hitta personen."),
    )

    def chosen(self) -> list[uuid.UUID]:
        """The chosen staff. Only after `validate`."""
        return [uuid.UUID(value) for value in self.handlers.data or ()]


class EmptyForm(Form):
    """A button with its token."""
