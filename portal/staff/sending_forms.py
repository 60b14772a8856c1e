"""Choosing whom to write to and what to send; and the yes to it."""

import uuid
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms.validators import StopValidation

from portal.languages import LANGUAGES
from portal.notices.own_queries import OwnRow
from portal.notices.sending_queries import Wish
from portal.notices.sending_service import Seen
from portal.staff import sending_words as words
from portal.staff.sending_queries import Choosing
from portal.staff.sending_rules import Filter
from portal.web.asker import Asker
from portal.web.formats import language_words
from portal.web.forms import Choice, Choices, Form, Hidden, Number, Several, Tick

MINE = "mine"


class FilterForm(Form):
    """What narrows the list. It is sent by GET; whatever cannot be chosen is everybody."""

    language = Choice(_l("Språk"))
    whose = Choice(_l("Vems deltagare"))
    team = Choice(_l("Team"))
    programme = Choice(_l("Insats"))
    meeting = Choice(_l("Möte"))
    portal = Choice(_l("Portalen"))

    @classmethod
    def of(cls, sent: "MultiDict[str, str]", page: Choosing) -> "FilterForm":
        """The form as it was sent. What a coach has no choice of is left out: team, programme, whose."""
        form = cls(formdata=sent, meta={"csrf": False})
        choices: tuple[tuple[Choice, list[tuple[str, Any]]], ...] = (
            (form.language, [(code, language_words(code)) for code in LANGUAGES]),
            (form.whose, [(MINE, _("Mina egna"))]),
            (form.team, [(str(one.id), one.name) for one in page.teams]),
            (form.programme, [(str(one.id), one.name) for one in page.programmes]),
            (form.meeting, list(words.MEETINGS.items())),
            (form.portal, list(words.PORTAL.items())),
        )
        for menu, some in choices:
            menu.choices = [("", _("Alla")), *some]
            if menu.data not in dict(some):
                menu.data = ""
        if not page.teams:
            del form.whose, form.team, form.programme
        return form


def read_filter(sent: "MultiDict[str, str]", asker: Asker) -> Filter:
    """What was chosen, before it is known what can be: an unknown one fits nobody or everybody."""
    portal, meeting = sent.get("portal", ""), sent.get("meeting", "")
    return Filter(
        language=sent.get("language", "") if sent.get("language", "") in LANGUAGES else "",
        team_id=sent.get("team", type=uuid.UUID),
        programme_id=sent.get("programme", type=uuid.UUID),
        coach_id=asker.person_id if sent.get("whose") == MINE else None,
        portal=portal if portal in words.PORTAL else "",
        meeting=meeting if meeting in words.MEETINGS else "",
    )


class ChosenPeople(Several):
    """The people who are ticked. Which of them one may write to is decided where they are looked up (S3)."""

    def pre_validate(self, form: Any) -> None:
        try:
            for one in self.data or ():
                uuid.UUID(one)
        except ValueError:
            raise StopValidation(_("Välj något i listan.")) from None


class WishForm(Form):
    """Which text, and to whom."""

    message = Choices(_l("Vilken text"))
    who = ChosenPeople(_l("Vem ska få det"), needed=_l("Kryssa i minst en person."))
    swedish_too = Tick(_l("Skicka på svenska till den som inte har texten på sitt språk"))

    def offer(self, messages: Iterable[OwnRow]) -> None:
        """Say which texts there are."""
        self.message.choices = [(str(one.message.id), one.message.title) for one in messages]

    @property
    def people(self) -> frozenset[uuid.UUID]:
        """Who is ticked, of a form that was found to be sound."""
        return frozenset(uuid.UUID(one) for one in self.who.data or ())

    def wish(self) -> Wish:
        """What is wanted."""
        return Wish(uuid.UUID(self.message.data), self.people, bool(self.swedish_too.data))


class SendForm(WishForm):
    """The yes, with what was looked at: its digest, and the number where it is asked for."""

    sending = Hidden()
    seen = Hidden()
    number = Number(_l("Skriv hur många personer som får det"), min=0, max=9999, required=False)

    @property
    def sending_id(self) -> uuid.UUID:
        """The name that this sending was given when it was first looked at."""
        try:
            return uuid.UUID(self.sending.data or "")
        except ValueError:
            return uuid.uuid4()

    def said(self) -> Seen:
        """What was looked at."""
        return Seen(self.seen.data or "", self.number.data)
