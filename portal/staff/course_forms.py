"""To whom a person is handed over, and what becomes of each coming meeting."""

import uuid
from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _l

from portal.booking import rules
from portal.identity.people.forms import CloseForm
from portal.web.forms import Choice, Form, Tick

DECISIONS = (rules.ALONG, rules.STAY, rules.CANCEL)


class ClosingForm(CloseForm):
    """How an enrolment ends, and whether its person has said yes to being asked later."""

    follow_up = Tick(
        _l("Personen har sagt ja till att vi hör av oss senare"),
        hint=_l("Fråga. Den som inte har fått frågan räknas som ett nej. Personen kan ändra sig."),
    )


class HandoverForm(Form):
    """Another coach. A value names the coach and the team: somebody may work in two."""

    coach = Choice(_l("Ny coach"))

    def chosen(self) -> tuple[uuid.UUID, uuid.UUID]:
        """(coach, team). Only after `validate`."""
        coach, _, team = str(self.coach.data).partition(" ")
        return uuid.UUID(coach), uuid.UUID(team)


def read_decisions(sent: Mapping[str, str], meeting_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What was chosen for each of these meetings; nothing for one without a proper answer."""
    found = {meeting_id: sent.get(f"meeting-{meeting_id}", "") for meeting_id in meeting_ids}
    return {meeting_id: answer for meeting_id, answer in found.items() if answer in DECISIONS}
