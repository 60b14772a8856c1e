"""From when and until when somebody is away, and who answers instead."""

import uuid
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.identity.absence.desk_queries import Colleague
from portal.identity.absence.rules import BACKWARDS, LONG, PASSED
from portal.identity.absence.service import AwayToo, CannotStandIn, Overlaps, Wish, WrongDays
from portal.web.errors import Refused
from portal.web.forms import Choice, Day, Form

WRONG = {
    BACKWARDS: _l("Sista dagen måste vara efter den första."),
    PASSED: _l("De dagarna har redan varit."),
    LONG: _l("Högst ett år. Är det längre, byt coach för deltagarna."),
}


class ChangeForm(Form):
    """Another last day, or somebody else who answers."""

    last = Day(_l("Sista dagen"))
    stand_in = Choice(_l("Vem svarar i stället?"), required=False)

    def offer(self, colleagues: Iterable[Colleague]) -> None:
        """Let these be chosen, or nobody."""
        nobody: list[tuple[Any, Any]] = [("", _("Ingen"))]
        self.stand_in.choices = nobody + [(str(one.person_id), one.name) for one in colleagues]

    @property
    def chosen(self) -> uuid.UUID | None:
        """Who answers instead; None for nobody. Only after `validate`."""
        return uuid.UUID(self.stand_in.data) if self.stand_in.data else None

    def blame(self, refused: Refused) -> None:
        """Say beside the field what the service has refused."""
        if isinstance(refused, WrongDays):
            self.last.errors = [WRONG[refused.trouble]]
        elif isinstance(refused, Overlaps):
            self.last.errors = [_("De här dagarna går in i en annan frånvaro.")]
        elif isinstance(refused, CannotStandIn):
            self.stand_in.errors = [_("Välj någon i samma team.")]
        elif isinstance(refused, AwayToo):
            self.stand_in.errors = [_("Den personen är också borta de dagarna. Välj någon annan.")]


class AbsenceForm(ChangeForm):
    """The days, and who answers instead."""

    first = Day(_l("Första dagen"))

    def wish(self) -> Wish | None:
        """What was asked for; None with a sentence beside the field."""
        if not self.validate_on_submit() or self.first.data is None or self.last.data is None:
            return None
        return Wish(self.first.data, self.last.data, self.chosen)
