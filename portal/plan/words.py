"""The plan's codes in words: for the participant, for staff, and each change as one plain sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.plan.card_service import CardFull
from portal.plan.news_service import TalkedAbout
from portal.plan.news_words import ANSWERS, talked_sentence
from portal.plan.rows import AnswerRow, ChangeRow, PlanPage, StepRow
from portal.plan.rules import may_finish, next_states
from portal.plan.service import NotFromHere, NotOpen, Stale, Withdrawn
from portal.web.errors import Refused
from portal.web.formats import day_words
from portal.wording import words as wording
from portal.wording.glossary import HardWord, hard_words

STATES: Mapping[str, LazyString] = {
    "planned": _l("Senare"),
    "now": _l("Nu"),
    "done": _l("Klart"),
    "paused": _l("Pausat"),
    "dropped": _l("Struket"),
}
STATE_TONES: Mapping[str, str] = {
    "planned": "sky",
    "now": "ribbon",
    "done": "pine",
    "paused": "sun",
    "dropped": "sky",
}
STATE_VERBS: Mapping[str, LazyString] = {
    "planned": _l("Gör senare"),
    "now": _l("Gör nu"),
    "done": _l("Klart"),
    "paused": _l("Pausa"),
    "dropped": _l("Stryk"),
}
DOERS: Mapping[str, LazyString] = {
    "participant": _l("Deltagaren"),
    "coach": _l("Coachen"),
    "other": _l("Någon annan"),
}
OUTCOME_CHOICES: Mapping[str, LazyString] = {
    "talked": _l("Vi har pratat om det"),
    "changed": _l("Steget är ändrat"),
    "booked": _l("Vi har bokat ett möte"),
    "not_needed": _l("Hjälpen behövs inte längre"),
}
OUTCOMES: Mapping[str, LazyString] = {
    "talked": _l("Ni har pratat om det."),
    "changed": _l("Steget är ändrat."),
    "booked": _l("Ni har bokat ett möte."),
    "not_needed": _l("Du behöver inte hjälp med det här längre."),
}


REFUSALS: Mapping[type[Refused], LazyString] = {
    NotOpen: _l("Planen är avslutad. Den går inte att ändra."),
    Stale: _l("Planen har ändrats. Läs den igen och försök en gång till."),
    Withdrawn: _l("Steget finns inte längre i planen. Någon har tagit bort det."),
    CardFull: _l("Kortet är fullt. Ta bort en rad först."),
    TalkedAbout: _l("Ni har redan pratat om det. Svaret går inte att ändra."),
    NotFromHere: _l("Det går inte längre. Någon annan har ändrat. Läs planen igen."),
}


def refusal(error: Refused) -> str:
    """Why something could not be done, as one plain sentence with a way on."""
    return str(REFUSALS[type(error)])


def kept(error: Refused) -> list[str]:
    """Why something could not be saved, for the form that still holds what was written."""
    return [refusal(error), _("Det du skrev finns kvar här. Det är inte sparat.")]


@dataclass(frozen=True)
class Say:
    """What a template needs to put a plan into words, for a reader of `language` on the local day `today`."""

    language: str
    today: date
    phone: str = ""

    states = STATES
    tones = STATE_TONES
    verbs = STATE_VERBS
    doers = DOERS
    outcomes = OUTCOMES
    answers = OUTCOME_CHOICES
    translations = wording.STATES
    translation_tones = wording.TONES
    not_translated = wording.TOLD
    said = ANSWERS

    def talked(self, row: AnswerRow) -> str:
        """That a question has been talked about."""
        return talked_sentence(row)

    def words(self, text: str) -> tuple[HardWord, ...]:
        """The hard words in a text, explained."""
        return hard_words(text, self.language)

    def doer(self, step: StepRow, coach: str) -> str:
        """Who does a step."""
        return doer_sentence(step, coach)

    def change(self, change: ChangeRow) -> str:
        """A change as one sentence."""
        return change_sentence(change)

    def may_finish(self, step: StepRow) -> bool:
        """Whether the participant may mark the step as done."""
        return may_finish(step)

    def next_states(self, state: str) -> tuple[str, ...]:
        """Where a step may go from here."""
        return next_states(state)


def step_facts(step: StepRow, page: PlanPage) -> list[tuple[str, str]]:
    """What a step says now, as names and values, for somebody who has written something else."""
    subgoal = page.step(step.subgoal_id)
    facts = [(_("Text"), step.text), (_("När"), day_words(step.day) if step.day else step.when)]
    if step.kind == "subgoal":
        return facts
    doer = step.doer_name if step.doer == "other" else str(DOERS[step.doer])
    return [*facts, (_("Vem"), doer), (_("Delmål"), subgoal.text if subgoal else "")]


def doer_sentence(step: StepRow, coach: str) -> str:
    """Who does a step, told to the participant. `coach` is the coach's first name, "" when there is none."""
    if step.doer == "participant":
        return _("Du gör det.")
    name = step.doer_name if step.doer == "other" else coach
    name = name[:1].upper() + name[1:]
    return _("%(name)s gör det.", name=name) if name else _("Någon annan gör det.")


def change_sentence(change: ChangeRow) -> str:
    """One change as a plain fact for staff, ready to copy."""
    told = {"by": change.by, "text": change.text, "earlier": change.earlier}
    match change.action:
        case "state":
            return _state_sentence(change.state, told)
        case "help_closed":
            outcome = str(OUTCOME_CHOICES[change.state])
            return _('%(by)s svarade om "%(text)s": %(outcome)s.', outcome=outcome, **told)
        case "add" if change.kind == "subgoal":
            return _('%(by)s lade till delmålet "%(text)s".', **told)
        case "change" if change.text == change.earlier and _hid(change) is not None:
            if _hid(change):
                return _('%(by)s gömde "%(text)s" för deltagaren.', **told)
            return _('%(by)s visade "%(text)s" för deltagaren.', **told)
        case "change" if change.text != change.earlier:
            return _('%(by)s ändrade "%(earlier)s" till "%(text)s".', **told)
    return _other_sentence(change.action, told)


def _hid(change: ChangeRow) -> bool | None:
    """Whether a change took a step out of the portal; None when it was there, or not there, all along."""
    was, is_now = (facts is None or facts.get("in_portal", True) for facts in (change.was, change.became))
    return None if was == is_now else was


def _state_sentence(state: str, told: Mapping[str, str]) -> str:
    sentences = {
        "planned": _('%(by)s sköt upp "%(text)s".', **told),
        "now": _('%(by)s satte i gång "%(text)s".', **told),
        "done": _('%(by)s markerade "%(text)s" som klart.', **told),
        "paused": _('%(by)s pausade "%(text)s".', **told),
        "dropped": _('%(by)s strök "%(text)s".', **told),
    }
    return sentences[state]


def _other_sentence(action: str, told: Mapping[str, str]) -> str:
    sentences = {
        "goal": _('%(by)s skrev målet: "%(text)s"', **told),
        "add": _('%(by)s lade till "%(text)s".', **told),
        "change": _('%(by)s ändrade vem eller när för "%(text)s".', **told),
        "move": _('%(by)s flyttade "%(text)s" i ordningen.', **told),
        "undo": _('%(by)s ångrade en ändring av "%(text)s".', **told),
        "help_asked": _('%(by)s bad om hjälp med "%(text)s".', **told),
    }
    return sentences[action]
