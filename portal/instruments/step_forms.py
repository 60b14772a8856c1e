"""The buttons under a question, in one manner whatever is asked, and the one that sends the answers."""

import uuid
from typing import Literal

from portal.web.forms import Form, Hidden, Text

Act = Literal["next", "skip", "back", "later"]
ACTS: dict[str, Act] = {"next": "next", "skip": "skip", "back": "back", "later": "later"}


class StepForm(Form):
    """A screen with its buttons; what was pressed is "next" unless it says otherwise."""

    act = Text(required=False, max=10)

    @property
    def pressed(self) -> Act:
        """Which of the buttons."""
        return ACTS.get(self.act.data or "", "next")


class SendForm(Form):
    """The sending's own key, so that the same sending is stored once."""

    key = Hidden()

    def submission_key(self) -> uuid.UUID | None:
        """The key; None when it is not one."""
        try:
            return uuid.UUID(self.key.data or "")
        except ValueError:
            return None
