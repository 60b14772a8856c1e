"""What differs between a plan as it was and as it is, in words: for the participant, and for staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from portal.plan.version_queries import Past
from portal.plan.version_rules import Difference, Facts
from portal.plan.words import DOERS, STATES
from portal.web.formats import day_words


@dataclass(frozen=True)
class SayPast:
    """Words for a past plan. `own`: for the participant, to whom the doers are "you" and "your coach"."""

    past: Past
    own: bool

    states = STATES

    def differences(self) -> list[tuple[str, list[str]]]:
        """What is another thing now: the step's words, and a sentence for each thing about it.

        Nothing where nothing stood yet: all of the plan would be new.
        """
        if self.past.version.empty:
            return []
        found = [(one.text, self._told(one)) for one in self.past.differences]
        then, now = self.past.version.goal, self.past.present.goal
        if then == now:
            return found
        if not now:
            return [(then, [_("Målet finns inte längre.")]), *found]
        earlier = _("Förut var målet: %(goal)s", goal=then) if then else _("Målet är nytt sedan dess.")
        return [(now, [earlier]), *found]

    def _told(self, one: Difference) -> list[str]:
        if one.was is None:
            return [_("Nytt sedan dess.")]
        if one.became is None:
            return [_("Finns inte längre i planen.")]
        named = zip(self._facts(one.was), self._facts(one.became), strict=True)
        return [
            _("%(what)s: förut %(then)s, nu %(now)s.", what=what, then=then, now=now)
            for (what, then), (_what, now) in named
            if then != now
        ]

    def _facts(self, facts: Facts) -> list[tuple[str, str]]:
        day = day_words(date.fromisoformat(facts["day"])) if facts["day"] else str(facts["when"])
        return [
            (_("Text"), f'"{facts["text"]}"'),
            (_("Läge"), str(STATES[facts["state"]])),
            (_("Tid"), day or _("ingen tid")),
            (_("Vem"), self.doer(facts)),
        ]

    def doer(self, facts: Facts) -> str:
        """Who does it, in a word or two, for the coach may have been another one; nobody does a sub-goal."""
        if facts["kind"] == "subgoal":
            return ""
        words: Mapping[str, str] = {
            "participant": _("du") if self.own else str(DOERS["participant"]),
            "coach": _("din coach") if self.own else str(DOERS["coach"]),
            "other": str(facts["doer_name"]) or str(DOERS["other"]),
        }
        return words[facts["doer"]]
