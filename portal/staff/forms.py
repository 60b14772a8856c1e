"""How a cause was handled."""

import uuid
from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.core import Field
from wtforms.validators import ValidationError

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

    def validate_note(self, field: Field) -> None:
        """A note is read when somebody comes back on the list; with anything else it would be lost."""
        if field.data and self.outcome.data not in (rules.LATER, None, "", "None"):
            raise ValidationError(_("Anteckningen sparas bara med Senare. Välj Senare, eller ta bort den."))

    def handling(self, person_id: uuid.UUID, open_now: Iterable[str], seen: Iterable[str]) -> Handling:
        """The form as a value, for what the page spoke of (`seen`) and what is open still."""
        known = frozenset(seen)
        return Handling(
            person_id=person_id,
            keys=tuple(key for key in open_now if key in known),
            outcome=str(self.outcome.data),
            days=self.days.data or 1,
            note=self.note.data or "",
            seen=tuple(sorted(known)),
        )
