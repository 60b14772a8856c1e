"""The list of everything that is kept: what becomes of it, whose it is, how it is told (S46, S47).

One entry for each table. A guard fails when a table is missing here.
"""

from functools import partial

from portal.conversation import models as conversation
from portal.feedback import models as feedback
from portal.followup import models as followup
from portal.identity import models as identity
from portal.identity import session_models as sessions
from portal.identity.absence import models as absence
from portal.instruments import models as instruments
from portal.interpreting import models as interpreting
from portal.journal import models as journal
from portal.messaging import models as messaging
from portal.messaging.rules import CODE
from portal.notices import models as notices
from portal.ops import models as ops
from portal.organisation import models as organisation
from portal.plan import models as plan
from portal.privacy import told_words as told
from portal.privacy import told_written_words as written
from portal.privacy.holding_rules import GOES, ITSELF, JOURNAL, NOTES, STAFF, STAYS, Holding
from portal.privacy.meeting_holding_queries import MEETING_HOLDINGS
from portal.privacy.order_holding_queries import ORDER_HOLDINGS
from portal.privacy.whose_queries import Whose
from portal.reminders import models as reminders
from portal.staff import models as staff
from portal.surveys import models as surveys
from portal.user_audit import models as audits
from portal.wording import models as wording

HOUSE = "it is the house's, not a person's"
SURVEY = "survey"
"""The kind of the journal's lines about a sheet of the survey."""
DOOR = "it lets somebody in, or counts tries; it is short-lived and says nothing more"


_CHECK_IN = feedback.CheckIn
_enrolments = partial(Whose, key=identity.Enrolment.id, person=identity.Enrolment.person_id)
_plans = partial(Whose, key=plan.Plan.id, person=plan.Plan.person_id)
_responses = partial(Whose, key=_CHECK_IN.response_id, person=_CHECK_IN.person_id)
_sheets = partial(Whose, key=surveys.SurveySheet.id, person=surveys.SurveySheet.person_id)
_texts = partial(Whose, key=wording.SourceText.id, person=wording.SourceText.person_id)
_check_ins = partial(Whose, key=_CHECK_IN.id, person=_CHECK_IN.person_id)


HOLDINGS: tuple[Holding, ...] = (
    # the house
    Holding(organisation.Installation, STAYS, told=HOUSE),
    Holding(organisation.Organisation, STAYS, told=HOUSE),
    Holding(organisation.Programme, STAYS, told=HOUSE),
    Holding(organisation.Team, STAYS, told=HOUSE),
    Holding(organisation.Choice, STAYS, told=HOUSE),
    Holding(notices.NoticeTemplate, STAYS, told=HOUSE),
    Holding(notices.Recording, STAYS, told=HOUSE),
    Holding(notices.OwnMessage, STAYS, told=HOUSE),
    Holding(notices.OwnMessageText, STAYS, told=HOUSE),
    Holding(notices.Sending, STAYS, told="it says what staff sent and to how many, not to whom"),
    Holding(ops.Heartbeat, STAYS, told=HOUSE),
    Holding(ops.WorkerLease, STAYS, told=HOUSE),
    Holding(messaging.SendingPace, STAYS, told=HOUSE),
    # who somebody is. A forgotten person's enrolments stay, without the person: for figures.
    Holding(identity.Person, STAYS, Whose(identity.Person.id), told.PERSON),
    Holding(identity.Enrolment, STAYS, Whose(identity.Enrolment.person_id), told.ENROLMENT),
    Holding(identity.RoleGrant, GOES, Whose(identity.RoleGrant.person_id), "it says that they take part"),
    Holding(
        identity.EnrolmentPeriod,
        GOES,
        _enrolments(identity.EnrolmentPeriod.enrolment_id),
        told.PERIOD,
    ),
    Holding(identity.CoachChange, GOES, Whose(identity.CoachChange.person_id), told.COACH_CHANGE),
    Holding(
        identity.ProtectedHandler,
        GOES,
        Whose(identity.ProtectedHandler.person_id),
        "whoever has protected identity gets it from staff",
    ),
    Holding(identity.StaffAccount, STAFF, told="it is of staff"),
    Holding(absence.Absence, ITSELF, Whose(absence.Absence.person_id), "it is of staff, and soon forgotten"),
    # doors
    Holding(sessions.PinRequest, ITSELF, Whose(sessions.PinRequest.person_id), DOOR),
    Holding(sessions.WebSession, ITSELF, Whose(sessions.WebSession.person_id), told.SIGNED_IN),
    Holding(sessions.SignInCode, ITSELF, Whose(sessions.SignInCode.person_id), DOOR),
    Holding(sessions.DeskCode, ITSELF, Whose(sessions.DeskCode.person_id), DOOR),
    Holding(sessions.MailCode, ITSELF, Whose(sessions.MailCode.person_id), DOOR),
    Holding(sessions.AttemptCounter, ITSELF, told=DOOR),
    Holding(sessions.KeptForm, ITSELF, Whose(sessions.KeptForm.person_id), "it is given back by itself"),
    Holding(
        messaging.OutboxMessage,
        ITSELF,
        Whose(messaging.OutboxMessage.recipient_id),
        written.MESSAGE,
        lambda row, hidden: row.subject in hidden or row.is_secret,
    ),
    Holding(
        messaging.IncomingMessage,
        ITSELF,
        Whose(messaging.IncomingMessage.person_id),
        written.INCOMING,
        lambda row, hidden: row.taken_as == CODE,
    ),
    Holding(reminders.CancelCode, ITSELF, Whose(reminders.CancelCode.person_id), DOOR),
    Holding(
        notices.CallWish,
        GOES,
        Whose(notices.CallWish.person_id),
        written.CALL,
        lambda row, hidden: row.subject in hidden,
    ),
    *MEETING_HOLDINGS,
    # answers
    Holding(instruments.TextPack, STAYS, told=HOUSE),
    Holding(
        feedback.ScaleReading,
        GOES,
        _check_ins(feedback.ScaleReading.check_in_id),
        told.SCALE,
    ),
    Holding(
        feedback.Correction,
        GOES,
        _check_ins(feedback.Correction.check_in_id),
        told.CORRECTION,
    ),
    Holding(
        instruments.ResponseLine,
        GOES,
        _responses(instruments.ResponseLine.response_id),
        told.ANSWER_LINE,
    ),
    Holding(
        instruments.Response,
        GOES,
        _responses(instruments.Response.id),
        told.ANSWER,
    ),
    Holding(feedback.CheckIn, GOES, Whose(feedback.CheckIn.person_id), told.CHECK_IN),
    # the plan
    Holding(plan.Plan, GOES, Whose(plan.Plan.person_id), told.PLAN),
    Holding(
        plan.PlanStep,
        GOES,
        _plans(plan.PlanStep.plan_id),
        told.STEP,
        lambda row, hidden: row.id in hidden,
    ),
    Holding(
        plan.PlanEvent,
        GOES,
        _plans(plan.PlanEvent.plan_id),
        told.PLAN_EVENT,
        lambda row, hidden: any(str(one) in f"{row.step_id}{row.before}{row.after}" for one in hidden),
    ),
    Holding(
        plan.HelpRequest,
        GOES,
        _plans(plan.HelpRequest.plan_id),
        told.HELP,
        lambda row, hidden: row.step_id in hidden,
    ),
    Holding(
        plan.PlanAnswer,
        GOES,
        _plans(plan.PlanAnswer.plan_id),
        told.PLAN_ANSWER,
        lambda row, hidden: row.step_id in hidden,
    ),
    Holding(plan.Adaptation, GOES, Whose(plan.Adaptation.person_id), told.ADAPTATION),
    Holding(
        plan.AdaptationEvent,
        GOES,
        Whose(plan.AdaptationEvent.person_id),
        told.ADAPTATION_EVENT,
    ),
    Holding(
        plan.StairMove,
        GOES,
        _enrolments(plan.StairMove.enrolment_id),
        told.STAIR,
    ),
    # what they wrote to each other
    Holding(conversation.Message, GOES, Whose(conversation.Message.person_id), written.CONVERSATION),
    # surveys: what somebody said is told to them alone; what was let out is of nobody
    Holding(
        surveys.SurveyAnswer,
        GOES,
        _sheets(surveys.SurveyAnswer.sheet_id),
        told.SURVEY_ANSWER,
        confidential=lambda row: True,
    ),
    Holding(
        surveys.SurveySheet,
        GOES,
        Whose(surveys.SurveySheet.person_id),
        told.SURVEY,
        confidential=lambda row: True,
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
        _texts(wording.Translation.source_id),
        written.TRANSLATION,
        lambda row, hidden: row.source_id in hidden,
    ),
    Holding(
        wording.SourceText,
        GOES,
        Whose(wording.SourceText.person_id),
        "it repeats what stands in the plan, in the conversation and with meetings",
    ),
    Holding(
        wording.WantedLanguage,
        GOES,
        Whose(wording.WantedLanguage.person_id),
        written.WANTED_LANGUAGE,
    ),
    Holding(
        interpreting.InterpreterGrant,
        GOES,
        Whose(interpreting.InterpreterGrant.person_id),
        written.INTERPRETER,
        lambda row, hidden: row.meeting_id in hidden,
    ),
    *ORDER_HOLDINGS,
    # after they have left
    Holding(
        followup.FollowUpConsent, GOES, Whose(followup.FollowUpConsent.person_id), written.FOLLOW_UP_CONSENT
    ),
    Holding(followup.FollowUp, GOES, Whose(followup.FollowUp.person_id), written.FOLLOW_UP),
    # what staff note
    Holding(
        staff.Attention,
        NOTES,
        Whose(staff.Attention.person_id),
        told.ATTENTION,
        lambda row, hidden: any(str(one) in row.key for one in hidden),
        written="handled_at",
    ),
    Holding(
        staff.CallTry,
        NOTES,
        Whose(staff.CallTry.person_id),
        told.CALL_TRY,
        lambda row, hidden: any(str(one) in row.key for one in hidden),
        written="tried_at",
    ),
    Holding(staff.CopyMark, GOES, Whose(staff.CopyMark.person_id), "it says how far staff have copied"),
    # audits: nothing of an answer is anybody's
    Holding(audits.Audit, STAYS, told=HOUSE),
    Holding(audits.AuditQuestion, STAYS, told=HOUSE),
    Holding(audits.AuditUrn, STAYS, told="it is of nobody"),
    Holding(audits.AuditText, STAYS, told="it is of nobody"),
    Holding(audits.AuditProposal, STAYS, told=HOUSE),
    Holding(
        audits.AuditIssue,
        ITSELF,
        Whose(audits.AuditIssue.person_id),
        "taken out, it would show who has answered; it goes when the audit closes",
    ),
    # the journal
    Holding(
        journal.JournalRow,
        JOURNAL,
        Whose(journal.JournalRow.subject_id),
        told.LOOKED,
        lambda row, hidden: row.object_id in hidden,
        # A line that somebody answered the survey tells as much as their sheet.
        confidential=lambda row: row.kind == SURVEY,
    ),
    Holding(journal.JournalHead, STAYS, told=HOUSE),
    Holding(journal.JournalCheckpoint, STAYS, told=HOUSE),
)
