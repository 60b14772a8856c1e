"""On which step somebody was, on which day."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.plan.stair_queries import MoveRow, StairStep
from portal.web.forms import Choice, Day, Form, Hidden, LongText

WORDS_MAX = 500


class MoveForm(Form):
    """A record: step, day, a note for staff. It brings its own id: sent twice it is once."""

    move_id = Hidden()
    code = Choice(_l("Steg på trappan"))
    on = Day(_l("Från och med"))
    words = LongText(
        _l("Anteckning"), max=WORDS_MAX, required=False, hint=_l("Den står inte i deltagarens plan.")
    )

    @property
    def move_uuid(self) -> UUID:
        """The id of the record."""
        try:
            return UUID(self.move_id.data or "")
        except ValueError:
            return uuid4()

    @property
    def day(self) -> date:
        """The day that was chosen. Only after `validate`."""
        if self.on.data is None:
            raise ValueError("not validated")
        return self.on.data

    def blame(self, problem: str) -> None:
        """Say beside the day why it cannot stand."""
        words = {
            "future": _("Den dagen har inte varit än."),
            "before": _("Dagen är före ansökan. Välj en senare dag."),
        }
        self.on.errors = [words[problem]]


def move_form(steps: Iterable[StairStep], today: date, move: MoveRow | None = None) -> MoveForm:
    """The form for a new record, or for one that puts `move` right."""
    given = {"move_id": str(uuid4()), "on": today, "code": ""}
    if move is not None:
        given |= {"on": move.on, "code": move.code, "words": move.words}
    form = MoveForm(data=given)
    kept = move.code if move else ""
    form.code.choices = [
        ("", _("Välj …")),
        *((step.code, step.name) for step in steps if not step.retired or step.code == kept),
    ]
    return form
