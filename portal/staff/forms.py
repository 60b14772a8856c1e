"""How a cause was handled."""

import uuid

from flask_babel import lazy_gettext as _l

from portal.staff import rules
from portal.staff.service import Handling
from portal.staff.words import OUTCOMES
from portal.web.forms import Choices, Form, LongText, Number

NOTE_MAX = 500


class HandleForm(Form):
    """One of four outcomes; "later" takes days and a note."""

    outcome = Choices(_l("Vad har du gjort?"), choices=list(OUTCOMES.items()))
    days = Number(_l("Om hur många dagar?"), min=1, max=60, required=False, default=1)
    note = LongText(_l("Anteckning till dig själv"), max=NOTE_MAX, required=False)

    def handling(self, person_id: uuid.UUID, keys: tuple[str, ...]) -> Handling:
        """The form as a value, for these causes."""
        outcome = str(self.outcome.data)
        later = outcome == rules.LATER
        return Handling(
            person_id=person_id,
            keys=keys,
            outcome=outcome,
            days=self.days.data or 1,
            note=(self.note.data or "") if later else "",
        )
