"""What a meeting is to be about, as it was typed."""

from flask_babel import lazy_gettext as _l

from portal.booking import words
from portal.booking.topic_queries import Words
from portal.booking.topic_rules import WORDS_MAX
from portal.booking.topic_service import Said
from portal.languages import SWEDISH
from portal.web.forms import Choice, Form, LongText, Several, SharedForm
from portal.wording.forms import WRITTEN_HINT, WRITTEN_LABEL, language_of, offer_languages


class OwnWordsForm(Form):
    """What the participant wants to talk about, in own words; nothing takes away what stood there."""

    words = LongText(_l("Skriv med egna ord"), max=WORDS_MAX, required=False)
    written = Choice(WRITTEN_LABEL, hint=WRITTEN_HINT)

    def offer(self, own: str) -> None:
        """Ask for the language, the writer's own first."""
        offer_languages(self, own, own)

    def language(self, own: str) -> str:
        """In which language the words are."""
        return language_of(self, self.words.data or "", own)


class StaffTopicsForm(SharedForm):
    """What staff want to talk about: topics that stand in every language, and words in Swedish."""

    codes = Several(
        _l("Välj bland färdiga ämnen"),
        choices=list(words.STAFF_TOPICS.items()),
        hint=_l("De finns redan på alla språk."),
    )
    words = LongText(
        _l("Skriv med egna ord"),
        max=WORDS_MAX,
        required=False,
        hint=_l("Skriv på lätt svenska. Då går det fort att översätta."),
    )

    @classmethod
    def of(cls, said: Words | None) -> "StaffTopicsForm":
        """The form with what stands now, marked."""
        form = cls(formdata=None)
        if said is not None:
            form.codes.data, form.words.data = list(said.codes), said.text.text
        form.mark()
        return form

    def said(self) -> Said:
        """The form as a value."""
        return Said(tuple(self.codes.data or ()), self.words.data or "", SWEDISH.code)
