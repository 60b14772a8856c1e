"""What people write in a plan, turned into the rules' own values or into a sentence beside the field."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.plan import rules
from portal.plan.rows import StepRow
from portal.plan.words import DOERS, OUTCOME_CHOICES
from portal.web.forms import Choice, Choices, Day, Form, Hidden, LongText, Text, Tick
from portal.web.signs import clean, without_controls
from portal.wording import phrases
from portal.wording.words import THEMES

GOAL_MAX, STEP_MAX, WORDS_MAX, WHEN_MAX = 500, 300, 1000, 60
"""Characters. A goal is a few sentences, a step one or two, and a question may be a story."""


class Versioned(Form):
    """A form that knows which wording it was made from."""

    version = Hidden()

    @property
    def version_number(self) -> int:
        """The version as a number; one that nothing has when the page carried rubbish."""
        return _whole(str(self.version.data))


class Phrased(Versioned):
    """A form for a text that is a ready phrase or written freely; `text_name` is the field for the latter."""

    text_name = "text"
    kind = "step"
    phrase = Choice(_l("Välj en färdig text"), required=False, hint=_l("Den finns redan på alla språk."))

    def offer(self, language: str = "sv") -> None:
        """Fill in the phrases by theme, in the reader's language; a text that is one of them is chosen."""
        found = phrases.offered(self.kind)
        groups = {"": [("", _("Ingen färdig text"))]}
        for theme, ready in found.items():
            groups[str(THEMES[theme])] = [(one.key, one.text(language)) for one in ready]
        chosen, written = self.phrase, self[self.text_name]
        chosen.choices = groups
        chosen.flags.either = written.flags.either = True
        known = phrases.known(written.data or "")
        if not self.is_submitted() and known is not None:
            chosen.data, written.data = known.key, ""
            if known not in found.get(known.theme, ()):
                groups[str(THEMES[known.theme])].append((known.key, known.text(language)))

    def validate_phrase(self, field: Choice) -> None:
        """A phrase and a text of one's own would say two things. A text left as it stood gives way."""
        written = self[self.text_name]
        if field.data and written.data and written.data != clean(written.object_data or ""):
            raise ValidationError(
                _("Du har både valt en färdig text och skrivit en egen. Ta bort en av dem.")
            )

    def either(self, field: LongText) -> None:
        """Something must be said, one way or the other."""
        if not field.data and not self.phrase.data:
            raise ValidationError(_("Fyll i det här."))

    @property
    def said(self) -> str:
        """What is stored: the phrase in Swedish, or what was written."""
        ready = phrases.by_key(self.phrase.data or "")
        written: str = self[self.text_name].data or ""
        return ready.swedish if ready else written


class StaffPhrased(Phrased):
    """A staff form for such a text: the phrases are searched, and stand beside the participant's language."""

    looked = False
    q = Text(_l("Sök bland färdiga texter"), required=False, hint=_l("Till exempel: läkare."))

    def offer(self, language: str = "sv") -> None:
        """As for any such text; that one need not search goes without saying."""
        super().offer(language)
        self.q.flags.either = True

    def looks(self) -> bool:
        """Whether somebody looks for a phrase while they write: nothing is checked, all of it comes back.

        They press "Sök"; or Enter, which looks for what is to be found where nothing else is said yet.
        """
        self.looked = "find" in request.form or ("enter" in request.form and self._only_searched())
        if not self.looked:
            return False
        for field in self:
            if isinstance(field.data, str):
                field.data = without_controls(field.data)
        return True

    def _only_searched(self) -> bool:
        written = self[self.text_name]
        said_anew = any(
            one.data and one.data != clean(one.object_data or "") for one in (self.phrase, written)
        )
        return bool(self.q.data) and not said_anew

    def found(self, language: str) -> list[tuple[str, list[phrases.Phrase], bool]]:
        """(theme, its phrases, whether they stand open): those that are searched for, and the chosen one."""
        query, chosen = self.q.data or "", phrases.by_key(self.phrase.data or "")
        groups = []
        for theme, ready in phrases.offered(self.kind).items():
            matching = list(phrases.search(ready, query, language))
            held = chosen is not None and chosen.theme == theme
            if chosen is not None and held and chosen not in matching:
                matching.append(chosen)
            if matching:
                groups.append((str(THEMES[theme]), matching, bool(query) or held))
        return groups


class GoalForm(Phrased):
    """The goal, as the participant writes it."""

    text_name, kind = "goal", "goal"
    goal = LongText(
        _l("Vad vill du?"),
        max=GOAL_MAX,
        required=False,
        hint=_l("Skriv med dina egna ord. Du kan ändra när du vill."),
    )
    phrase = Choice(_l("Eller välj ett färdigt mål"), required=False)

    def validate_goal(self, field: LongText) -> None:
        """A goal is written or chosen."""
        self.either(field)


class StaffGoalForm(StaffPhrased):
    """The goal, as the coach writes it down."""

    text_name, kind = "goal", "goal"
    goal = LongText(_l("Målet"), max=GOAL_MAX, required=False, hint=_l("Med deltagarens egna ord."))

    def validate_goal(self, field: LongText) -> None:
        """A goal is written or chosen."""
        self.either(field)


class HelpForm(Form):
    """A question about a step; it can be sent without a word."""

    request_id = Hidden()
    words = LongText(_l("Vad behöver du hjälp med?"), max=WORDS_MAX, required=False)

    @property
    def request_uuid(self) -> UUID:
        """The id of the question: the page's own, so that a page sent twice asks once."""
        return _uuid(self.request_id.data)


class AnswerForm(Form):
    """What came of a question."""

    outcome = Choices(_l("Vad blev det?"), choices=list(OUTCOME_CHOICES.items()))
    words = LongText(
        _l("Vill du skriva något till?"), max=WORDS_MAX, required=False, hint=_l("Deltagaren läser det här.")
    )


class SubgoalForm(StaffPhrased):
    """A sub-goal: words and when."""

    kind = "subgoal"

    today: date
    before: date | None = None

    text = LongText(
        _l("Delmålet"),
        max=STEP_MAX,
        required=False,
        hint=_l("Skriv på lätt svenska. Deltagaren läser det."),
    )
    day = Day(_l("Datum"), required=False)
    when = Text(_l("Eller när med egna ord"), max=WHEN_MAX, required=False, hint=_l("Till exempel: i mars."))
    hidden = Tick(
        _l("Visa inte i portalen"), hint=_l("Deltagaren ser inget spår av det. Bara personalen ser det.")
    )
    step_id = Hidden()

    def validate_text(self, field: LongText) -> None:
        """The words are written or chosen."""
        self.either(field)

    def validate_day(self, field: Day) -> None:
        """A day that has gone by is refused, unless the step already had it."""
        if rules.when_problem(field.data, "", self.today, self.before) == "past":
            raise ValidationError(_("Dagen har redan varit. Välj en ny dag."))

    def validate_when(self, field: Text) -> None:
        """A day and loose words would say two things."""
        if rules.when_problem(self.day.data, field.data or "", self.today, self.day.data) == "both":
            raise ValidationError(_("Skriv ett datum eller egna ord, inte båda."))

    @property
    def step_uuid(self) -> UUID:
        """The id of the step: the page's own, so that a page sent twice adds once."""
        return _uuid(self.step_id.data)

    def wording(self) -> rules.Wording:
        """What was written, for the service."""
        return rules.Wording(
            self.said,
            day=self.day.data,
            when=self.when.data or "",
            in_portal=not self.hidden.data,
        )


class StepForm(SubgoalForm):
    """A step: words, who, when, and the sub-goal it leads to."""

    kind = "step"
    text = LongText(
        _l("Steget"), max=STEP_MAX, required=False, hint=_l("Skriv på lätt svenska. Deltagaren läser det.")
    )
    doer = Choices(_l("Vem gör det?"), choices=list(DOERS.items()))
    doer_name = Text(
        _l("Vem är det?"), required=False, hint=_l("Om det är någon annan. Till exempel: läkaren.")
    )
    subgoal = Choice(_l("Delmål"), required=False)

    def validate_doer_name(self, field: Text) -> None:
        """ "Somebody else" needs a name or a word."""
        if self.doer.data == "other" and not field.data:
            raise ValidationError(_("Skriv vem det är."))

    def wording(self) -> rules.Wording:
        """What was written, for the service; a name only where somebody else does it."""
        return rules.Wording(
            self.said,
            doer=self.doer.data,
            doer_name=(self.doer_name.data or "") if self.doer.data == "other" else "",
            day=self.day.data,
            when=self.when.data or "",
            subgoal_id=UUID(self.subgoal.data) if self.subgoal.data else None,
            in_portal=not self.hidden.data,
        )


def step_form(
    kind: str, today: date, subgoals: Iterable[StepRow], step: StepRow | None = None
) -> SubgoalForm:
    """The form for a step or a sub-goal, empty or with what `step` says. `today` is the local date."""
    given = {"step_id": str(uuid4()), "doer": "participant"} if step is None else _given(step)
    form = StepForm(data=given) if kind == "step" else SubgoalForm(data=given)
    form.offer()
    form.today, form.before = today, step.day if step else None
    if isinstance(form, StepForm):
        known = [(str(row.id), row.text) for row in subgoals]
        form.subgoal.choices = [("", _("Inget delmål")), *known]
    return form


def _given(step: StepRow) -> dict[str, Any]:
    return {
        "text": step.text,
        "doer": step.doer,
        "doer_name": step.doer_name,
        "day": step.day,
        "when": step.when,
        "subgoal": str(step.subgoal_id) if step.subgoal_id else "",
        "hidden": not step.in_portal,
        "version": step.version,
    }


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        return uuid4()


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else -1
