"""The list of everything that is kept: what becomes of it, whose it is, how it is told (S46, S47).

One entry for each table. A guard fails when a table is missing here.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from portal.availability import models as availability
from portal.booking import models as booking
from portal.feedback import models as feedback
from portal.identity import models as identity
from portal.identity import session_models as sessions
from portal.instruments import models as instruments
from portal.interpreting import models as interpreting
from portal.journal import models as journal
from portal.messaging import models as messaging
from portal.notices import models as notices
from portal.ops import models as ops
from portal.organisation import models as organisation
from portal.plan import models as plan
from portal.privacy import told_words as told
from portal.privacy.holding_rules import GOES, ITSELF, JOURNAL, NOTES, STAFF, STAYS, Holding
from portal.staff import models as staff
from portal.surveys import models as surveys
from portal.user_audit import models as audits
from portal.wording import models as wording

HOUSE = "it is the house's, not a person's"
DOOR = "it lets somebody in, or counts tries; it is short-lived and says nothing more"


def _person(column: Any) -> Any:
    made: Any = column.in_
    return made


def _enrolments(people: Any) -> Select[Any]:
    return select(identity.Enrolment.id).where(identity.Enrolment.person_id.in_(people))


def _plans(people: Any) -> Select[Any]:
    return select(plan.Plan.id).where(plan.Plan.person_id.in_(people))


def _responses(people: Any) -> Select[Any]:
    return select(feedback.CheckIn.response_id).where(feedback.CheckIn.person_id.in_(people))


def _sheets(people: Any) -> Select[Any]:
    return select(surveys.SurveySheet.id).where(surveys.SurveySheet.person_id.in_(people))


def _texts(people: Any) -> Select[Any]:
    return select(wording.SourceText.id).where(wording.SourceText.person_id.in_(people))


def _check_ins(people: Any) -> Select[Any]:
    return select(feedback.CheckIn.id).where(feedback.CheckIn.person_id.in_(people))


def _meetings(people: Any) -> Select[Any]:
    return select(booking.Appointment.id).where(booking.Appointment.person_id.in_(people))


def _busy(people: Any) -> ColumnElement[bool]:
    own = availability.BusyTime
    return or_(own.subject_id.in_(people), own.cause_id.in_(_meetings(people)))


HOLDINGS: tuple[Holding, ...] = (
    # the house
    Holding(organisation.Installation, STAYS, told=HOUSE),
    Holding(organisation.Organisation, STAYS, told=HOUSE),
    Holding(organisation.Programme, STAYS, told=HOUSE),
    Holding(organisation.Team, STAYS, told=HOUSE),
    Holding(organisation.Choice, STAYS, told=HOUSE),
    Holding(ops.Heartbeat, STAYS, told=HOUSE),
    # who somebody is. A forgotten person's enrolments stay, without the person: for figures.
    Holding(identity.Person, STAYS, _person(identity.Person.id), told.PERSON),
    Holding(identity.Enrolment, STAYS, _person(identity.Enrolment.person_id), told.ENROLMENT),
    Holding(identity.RoleGrant, GOES, _person(identity.RoleGrant.person_id), "it says that they take part"),
    Holding(
        identity.EnrolmentPeriod,
        GOES,
        lambda people: identity.EnrolmentPeriod.enrolment_id.in_(_enrolments(people)),
        told.PERIOD,
    ),
    Holding(identity.CoachChange, GOES, _person(identity.CoachChange.person_id), told.COACH_CHANGE),
    Holding(
        identity.ProtectedHandler,
        GOES,
        _person(identity.ProtectedHandler.person_id),
        "whoever has protected identity gets it from staff",
    ),
    Holding(identity.StaffAccount, STAFF, told="it is of staff"),
    # doors
    Holding(sessions.PinRequest, ITSELF, _person(sessions.PinRequest.person_id), DOOR),
    Holding(sessions.WebSession, ITSELF, _person(sessions.WebSession.person_id), told.SIGNED_IN),
    Holding(sessions.SignInCode, ITSELF, _person(sessions.SignInCode.person_id), DOOR),
    Holding(sessions.DeskCode, ITSELF, _person(sessions.DeskCode.person_id), DOOR),
    Holding(sessions.AttemptCounter, ITSELF, told=DOOR),
    Holding(sessions.KeptForm, ITSELF, _person(sessions.KeptForm.person_id), "it is given back by itself"),
    Holding(
        messaging.OutboxMessage,
        ITSELF,
        _person(messaging.OutboxMessage.recipient_id),
        told.MESSAGE,
        lambda row, hidden: row.subject in hidden or row.is_secret,
    ),
    Holding(
        notices.CallWish,
        GOES,
        _person(notices.CallWish.person_id),
        told.CALL,
        lambda row, hidden: row.subject in hidden,
    ),
    # meetings
    Holding(availability.WeeklyHours, STAFF, told="it is of staff"),
    Holding(availability.HoursException, STAFF, told="it is of staff"),
    Holding(availability.OwnTerms, STAFF, told="it is of staff"),
    Holding(availability.BusyTime, GOES, _busy, "it repeats the meeting's time"),
    Holding(
        booking.Appointment,
        GOES,
        _person(booking.Appointment.person_id),
        told.MEETING,
        lambda row, hidden: row.id in hidden,
    ),
    # answers
    Holding(instruments.TextPack, STAYS, told=HOUSE),
    Holding(
        feedback.ScaleReading,
        GOES,
        lambda people: feedback.ScaleReading.check_in_id.in_(_check_ins(people)),
        told.SCALE,
    ),
    Holding(
        feedback.Correction,
        GOES,
        lambda people: feedback.Correction.check_in_id.in_(_check_ins(people)),
        told.CORRECTION,
    ),
    Holding(
        instruments.ResponseLine,
        GOES,
        lambda people: instruments.ResponseLine.response_id.in_(_responses(people)),
        told.ANSWER_LINE,
    ),
    Holding(
        instruments.Response,
        GOES,
        lambda people: instruments.Response.id.in_(_responses(people)),
        told.ANSWER,
    ),
    Holding(feedback.CheckIn, GOES, _person(feedback.CheckIn.person_id), told.CHECK_IN),
    # the plan
    Holding(plan.Plan, GOES, _person(plan.Plan.person_id), told.PLAN),
    Holding(
        plan.PlanStep,
        GOES,
        lambda people: plan.PlanStep.plan_id.in_(_plans(people)),
        told.STEP,
        lambda row, hidden: row.id in hidden,
    ),
    Holding(
        plan.PlanEvent,
        GOES,
        lambda people: plan.PlanEvent.plan_id.in_(_plans(people)),
        told.PLAN_EVENT,
        lambda row, hidden: any(str(one) in f"{row.step_id}{row.before}{row.after}" for one in hidden),
    ),
    Holding(
        plan.HelpRequest,
        GOES,
        lambda people: plan.HelpRequest.plan_id.in_(_plans(people)),
        told.HELP,
        lambda row, hidden: row.step_id in hidden,
    ),
    Holding(
        plan.PlanAnswer,
        GOES,
        lambda people: plan.PlanAnswer.plan_id.in_(_plans(people)),
        told.PLAN_ANSWER,
        lambda row, hidden: row.step_id in hidden,
    ),
    Holding(plan.Adaptation, GOES, _person(plan.Adaptation.person_id), told.ADAPTATION),
    Holding(
        plan.AdaptationEvent,
        GOES,
        _person(plan.AdaptationEvent.person_id),
        told.ADAPTATION_EVENT,
    ),
    Holding(
        plan.StairMove,
        GOES,
        lambda people: plan.StairMove.enrolment_id.in_(_enrolments(people)),
        told.STAIR,
    ),
    # surveys: what somebody said is told to them alone; what was let out is of nobody
    Holding(
        surveys.SurveyAnswer,
        GOES,
        lambda people: surveys.SurveyAnswer.sheet_id.in_(_sheets(people)),
        told.SURVEY_ANSWER,
        confidential=True,
    ),
    Holding(
        surveys.SurveySheet,
        GOES,
        _person(surveys.SurveySheet.person_id),
        told.SURVEY,
        confidential=True,
    ),
    Holding(surveys.SurveyFreeze, STAYS, told=HOUSE),
    Holding(surveys.SurveyRelease, STAYS, told=HOUSE),
    Holding(surveys.SurveyTally, STAYS, told="it is of nobody"),
    Holding(surveys.SurveyText, STAYS, told="it is of nobody"),
    Holding(surveys.SurveyLeftOut, STAYS, told=HOUSE),
    # what is translated, and whoever interprets
    Holding(
        wording.Translation,
        GOES,
        lambda people: wording.Translation.source_id.in_(_texts(people)),
        told.TRANSLATION,
        lambda row, hidden: row.source_id in hidden,
    ),
    Holding(
        wording.SourceText,
        GOES,
        _person(wording.SourceText.person_id),
        "it repeats what stands in the plan",
    ),
    Holding(
        wording.WantedLanguage,
        GOES,
        _person(wording.WantedLanguage.person_id),
        told.WANTED_LANGUAGE,
    ),
    Holding(
        interpreting.InterpreterGrant,
        GOES,
        _person(interpreting.InterpreterGrant.person_id),
        told.INTERPRETER,
        lambda row, hidden: row.meeting_id in hidden,
    ),
    # what staff note
    Holding(
        staff.Attention,
        NOTES,
        _person(staff.Attention.person_id),
        told.ATTENTION,
        lambda row, hidden: any(str(one) in row.key for one in hidden),
        written="handled_at",
    ),
    Holding(staff.CopyMark, GOES, _person(staff.CopyMark.person_id), "it says how far staff have copied"),
    # audits: nothing of an answer is anybody's
    Holding(audits.Audit, STAYS, told=HOUSE),
    Holding(audits.AuditQuestion, STAYS, told=HOUSE),
    Holding(audits.AuditUrn, STAYS, told="it is of nobody"),
    Holding(audits.AuditText, STAYS, told="it is of nobody"),
    Holding(audits.AuditProposal, STAYS, told=HOUSE),
    Holding(
        audits.AuditIssue,
        ITSELF,
        _person(audits.AuditIssue.person_id),
        "taken out, it would show who has answered; it goes when the audit closes",
    ),
    # the journal
    Holding(
        journal.JournalRow,
        JOURNAL,
        _person(journal.JournalRow.subject_id),
        told.LOOKED,
        lambda row, hidden: row.object_id in hidden,
    ),
    Holding(journal.JournalHead, STAYS, told=HOUSE),
    Holding(journal.JournalCheckpoint, STAYS, told=HOUSE),
)
