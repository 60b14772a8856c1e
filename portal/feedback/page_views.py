"""A check-in with all its questions on one page, for those who like it so."""

import uuid
from dataclasses import dataclass

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.db import session
from portal.feedback import service
from portal.feedback import sheet_views as pages
from portal.feedback.forms import PageCommentForm, PageLineForm
from portal.feedback.sheet_queries import Sheet, SheetLine, sheet
from portal.identity.preferences import service as preferences
from portal.instruments.rules import write_value
from portal.instruments.step_forms import StepForm
from portal.web.access import participant, viewer

bp = Blueprint("page", __name__)


@dataclass(frozen=True)
class PageForm:
    """The lines with their forms, and the free answer's form where there is one."""

    lines: tuple[tuple[SheetLine, PageLineForm], ...]
    comment: PageCommentForm | None

    def validate(self) -> bool:
        """Whether everything can be stored; errors stand in each field."""
        sound = [form.validate() for _line, form in self.lines]
        return all(sound) and (self.comment is None or self.comment.validate())

    @property
    def empty(self) -> bool:
        """Whether nothing was said on the whole page."""
        comment = self.comment and self.comment.comment.data
        return not comment and not any(answer.given for _line, answer in self.lines)


def _form(found: Sheet) -> PageForm:
    lines = tuple(
        (
            line,
            PageLineForm(line.number, typed="" if line.tenths is None else write_value(line.tenths)),
        )
        for line in found.lines
    )
    comment = PageCommentForm(data={"comment": found.comment.text}) if found.comment else None
    return PageForm(lines, comment)


@bp.post("/way")
@participant(tier=1)
def choose_way(check_in_id: uuid.UUID) -> ResponseReturnValue:
    """All questions on one page, or one at a time: remembered, and gone to."""
    found = sheet(session(), viewer(), check_in_id)
    one_page = request.form.get("way") == "page"
    preferences.choose_one_page(session(), viewer(), one_page)
    return redirect(pages.on(found, one_page=one_page), 303)


@bp.get("/all")
@participant(tier=1)
def show_all(check_in_id: uuid.UUID) -> ResponseReturnValue:
    """Every question. What was answered stands there only in the session that wrote it."""
    found = sheet(session(), viewer(), check_in_id)
    return pages.elsewhere(found) or pages.page("all", found, form=_form(found))


@bp.post("/all")
@participant(tier=1)
def answer_all(check_in_id: uuid.UUID) -> ResponseReturnValue:
    """Store all answers at once, or say beside each line what is wrong; then go where the button says."""
    found = sheet(session(), viewer(), check_in_id)
    form, act = _form(found), StepForm().pressed
    if pages.elsewhere(found):
        return _too_late(found, form)
    nothing = act == "next" and form.empty and not found.begun
    if not form.validate() or nothing:
        return pages.page("all", found, form=form, nothing=nothing), 422
    try:
        _store(found, form)
    except pages.NOT_NOW:
        return _too_late(found, form)
    if act == "later":
        return pages.later()
    return redirect(pages.to(found, "show_start" if act == "back" else "check_answers"), 303)


def _too_late(found: Sheet, form: PageForm) -> ResponseReturnValue:
    """What was given is shown once more, for the person to tell when they meet."""
    unsaved = "\n".join(_unsaved(form))
    return (pages.start(found, unsaved), 422) if unsaved else redirect(pages.to(found, "show_start"), 303)


def _store(found: Sheet, form: PageForm) -> None:
    for line, answer in form.lines:
        if answer.given:
            service.answer_line(session(), viewer(), found.check_in_id, line.number, answer.tenths, now=now())
    if form.comment is None or found.comment is None:
        return
    text = form.comment.comment.data or ""
    if text or found.comment.readable or not found.comment.handled:
        service.answer_comment(session(), viewer(), found.check_in_id, text, now=now())


def _unsaved(form: PageForm) -> list[str]:
    """What was given when it could not be taken any more, each after its question."""
    given = [f"{line.text.question} {answer.value.data}" for line, answer in form.lines if answer.value.data]
    return given + ([form.comment.comment.data] if form.comment and form.comment.comment.data else [])
