"""What staff send to change a meeting that stands."""

from typing import Any

from werkzeug.datastructures import MultiDict

from portal.booking.forms import StaffMeetingForm
from portal.web.forms import Form

BOOKED_WITH = frozenset({"interpreter", "dialect", "gender", "way", "hidden"})
"""What is asked once, when the meeting is booked."""


class MoveForm(StaffMeetingForm):
    """The form of a new meeting, deaf to what is asked about a new one alone."""

    class Meta(Form.Meta):
        """What a form reads."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent in the fields that stand on the page."""
            sent = super().wrap_formdata(form, formdata)
            if sent is None:
                return None
            return MultiDict(pair for pair in sent.items(multi=True) if pair[0] not in BOOKED_WITH)
