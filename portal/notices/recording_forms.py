"""The form of one recording: a file, judged by its bytes, and what is said in it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField
from wtforms.validators import StopValidation

from portal.messaging.rules import one_line
from portal.notices import recording_words, sound_rules, template_rules
from portal.notices.recording_rules import LONGEST_WORDS
from portal.notices.sound_rules import Sound, WrongSound
from portal.web.formats import listed
from portal.web.forms import Form, LongText, Tick


class Playable:
    """The file can be played in a call. The form has its bytes: they come apart from the texts."""

    field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        try:
            form.read = sound_rules.read(form.content)
        except WrongSound as wrong:
            raise StopValidation(str(recording_words.PROBLEMS[wrong.code])) from None


class SoundFile(FileField):
    """A file to choose. What comes as text under its name is nothing."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None


class RecordingForm(Form):
    """One occasion in one language. `read` holds the sound once the form is valid."""

    sound = SoundFile(
        _l("Ljudfil"),
        [Playable()],
        description=_l("Mp3 eller wav, högst 20 sekunder och högst 500 kB."),
        render_kw={"accept": ".mp3,.wav,audio/mpeg,audio/wav"},
    )
    words = LongText(
        _l("Det här sägs i inspelningen"),
        max=LONGEST_WORDS,
        hint=_l("Skriv precis som det sägs, på samma språk. Personalen ser det bland det som har skickats."),
    )
    neutral = Tick(
        _l("Inspelningen visar inte vem som ringer, och inte varför"),
        hint=_l("Kryssa bara om du är säker på att orden betyder något annat här."),
    )
    content = b""
    names: tuple[str, ...] = ()
    read: Sound

    @classmethod
    def sent(cls, content: bytes, names: tuple[str, ...]) -> "RecordingForm":
        """The form as it was sent, with the file's bytes; `names` of the house must not be said."""
        form = cls()
        form.content, form.names = content, names
        return form

    @property
    def said(self) -> str:
        """The words as they are kept."""
        return one_line(self.words.data or "")

    @property
    def telling(self) -> tuple[str, ...]:
        """What in the words may say who rings, or why (S31)."""
        return template_rules.telling(self.said, self.names)

    def validate(self, extra_validators: Any = None) -> bool:
        """Say beside each field what is wrong with it; what was typed stays."""
        good = super().validate(extra_validators)
        if self.telling and not self.neutral.data and not self.words.errors:
            self.words.errors = [
                _(
                    "Kan det här visa vem som ringer, eller varför: %(words)s? Vem som helst kan svara i"
                    " telefonen. Spela in en annan mening, eller kryssa i rutan nedanför.",
                    words=listed(f"”{word}”" for word in self.telling),
                )
            ]
            good = False
        if not good and not self.sound.errors:
            # A browser gives no file back.
            self.sound.errors = [_("Välj filen en gång till.")]
        return good
