"""Answers become figures once a month, by themselves from then on; on both databases."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.identity.models import Person, RoleGrant
from portal.journal.service import take_notes
from portal.surveys import figure_service
from portal.surveys.figure_service import Leaving, TooMany
from portal.surveys.freeze_service import freeze
from portal.surveys.models import (
    SurveyAnswer,
    SurveyFreeze,
    SurveyRelease,
    SurveySheet,
    SurveyTally,
    SurveyText,
)
from portal.surveys.release_rules import DIMENSIONS, Dimension
from portal.surveys.result_queries import ALL, Results, overview, results
from portal.surveys.rules import Round
from portal.web.asker import Asker
from tests.surveys.conftest import People, Respond

OCTOBER = datetime(2026, 10, 15, 9, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 3, 9, tzinfo=UTC)
DECEMBER_1 = datetime(2026, 12, 1, 6, tzinfo=UTC)
WOMEN_AND_MEN = [("woman", True), ("woman", False), ("man", True), ("man", False)]


def shown(
    session: Session, lead: Asker, which: Round = "ongoing", period: str = "", by: Dimension | None = None
) -> Results:
    return results(session, lead, overview(session, lead)[0].team.id, which, period=period, by=by)


def counts(found: Results, question: str = "time") -> dict[str, int]:
    whole = found.of(question).whole
    return {key: count for key, count in whole.counts.items() if count} if whole else {}


def test_four_are_nothing_and_the_fifth_shows_all(
    session: Session, people: People, respond: Respond, now: datetime
) -> None:
    """S41"""
    for _ in range(4):
        respond(OCTOBER, time="often")
    freeze(session, now)
    assert shown(session, people.lead).empty
    respond(NOVEMBER, time="never")
    freeze(session, DECEMBER_1)
    found = shown(session, people.lead)
    assert counts(found) == {"often": 4, "never": 1}
    assert found.until == date(2026, 12, 1)
    assert found.of("reception").whole is None


def test_what_came_this_month_waits_for_the_next(
    session: Session, people: People, respond: Respond, now: datetime
) -> None:
    """S41: frozen monthly, at the turn of the month where the organisation is."""
    for _ in range(6):
        respond(NOVEMBER, time="often")
    last_minute = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
    respond(last_minute, time="seldom")
    respond(last_minute + timedelta(minutes=1), time="never")
    assert freeze(session, now) == 2
    assert shown(session, people.lead).empty
    assert freeze(session, DECEMBER_1) == 2
    assert counts(shown(session, people.lead)) == {"often": 6, "seldom": 1}


def test_a_month_is_frozen_once(session: Session, respond: Respond, now: datetime) -> None:
    for _ in range(5):
        respond(OCTOBER, time="often")
    assert freeze(session, now) == 2
    for _ in range(5):
        respond(OCTOBER, time="never")
    assert freeze(session, now + timedelta(hours=1)) == 0
    assert freeze(session, OCTOBER) == 0
    assert session.scalar(select(func.count()).select_from(SurveyFreeze)) == 2


def test_the_figures_stand_when_people_change_and_when_the_answers_go(
    session: Session, people: People, respond: Respond, now: datetime
) -> None:
    """S41, S46: nothing is counted anew."""
    for gender, born in WOMEN_AND_MEN * 5:
        respond(OCTOBER, gender=gender, born_in_sweden=born, time="often")
    freeze(session, now)
    before = shown(session, people.lead, by="gender")
    session.execute(update(Person).values(gender="man"))
    session.execute(update(SurveyAnswer).values(release_id=None))
    session.execute(delete(SurveySheet))
    freeze(session, DECEMBER_1)
    assert shown(session, people.lead, by="gender").of("time") == before.of("time")
    assert [(side.value, side.figure.base) for side in before.of("time").groups] == [
        ("man", 10),
        ("woman", 10),
    ]


def test_no_answer_is_counted_twice(
    session: Session, people: People, respond: Respond, now: datetime
) -> None:
    for _ in range(7):
        respond(OCTOBER, time="often")
    freeze(session, now)
    for month in range(1, 6):
        freeze(session, datetime(2027, month, 1, 6, tzinfo=UTC))
    assert counts(shown(session, people.lead, period=ALL)) == {"often": 7}


def test_nobody_with_protected_identity_is_counted(
    session: Session, people: People, respond: Respond, now: datetime
) -> None:
    """S37"""
    for _ in range(5):
        respond(OCTOBER, time="often")
    respond(OCTOBER, time="never", protected=True)
    freeze(session, now)
    assert counts(shown(session, people.lead)) == {"often": 5}


def test_rounds_teams_and_organisations_never_mix(
    session: Session, people: People, respond: Respond, now: datetime
) -> None:
    """S4"""
    for which, team in (("ongoing", None), ("closure", None), ("ongoing", people.world.here.other_team)):
        for _ in range(5):
            respond(OCTOBER, which, team=team, time="often" if which == "ongoing" else "never")
    freeze(session, now)
    lead = people.lead
    assert counts(shown(session, lead)) == {"often": 5}
    assert counts(shown(session, lead, "closure")) == {"never": 5}
    assert [(one.team.id, one.counted["ongoing"]) for one in overview(session, lead)] == [
        (people.world.here.team.id, 5)
    ]
    for team in (people.world.here.other_team, people.world.elsewhere.team):
        with pytest.raises(NoResultFound):
            results(session, lead, team.id, "ongoing")
    for who, role in (("coach", "coach"), ("admin", "admin"), ("user_auditor", "user_auditor")):
        asker = people.of(getattr(people.world, who), role)
        with pytest.raises(NoResultFound):
            results(session, asker, people.world.here.team.id, "ongoing")


def test_free_words_come_from_five_without_person_time_or_order(
    session: Session, people: People, respond: Respond, now: datetime
) -> None:
    """S41"""
    said = [f"Ord nummer {number}" for number in range(30)]
    for words in said[:4]:
        respond(OCTOBER, better=words)
    freeze(session, now)
    assert shown(session, people.lead).of("better").words == ()
    for words in said[4:]:
        respond(NOVEMBER, better=words)
    freeze(session, DECEMBER_1)
    found = shown(session, people.lead).of("better")
    assert sorted(found.words) == sorted(said)
    assert found.words != tuple(said)
    assert found.groups == ()
    assert [column.name for column in SurveyText.__table__.columns] == ["release_id", "words_sealed", "id"]
    stored = [row.words for row in session.scalars(select(SurveyText))]
    assert stored != said
    assert shown(session, people.lead, by="gender").of("better").groups == ()


def test_what_was_never_sent_is_gone_a_month_after_its_time(
    session: Session, respond: Respond, now: datetime
) -> None:
    kept, gone, sent = respond(NOVEMBER), respond(OCTOBER), respond(OCTOBER)
    session.execute(update(SurveySheet).where(SurveySheet.id.in_((kept, gone))).values(sent_at=None))
    freeze(session, DECEMBER_1)
    assert set(session.scalars(select(SurveySheet.id))) == {kept, gone, sent}
    freeze(session, datetime(2027, 1, 1, 6, tzinfo=UTC))
    assert set(session.scalars(select(SurveySheet.id))) == {kept, sent}
    assert gone not in set(session.scalars(select(SurveyAnswer.sheet_id)))


def test_tables_of_figures_name_no_sheet_and_no_person() -> None:
    """S41: what is shown is reached from no person, and no person from it."""
    for table in (SurveyTally, SurveyText, SurveyRelease, SurveyFreeze):
        targets = {key.column.table.name for key in table.__table__.foreign_keys}
        assert targets <= {"survey_release", "survey_freeze", "organisation", "team"}


def test_half_years_add_up_to_all(session: Session, people: People, respond: Respond) -> None:
    for _ in range(5):
        respond(datetime(2026, 5, 3, 9, tzinfo=UTC), time="often")
    freeze(session, datetime(2026, 6, 2, tzinfo=UTC))
    for gender, born in WOMEN_AND_MEN * 5:
        respond(OCTOBER, gender=gender, born_in_sweden=born, time="never")
    freeze(session, NOVEMBER)
    found = shown(session, people.lead)
    assert (found.period, found.periods) == ("2026-2", ("2026-2", "2026-1"))
    assert counts(found) == {"never": 20}
    assert counts(shown(session, people.lead, period="2026-1")) == {"often": 5}
    assert counts(shown(session, people.lead, period=ALL)) == {"often": 5, "never": 20}
    assert shown(session, people.lead, period="1999-1").period == "2026-2"


def test_a_lead_who_leads_no_longer_reads_nothing(session: Session, people: People) -> None:
    lead = people.lead
    team = people.world.here.team.id
    session.execute(delete(RoleGrant).where(RoleGrant.person_id == lead.person_id))
    assert overview(session, lead) == ()
    with pytest.raises(NoResultFound):
        results(session, lead, team, "ongoing")


def leaving(count: int, answer: str = "none", period: str = "2026-2") -> Leaving:
    return Leaving(1, "support", period, answer, count, "De trodde att frågan gällde tolk.")


def test_answers_are_left_out_with_a_reason_and_both_figures_stand(
    session: Session, people: People, respond: Respond, now: datetime
) -> None:
    for answer, many in (("all", 6), ("none", 4), ("not_for_me", 2), ("skipped", 3)):
        for _ in range(many):
            respond(OCTOBER, support=answer)
    freeze(session, now)
    lead, team = people.lead, people.world.here.team.id
    take_notes(session)
    row = figure_service.leave_out(session, lead, team, "ongoing", leaving(3), now)
    assert "change" in {note["action"] for note in take_notes(session)}
    found = shown(session, lead).of("support")
    assert found.whole
    assert found.printed
    assert (found.whole.good, found.whole.base, found.printed.base) == (6, 10, 7)
    (left,) = found.left_out
    assert (left.reason, left.by, left.count) == ("De trodde att frågan gällde tolk.", "Lena Ek", 3)
    assert b"tolk" not in (row.reason_sealed or b"")
    everything = shown(session, lead, period=ALL).of("support")
    assert everything.printed
    assert everything.printed.base == 7
    with pytest.raises(TooMany) as refused:
        figure_service.leave_out(session, lead, team, "ongoing", leaving(2), now)
    assert refused.value.most == 1
    for wrong in (
        leaving(1, "not_for_me"),
        leaving(1, period="2026-1"),
        leaving(1, period=ALL),
        leaving(1, "nothing"),
    ):
        with pytest.raises(TooMany):
            figure_service.leave_out(session, lead, team, "ongoing", wrong, now)
    for _twice in range(2):
        figure_service.take_back(session, lead, team, row.id, now)
    assert shown(session, lead).of("support").printed is None


def test_only_the_teams_own_lead_leaves_answers_out(
    session: Session, people: People, respond: Respond, now: datetime
) -> None:
    """S2"""
    for _ in range(6):
        respond(OCTOBER, support="none")
    freeze(session, now)
    team = people.world.here.team.id
    row = figure_service.leave_out(session, people.lead, team, "ongoing", leaving(1), now)
    coach = people.of(people.world.coach, "coach")
    with pytest.raises(NoResultFound):
        figure_service.leave_out(session, coach, team, "ongoing", leaving(1), now)
    with pytest.raises(NoResultFound):
        figure_service.take_back(session, coach, team, row.id, now)


def test_reading_the_figures_is_noted(session: Session, people: People) -> None:
    """S42"""
    take_notes(session)
    results(session, people.lead, people.world.here.team.id, "ongoing")
    (noted,) = take_notes(session)
    assert (noted["action"], noted["kind"]) == ("read", "survey-figures")
    assert (noted["subject_id"], noted["object_id"]) == (None, people.world.here.team.id)


def every_figure(session: Session, lead: Asker) -> Counter[tuple[str, ...]]:
    """Each number that any page of a lead can show, by where it stands."""
    numbers: Counter[tuple[str, ...]] = Counter()
    periods = (*shown(session, lead).periods, ALL)
    for period in periods:
        for by in (None, *DIMENSIONS):
            found = shown(session, lead, period=period, by=by).of("time")
            for value, figure in [("", found.whole), *((one.value, one.figure) for one in found.groups)]:
                for answer, count in figure.counts.items() if figure else ():
                    numbers[period, by or "all", value, answer] = count
    return numbers


def test_changing_one_answer_never_shows_whose_it_is(
    session: Session, people: People, respond: Respond
) -> None:
    """S41: an attacker who knows everybody's facts, and sees every figure of every month.

    Each person's answer is changed in turn. Whoever moves the same figures looks the same: they are at
    least five, in every month, whatever is asked for.
    """
    months = [
        (datetime(2026, month, 10, tzinfo=UTC), datetime(2026, month + 1, 1, 6, tzinfo=UTC))
        for month in range(6, 10)
    ]
    sheets = []
    for number, (sent_at, _turn) in enumerate(months * 8):
        gender, born = WOMEN_AND_MEN[number % 3 + (number % 5 == 0)]
        town = "norr" if number % 7 else "syd"
        sheets.append(
            respond(
                sent_at,
                gender=gender,
                born_in_sweden=born,
                municipality=town,
                intake=number % 2,
                time="often",
            )
        )
    session.flush()

    def seen(changed: object = None) -> list[Counter[tuple[str, ...]]]:
        """Everything, month after month, with one answer changed; then as if it had not been."""
        with session.begin_nested() as undone:
            for row in session.scalars(
                select(SurveyAnswer).where(SurveyAnswer.sheet_id == changed, SurveyAnswer.question == "time")
            ):
                row.answer = "never"
            history = []
            for _sent_at, turn in months:
                freeze(session, turn)
                history.append(every_figure(session, people.lead))
            undone.rollback()
        session.expire_all()
        return history

    plain = seen()
    assert any(plain), "something must be shown"
    alike: Counter[tuple[object, ...]] = Counter()
    for sheet_id in sheets:
        moved = tuple(
            frozenset((now - before).items() | (before - now).items())
            for now, before in zip(seen(sheet_id), plain, strict=True)
        )
        alike[moved] += 1
    hidden = alike.pop(tuple(frozenset() for _ in months), 0)
    assert hidden < len(sheets)
    assert min(alike.values()) >= 5
