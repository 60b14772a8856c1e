"""Forms of the user auditor and of the team: the plan, own questions, screening, the report, a reply."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from portal.languages import LANGUAGES
from portal.organisation.models import Team
from portal.user_audit.bank_rules import bank, said
from portal.user_audit.draft_rules import TEXT_MAX
from portal.user_audit.models import (
    AGREE,
    HIDDEN,
    PART,
    SHOWN,
    TEXT,
    WAITING,
    Audit,
    AuditProposal,
    AuditQuestion,
)
from portal.user_audit.report_service import Reply, Screening, Writing
from portal.user_audit.rules import Period, period_problem
from portal.user_audit.service import OwnQuestion, Plan
from portal.user_audit.staff_queries import Free
from portal.user_audit.text_rules import lines
from portal.web.forms import Choice, Choices, Day, Hidden, LongText, Several, SharedForm, Text

TITLE_MAX, PURPOSE_MAX, QUESTION_MAX, REPORT_MAX, PROPOSAL_MAX, REPLY_MAX = 120, 600, 200, 2000, 300, 600
MOST_PROPOSALS = 12


def own_id(field: Any) -> uuid.UUID:
    """The id that a form brings for what it makes, so that twice is once; a new one where it brings none."""
    try:
        return uuid.UUID(field.data or "")
    except ValueError:
        return uuid.uuid4()


class PlanForm(SharedForm):
    """What an audit is about, which team, when, and which questions of ours."""

    key = Hidden()
    title = Text(_l("Rubrik"), max=TITLE_MAX, hint=_l("Deltagarna ser den. Skriv lätt svenska."))
    purpose = LongText(
        _l("Varför frågar ni?"),
        max=PURPOSE_MAX,
        hint=_l("Deltagarna läser det före frågorna. Skriv kort och enkelt."),
    )
    team = Choice(_l("Vilket team gäller det?"))
    starts_on = Day(_l("Första dagen att svara"))
    ends_on = Day(_l("Sista dagen att svara"))
    chosen = Several(
        _l("Våra frågor"), hint=_l("De finns på alla språk. Egna frågor lägger du till efteråt.")
    )

    def offer(self, teams: Iterable[Team], language: str) -> None:
        """Fill in what can be chosen."""
        self.team.choices = [(str(team.id), team.name) for team in teams]
        self.chosen.choices = [(key, said(one.words, language)) for key, one in bank().items()]

    @classmethod
    def of(cls, audit: Audit, chosen: list[str], teams: Iterable[Team], language: str) -> "PlanForm":
        """The form with what is stored."""
        form = cls(
            formdata=None,
            title=audit.title,
            purpose=audit.purpose,
            team=str(audit.team_id),
            starts_on=audit.starts_on,
            ends_on=audit.ends_on,
            chosen=chosen,
        )
        form.offer(teams, language)
        form.mark()
        return form

    def validate_ends_on(self, field: Any) -> None:
        """It must lie after the first day, and not too far away."""
        if not (field.data and self.starts_on.data):
            return
        problem = period_problem(Period(self.starts_on.data, field.data))
        if problem == "order":
            raise ValidationError(_("Sista dagen kan inte vara före den första."))
        if problem == "long":
            raise ValidationError(_("Perioden är för lång. Välj högst ett halvår."))

    def plan(self) -> Plan:
        """What was filled in. Only after `validate`."""
        return Plan(
            team_id=uuid.UUID(self.team.data),
            title=self.title.data or "",
            purpose=self.purpose.data or "",
            starts_on=self.starts_on.data or date.max,
            ends_on=self.ends_on.data or date.max,
        )


class QuestionForm(SharedForm):
    """A question in the auditor's own words; Swedish is needed, the rest fall back on it."""

    key = Hidden()
    kind = Choices(
        _l("Hur svarar man?"),
        choices=[(AGREE, _l("Väljer ja, både och, nej eller vet inte")), (TEXT, _l("Skriver egna ord"))],
    )

    @classmethod
    def of(cls, question: AuditQuestion) -> "QuestionForm":
        """The form with what is stored."""
        form = cls(formdata=None, kind=question.kind)
        for code in LANGUAGES:
            form[f"words_{code}"].data = question.words.get(code, "")
        form.mark()
        return form

    def question(self) -> OwnQuestion:
        """What was filled in. Only after `validate`."""
        typed = {code: self[f"words_{code}"].data or "" for code in LANGUAGES}
        return OwnQuestion(self.kind.data, {code: words for code, words in typed.items() if words})


for _code, _language in LANGUAGES.items():
    setattr(QuestionForm, f"words_{_code}", Text(_language.name, max=QUESTION_MAX, required=_code == "sv"))


class ScreenForm(SharedForm):
    """Whether a free text is shown, a part of it, or nothing; or that it is to be looked at again."""

    state = Choices(
        _l("Ska texten visas?"),
        choices=[
            (SHOWN, _l("Ja, hela")),
            (PART, _l("En del av den")),
            (HIDDEN, _l("Nej")),
            (WAITING, _l("Inte granskad")),
        ],
    )
    shown = LongText(
        _l("Texten som visas, om det är en del"),
        required=False,
        max=TEXT_MAX + 200,
        hint=_l("Skriv […] i stället för det du tar bort. Ändra inget annat."),
    )
    why = Text(
        _l("Varför visas inte allt?"),
        required=False,
        hint=_l("Till exempel: ett namn står i texten. Behövs inte när hela texten visas."),
    )

    @classmethod
    def of(cls, free: Free) -> "ScreenForm":
        """The form with what is decided, or the whole text to begin with."""
        form = cls(formdata=None, state=free.state, shown=free.shown or free.text, why=free.why)
        form.mark()
        return form

    @classmethod
    def begun(cls, free: Free) -> "ScreenForm":
        """The same, with the commonest reason where none is given yet."""
        form = cls.of(free)
        form.why.data = form.why.data or _("Texten kan visa vem någon är.")
        return form

    def settle(self, free: Free) -> None:
        """Only a part has words of its own, only what is left out a reason: the same tap twice is one."""
        if self.state.data != PART:
            self.shown.data = free.text
        if self.state.data in (SHOWN, WAITING):
            self.why.data = ""

    def screening(self) -> Screening:
        """What was decided. Only after `validate`."""
        return Screening(self.state.data, self.shown.data or "", self.why.data or "")


class ReportForm(SharedForm):
    """The report: what works, what can be better, and the proposals, one on each line."""

    works = LongText(
        _l("Det här fungerar"), max=REPORT_MAX, hint=_l("Deltagarna läser det. Skriv lätt svenska.")
    )
    improve = LongText(_l("Det här kan bli bättre"), max=REPORT_MAX)
    proposals = LongText(
        _l("Förslag"),
        max=MOST_PROPOSALS * PROPOSAL_MAX,
        hint=_l("Skriv ett förslag på varje rad, det viktigaste först. Teamet svarar på vart och ett."),
    )

    @classmethod
    def of(cls, audit: Audit, proposals: Iterable[AuditProposal]) -> "ReportForm":
        """The form with what is stored."""
        words = "\n".join(one.text for one in proposals)
        form = cls(formdata=None, works=audit.works, improve=audit.improve, proposals=words)
        form.mark()
        return form

    def validate_proposals(self, field: Any) -> None:
        """Neither too many nor too long to be replied to one by one."""
        found = lines(field.data or "")
        if len(found) > MOST_PROPOSALS:
            raise ValidationError(_("Skriv högst %(num)d förslag.", num=MOST_PROPOSALS))
        if any(len(one) > PROPOSAL_MAX for one in found):
            raise ValidationError(
                _("Ett förslag är för långt. Skriv högst %(num)d tecken.", num=PROPOSAL_MAX)
            )

    def writing(self) -> Writing:
        """What was filled in. Only after `validate`."""
        return Writing(
            self.works.data or "", self.improve.data or "", tuple(lines(self.proposals.data or ""))
        )


class ReplyForm(SharedForm):
    """What the team says to a proposal."""

    reply = Choices(
        _l("Vad gör ni med förslaget?"),
        choices=[
            ("will", _l("Det ska vi göra")),
            ("done", _l("Det är gjort")),
            ("no", _l("Det gör vi inte")),
        ],
    )
    why = LongText(
        _l("Berätta mer"), max=REPLY_MAX, hint=_l("Deltagarna läser det. Skriv lätt svenska, och varför.")
    )
    due_on = Day(_l("Klart senast"), required=False, hint=_l("Behövs när ni ska göra det."))

    @classmethod
    def of(cls, proposal: AuditProposal) -> "ReplyForm":
        """The form with what is stored."""
        form = cls(formdata=None, reply=proposal.reply or None, why=proposal.why, due_on=proposal.due_on)
        form.mark()
        return form

    def validate_due_on(self, field: Any) -> None:
        """What will be done has a day."""
        if self.reply.data == "will" and not field.data and not field.errors:
            raise ValidationError(_("Skriv en dag. Då vet deltagarna när det blir klart."))

    def said(self) -> Reply:
        """What was filled in. Only after `validate`."""
        return Reply(self.reply.data, self.why.data or "", self.due_on.data)
