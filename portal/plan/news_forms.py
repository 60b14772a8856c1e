"""What a participant writes to an answer, and what a coach records of the talk about it."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import lazy_gettext as _l

from portal.plan.news_words import OUTCOME_CHOICES
from portal.plan.rows import AnswerRow
from portal.web.forms import Choices, Form, LongText, Several

WORDS_MAX = 1000
"""Characters: as many as for a question about a step."""


class WordsForm(Form):
    """What the participant wants to say about a change; nothing is enough too."""

    words = LongText(_l("Vad vill du säga?"), max=WORDS_MAX, required=False)


class TalkForm(Form):
    """What came of a talk about one or several questions. The participant reads the words."""

    about = Several(_l("Vad har ni pratat om?"), needed=_l("Välj minst en fråga."))
    outcome = Choices(_l("Vad blev det?"), choices=list(OUTCOME_CHOICES.items()), default="talked")
    words = LongText(
        _l("Vill du skriva något till?"), max=WORDS_MAX, required=False, hint=_l("Deltagaren läser det här.")
    )

    @property
    def answer_ids(self) -> frozenset[UUID]:
        """The questions that were chosen. Only after `validate`."""
        return frozenset(UUID(one) for one in self.about.data or ())


def talk_form(waiting: Iterable[AnswerRow]) -> TalkForm:
    """The form about everything that waits, all of it chosen at first."""
    rows = list(waiting)
    form = TalkForm(about=[str(row.id) for row in rows])
    form.about.choices = [(str(row.id), row.about) for row in rows]
    return form
