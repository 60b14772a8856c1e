"""What a translator sends."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.web.forms import Form, Hidden, LongText

LONGEST = 4000
"""Characters: the longest text, of a report, is at most half of that, and some languages need more room."""


class TranslationForm(Form):
    """A translation; the button says whether it is a draft. `seen` is the mark of what the page showed."""

    seen = Hidden()
    text = LongText(_l("Översättningen"), max=LONGEST)

    def overtaken(self, seen: str) -> None:
        """Somebody changed the Swedish text, or the translation, while this was written: say so, keep it."""
        self.seen.data = seen
        self.form_errors = [
            _("Texten eller översättningen har ändrats medan du skrev. Det du skrev finns kvar."),
            _("Läs den svenska texten igen. Spara sedan en gång till."),
        ]
