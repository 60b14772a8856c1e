"""What a translator sends."""

from typing import cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.languages import LANGUAGES, SWEDISH
from portal.web.forms import Choice, Form, Hidden, LongText
from portal.wording import rules

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


WRITTEN_LABEL = _l("Vilket språk skriver du på?")
WRITTEN_HINT = _l("Är det inte svenska? Då läser en översättare det också, men ser inte ditt namn.")


def offer_languages(form: Form, first: str, other: str) -> None:
    """Ask in which language its words are, by its field `written`; not where only Swedish comes into it."""
    codes = list(dict.fromkeys((first, other, SWEDISH.code)))
    if len(codes) == 1:
        del form["written"]
        return
    # Each in its own name: whoever writes in a language reads it.
    written = cast("Choice", form["written"])
    written.choices = [(code, LANGUAGES[code].name) for code in codes]
    if not form.is_submitted():
        written.data = first


def language_of(form: Form, words: str, own: str) -> str:
    """In which language the words of such a form are; `own` is the writer's or the reader's."""
    chosen = form["written"].data if "written" in form else SWEDISH.code
    return rules.written_in(chosen, words, own)
