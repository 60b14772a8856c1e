"""No column holds what somebody wrote about a person as it stands (S38).

A column of text is sealed (bytes), or has a check that names every word it may hold, or stands here with why
no free text about a person gets into it. A new one fails until it is one of the three.
"""

import re
from collections.abc import Iterable, Iterator

from sqlalchemy import JSON, CheckConstraint, Column, LargeBinary, MetaData, String, Table

from portal.tables import metadata
from tests.guards import tree

PLAIN = {
    "a code of ours, a language, a key, an id, or a hash": """
        attempt_counter.kind attendance_correction.cause_kind attendance_signature.cause_kind
        busy_time.cause_kind heartbeat.name journal.kind journal.once outbox_message.kind
        outbox_message.language response.instrument response.language response_line.line
        response_line.language text_pack.instrument person.language person.age_band person.pin_hash
        appointment.interpreter_language attention.key attention.kind call_wish.kind check_in.instrument
        interpreter_grant.language interpreter_grant.shown interpreter_language.language
        interpreter_order.language interpreter_order.letter_said source_text.language source_text.phrase
        message.language call_try.key staff_account.authority
        staff_account.password_hash
        survey_left_out.survey survey_left_out.question survey_left_out.period survey_left_out.answer
        survey_release.survey survey_release.question wanted_language.language web_session.roles
        audit_question.bank correction.line pin_request.shown_code survey_sheet.survey survey_tally.gender
        survey_tally.born survey_tally.intake survey_tally.answer translation.language audit_text.language
        survey_answer.question survey_answer.language worker_lease.name sending_pace.provider
        notice_template.language own_message_text.language recording.language weekly_hours.modes
        meeting_topic.language meeting_topic.codes message.wish
        activity_group.languages
    """,
    "a code of the house's own lists, chosen from a menu": """
        person.municipality person.education enrolment.referrer enrolment.outcome enrolment.income_at_start
        enrolment.income_at_closure stair_move.code follow_up.occupation adaptation.code team.municipality
        survey_tally.municipality
    """,
    "the house's own words, names and rules, about no person": """
        organisation.slug organisation.name organisation.phone organisation.zone_name organisation.languages
        organisation.settings choice.code choice.words programme.name programme.targets programme.partners
        programme.lists team.name text_pack.licence_holder text_pack.licence_number text_pack.content
        audit_question.words notice_template.text own_message.title
        own_message_text.text recording.words
    """,
    "counts of at least five answers": "audit.results",
    "times of the clock, written by our own rules": "own_travel.windows",
    "what the provider calls it: its name, its reference, its error": """
        outbox_message.provider outbox_message.provider_reference outbox_message.error_code
        incoming_message.provider incoming_message.provider_reference
    """,
    "an address of ours, in which only ids stand": "kept_form.path",
}


def readable(tables: MetaData) -> Iterator[str]:
    """Columns that could hold what somebody typed, with no check that names their words."""
    for table in tables.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String | JSON) and not _closed(table, column):
                yield f"{table.name}.{column.name}"


def _closed(table: Table, column: Column[object]) -> bool:
    """Whether a check of the table lists every word that the column may hold."""
    listed = re.compile(rf"\b{column.name} in \('", re.IGNORECASE)
    return any(
        isinstance(one, CheckConstraint) and listed.search(str(one.sqltext)) for one in table.constraints
    )


def findings(columns: Iterable[str]) -> list[str]:
    """What is neither sealed nor explained, and what is explained in vain."""
    explained = {name for names in PLAIN.values() for name in names.split()}
    found = set(columns)
    return [
        *(f"{name}: seal it, or say why it holds no free text about a person" for name in found - explained),
        *(f"{name}: there is no such open column any longer" for name in explained - found),
    ]


def test_every_column_of_text_is_sealed_or_holds_nothing_about_a_person() -> None:
    """S38"""
    tree.report(sorted(findings(readable(metadata))))


HEARD = {"recording.sound"}
"""The house's own words too: whoever lifts a phone hears them."""


def test_bytes_are_sealed_or_cannot_be_read_back() -> None:
    """S38: whoever stores bytes either seals them or keeps a hash."""
    found = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
        and f"{table.name}.{column.name}" not in HEARD
        and not re.search(r"_sealed$|_hash$|^mac$|^seal$", column.name)
    ]
    assert found == []


def test_the_guard_sees_a_new_column_of_text() -> None:
    table = Table(
        "diary",
        MetaData(),
        Column("words", String),
        Column("more", JSON),
        Column("state", String),
        CheckConstraint("state in ('open', 'closed')"),
    )
    assert list(readable(table.metadata)) == ["diary.words", "diary.more"]
    assert len(findings([*readable(metadata), *readable(table.metadata)])) == 2
    assert findings(one for one in readable(metadata) if one != "kept_form.path") == [
        "kept_form.path: there is no such open column any longer"
    ]
