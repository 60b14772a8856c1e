"""The form with which an admin sends a test message."""

from flask_babel import lazy_gettext as _l

from portal.web.forms import Form, Phone


class TrialForm(Form):
    """A number of one's own; the view reads it, by the organisation's rule for foreign numbers (S14)."""

    phone = Phone(_l("Ditt eget mobilnummer"))
