"""What staff fill in about somebody who has left."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.followup import rules, words
from portal.followup.models import FollowUp
from portal.followup.service import Told
from portal.web.forms import Choice, Choices, Form, LongText


class ConsentForm(Form):
    """What the person said to being asked later."""

    said = Choices(
        _l("Får vi höra av oss när du har slutat?"), choices=[(rules.YES, _l("Ja")), (rules.NO, _l("Nej"))]
    )


class RecordForm(Form):
    """What came of asking; what they do and how they are is asked of whoever answered alone."""

    result = Choices(_l("Hur gick det?"), choices=list(words.RESULTS.items()))
    occupation = Choice(_l("Vad gör personen nu?"), required=False, default="")
    feels = Choices(_l("Hur mår personen?"), choices=list(words.FEELS.items()), required=False)
    note = LongText(_l("Anteckning"), required=False)

    @classmethod
    def among(cls, occupations: Iterable[tuple[str, str]], **given: Any) -> "RecordForm":
        """The form with these to choose among."""
        form = cls(**given)
        form.occupation.choices = [("", _("Välj …")), *occupations]
        return form

    @classmethod
    def of(cls, done: FollowUp | None, occupations: Iterable[tuple[str, str]]) -> "RecordForm":
        """The form with what is recorded."""
        names = ("result", "occupation", "feels", "note")
        data = {name: getattr(done, name) for name in names} if done else {}
        return cls.among(occupations, formdata=None, data=data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whoever answered has told what they do."""
        if not super().validate(extra_validators):
            return False
        if self.result.data == rules.REACHED and not self.occupation.data:
            self.occupation.errors = [_("Välj ett svar.")]
            return False
        return True

    def told(self) -> Told:
        """What was filled in. Only after `validate`."""
        if self.result.data != rules.REACHED:
            return Told(self.result.data, note=self.note.data or "")
        return Told(self.result.data, self.occupation.data, self.feels.data or "", self.note.data or "")
