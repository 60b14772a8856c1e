"""Typing a paper form: four boxes, what is wrong beside each, the right meeting, and what is shown after."""

import re
import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.booking.models import Appointment
from portal.db import Database
from portal.feedback.models import CheckIn, Correction
from portal.identity.models import Enrolment
from portal.instruments import pack_service
from portal.instruments.models import Response, TextPack
from portal.organisation.models import Organisation
from tests.conftest import FrozenClock, SignIn
from tests.support.meetings import add_meeting
from tests.support.objects import asker_of
from tests.support.packs import MARK, install
from tests.support.pages import seen, text_of
from tests.support.paper import typed
from tests.support.world import World

DAY = timedelta(days=1)
TYPED = {"line_1": "3,5", "line_2": "4", "line_3": "3.2", "line_4": "٣", "day": "2026-11-24"}


@pytest.fixture
def meeting(database: Database, world: World, now: datetime) -> Appointment:
    """Amina meets Karin in two hours, in a house with paper forms."""
    with database.transaction() as session:
        house = session.get_one(Organisation, world.organisation.id)
        house.settings = {"before_with": "paper", "after_with": "paper"}
        return add_meeting(session, world.participant, world.coach, now + timedelta(hours=2), now - 9 * DAY)


def path(world: World, scale: str = "ors") -> str:
    return f"/staff/people/{world.participant.id}/record/{scale}"


def stored(database: Database) -> list[tuple[str, uuid.UUID, datetime | None, int | None]]:
    with database.reading() as session:
        rows = session.execute(
            select(CheckIn.instrument, CheckIn.reference, Response.sent_at, Response.total)
            .join(Response, Response.id == CheckIn.response_id)
            .order_by(CheckIn.begun_at, Response.sent_at)
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]


def test_one_tap_from_the_morning_and_the_meeting(
    sign_in: SignIn, world: World, meeting: Appointment
) -> None:
    browser = sign_in(world.coach)
    link = f"{path(world)}?meeting={meeting.id}"
    for page in ("/staff", f"/staff/people/{world.participant.id}/meetings"):
        assert link in browser.get(page).text
    for page in ("", "/answers"):
        assert path(world, "srs") in browser.get(f"/staff/people/{world.participant.id}{page}").text
    form = browser.get(link)
    assert form.text.count('inputmode="decimal"') == 4
    assert form.text.count('type="number"') == 0
    assert re.search(r'<input[^>]*autofocus[^>]*id="line_1"', form.text)
    assert 'value="2026-11-24"' in form.text


def test_saved_with_its_total_about_the_meeting_of_that_day(
    sign_in: SignIn, database: Database, world: World, meeting: Appointment, now: datetime
) -> None:
    browser = sign_in(world.coach)
    answer = browser.post(path(world), data=TYPED, follow_redirects=True)
    assert "Sparat. Summan är 13,7 av 40." in text_of(answer)
    assert stored(database) == [("ors", meeting.id, now, 137)]
    again = browser.post(path(world), data={**TYPED, "line_1": "9"})
    assert again.status_code == 422
    assert "ORS finns redan för det mötet. Inget är ändrat." in text_of(again)
    assert 'value="9"' in again.text


def test_without_a_meeting_that_day_it_stands_for_itself_once(
    sign_in: SignIn, database: Database, world: World, meeting: Appointment
) -> None:
    browser, key = sign_in(world.coach), str(uuid.uuid4())
    sent = {**TYPED, "day": "2026-11-20", "key": key}
    first, again = (browser.post(path(world, "srs"), data=sent) for _tap in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    ((scale, reference, at, total),) = stored(database)
    assert (scale, str(reference), total) == ("srs", key, 137)
    assert at is not None
    assert at.isoformat() == "2026-11-20T11:00:00+00:00"


def test_the_last_meeting_of_the_week_is_the_likely_day(
    sign_in: SignIn, database: Database, world: World, now: datetime
) -> None:
    with database.transaction() as session:
        for days, attendance in ((3, "came"), (1, "absent"), (9, "came")):
            at = now - days * DAY
            more = {"attendance": attendance, "attended_at": at, "attendance_by": world.coach.id}
            add_meeting(session, world.participant, world.coach, at, at - 9 * DAY, **more)
    assert 'value="2026-11-21"' in sign_in(world.coach).get(path(world)).text
    strange = f"{path(world)}?meeting={uuid.uuid4()}"
    assert 'value="2026-11-21"' in sign_in(world.coach).get(strange).text


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"line_2": "11"}, "Skriv ett tal från 0 till 10."),
        ({"line_2": "4,55"}, "Skriv högst en siffra efter kommat."),
        ({"line_2": "fyra"}, "Skriv ett tal, till exempel 7 eller 7,5."),
        ({"line_2": ""}, "Den här raden är tom."),
        ({"line_2": ""}, "Skriv talet, eller kryssa i att raden är tom på papperet."),
        ({"day": "2026-11-25"}, "Den dagen har inte varit än."),
        ({"day": "2026-08-02"}, "Det är före måndag 3 augusti, då deltagaren ansökte eller började."),
        ({"day": "2016-11-24"}, "Det är före måndag 3 augusti, då deltagaren ansökte eller började."),
        ({"day": "0001-01-01"}, "Det är före måndag 3 augusti, då deltagaren ansökte eller började."),
        ({"day": ""}, "Fyll i det här."),
        ({"line_1": "", "line_2": "", "line_3": "", "line_4": "", "missing": "y"}, "Skriv minst ett tal."),
    ],
)
def test_what_is_wrong_is_said_beside_and_nothing_is_lost(
    sign_in: SignIn, database: Database, world: World, change: dict[str, str], sentence: str
) -> None:
    answer = sign_in(world.coach).post(path(world), data={**TYPED, **change})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    for value in {**TYPED, **change}.values():
        assert not value or f'value="{value}"' in answer.text
    assert stored(database) == []


def test_an_empty_line_is_taken_when_the_paper_has_it_too(
    sign_in: SignIn, database: Database, world: World
) -> None:
    browser = sign_in(world.coach)
    sent = {**TYPED, "line_3": "", "missing": "y"}
    answer = browser.post(path(world), data=sent, follow_redirects=True)
    assert "Sparat utan summa: en rad är tom." in text_of(answer)
    assert stored(database)[0][3] is None


def test_an_older_form_asks_before_it_becomes_the_first(
    sign_in: SignIn, database: Database, world: World, now: datetime
) -> None:
    """What was typed is kept, and the box to tick comes with the question."""
    with database.transaction() as session:
        coach = asker_of(session, world.coach)
        typed(session, coach, world.participant.id, (35, 40, 32, 30), now - 7 * DAY)
    browser, tick = sign_in(world.coach), "Ja, det här papperet är det första"
    assert tick not in text_of(browser.get(path(world)))
    sent = {**TYPED, "day": "2026-11-03", "key": str(uuid.uuid4())}
    asked = browser.post(path(world), data=sent)
    assert asked.status_code == 422
    assert "Den första ORS är från tisdag 17 november. Ett äldre papper blir den nya första" in text_of(asked)
    assert tick in text_of(asked)
    for value in sent.values():
        assert f'value="{value}"' in asked.text
    assert len(stored(database)) == 1
    assert browser.post(path(world), data={**sent, "first": "y"}).status_code == 303
    assert len(stored(database)) == 2


def test_without_a_day_of_the_enrolment_the_programmes_first_day_counts(
    sign_in: SignIn, database: Database, world: World
) -> None:
    with database.transaction() as session:
        enrolment = session.scalars(
            select(Enrolment).where(Enrolment.person_id == world.participant.id)
        ).one()
        enrolment.applied_on = enrolment.first_meeting_on = enrolment.started_on = None
    browser = sign_in(world.coach)
    refused = browser.post(path(world), data={**TYPED, "day": "2024-12-31"})
    assert "Det är före onsdag 1 januari 2025" in text_of(refused)
    assert browser.post(path(world), data={**TYPED, "day": "2025-01-01"}).status_code == 303


def test_corrected_on_its_page_with_both_numbers_kept(
    sign_in: SignIn, database: Database, world: World, now: datetime
) -> None:
    with database.transaction() as session:
        coach = asker_of(session, world.coach)
        made = typed(session, coach, world.participant.id, (35, 40, 32, 30), now)
    browser, here = sign_in(world.coach), f"/staff/people/{world.participant.id}/answers/{made}"
    refused = browser.post(f"{here}/correct", data={**TYPED, "seen": seen(browser, f"{here}/correct")})
    assert refused.status_code == 422
    assert "Fyll i det här." in text_of(refused)
    sent = {**TYPED, "line_2": "4,4", "reason": "Jag skrev fel", "seen": seen(browser, f"{here}/correct")}
    answer = text_of(browser.post(f"{here}/correct", data=sent, follow_redirects=True))
    for words in ("Summan är 14,1 av 40.", "Rad 2: 4 blev 4,4.", "Jag skrev fel", "Karin L."):
        assert words in answer
    assert "Rad 2: 4 blev 4,4." in text_of(browser.get(f"/staff/people/{world.participant.id}/answers"))
    late = browser.post(f"{here}/correct", data={**sent, "line_2": "1"})
    assert late.status_code == 422
    assert "Någon annan har sparat medan du skrev." in text_of(late)
    assert "Nu står det: 4,4." in text_of(late)
    with database.reading() as session:
        assert len(session.scalars(select(Correction)).all()) == 1


@pytest.mark.parametrize(
    "corrected, line, becomes", [(0, "9", "söndag 1 november"), (1, "", "tisdag 24 november")]
)
def test_a_correction_asks_before_another_form_is_the_first(
    sign_in: SignIn,
    database: Database,
    world: World,
    now: datetime,
    corrected: int,
    line: str,
    becomes: str,
) -> None:
    """What was typed is kept, and the box to tick comes with the question; then it is taken."""
    with database.transaction() as session:
        coach, who = asker_of(session, world.coach), world.participant.id
        made = [
            typed(session, coach, who, (90, 90, 90, None), now - 23 * DAY),
            typed(session, coach, who, (35, 40, 32, 55), now - 7 * DAY),
            typed(session, coach, who, (35, 40, 32, 30), now),
        ]
    browser, tick = sign_in(world.coach), "Ja, en annan blir den första"
    here = f"/staff/people/{who}/answers/{made[corrected]}/correct"
    assert tick not in text_of(browser.get(here))
    sent = {**TYPED, "line_4": line, "reason": "Såg fel", "seen": seen(browser, here)}
    sent |= {} if line else {"missing": "y"}
    asked = browser.post(here, data=sent)
    assert asked.status_code == 422
    assert (
        f"Den första ORS är från tisdag 17 november. Med de här talen blir den från {becomes} den nya första"
        in text_of(asked)
    )
    assert tick in text_of(asked)
    for name in ("line_1", "line_2", "line_3", "reason", "seen"):
        assert f'value="{sent[name]}"' in asked.text
    assert stored(database)[corrected][3] == (None, 162)[corrected]
    assert browser.post(here, data={**sent, "first": "y"}).status_code == 303
    assert stored(database)[corrected][3] == (197, None)[corrected]
    assert "Såg fel Karin L." in " ".join(text_of(browser.get(here.removesuffix("/correct"))).split())


def test_undone_at_once_and_not_later(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    browser = sign_in(world.coach)
    here = browser.post(path(world), data=TYPED).headers["Location"]
    assert "Ångra" in text_of(browser.get(here))
    frozen.move(timedelta(minutes=14))
    assert browser.post(f"{here}/undo").status_code == 303
    assert stored(database) == []
    second = browser.post(path(world), data=TYPED).headers["Location"]
    frozen.move(timedelta(minutes=14))
    browser.get("/staff")
    frozen.move(timedelta(minutes=2))
    assert "Ångra" not in text_of(browser.get(second))
    late = browser.post(f"{second}/undo", follow_redirects=True)
    assert "Det går inte att ångra längre. Du kan ändra talen." in text_of(late)
    assert len(stored(database)) == 1


def test_the_licence_rule_in_plain_words_with_the_two_other_ways(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock, now: datetime
) -> None:
    browser, page = sign_in(world.coach), f"/staff/people/{world.participant.id}/answers"
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).settings = {"before_with": "digital"}
    text = text_of(browser.get(page))
    assert "ORS skickas inte till mobilen: det finns ingen digital licens." in text
    assert "Deltagaren får våra egna frågor. Du kan också skriva in talen från papper." in text
    assert "Skriv in ORS" in text
    with database.transaction() as session:
        install(session, "ors", now - 2 * DAY, expires_on=(now - DAY).date())
    assert "licensen gick ut måndag 23 november" in text_of(browser.get(page))
    with database.transaction() as session:
        install(session, "ors", now)
    assert "skickas inte" not in text_of(browser.get(page))
    assert MARK in text_of(browser.get(path(world)))


@pytest.mark.parametrize("ended", [False, True])
def test_a_paper_form_is_worded_as_long_as_the_licence_lasts(
    sign_in: SignIn, database: Database, world: World, now: datetime, ended: bool
) -> None:
    """After its last day, or once it is ended: typed, shown, corrected and read by the lines' numbers."""
    with database.transaction() as session:
        install(session, "ors", now - 2 * DAY, scope="paper", expires_on=now.date())
        made = typed(session, asker_of(session, world.coach), world.participant.id, (35, 40, 32, 30), now)
    browser, answers = sign_in(world.coach), f"/staff/people/{world.participant.id}/answers"
    pages = (path(world), answers, f"{answers}/{made}", f"{answers}/{made}/correct")
    for page in pages:
        text = text_of(browser.get(page))
        assert MARK in text
        assert "Påhittad rad 1" in text
    with database.transaction() as session:
        if ended:
            pack_service.end(session, "ors", now)
        else:
            session.scalars(select(TextPack)).one().expires_on = (now - DAY).date()
    for page in pages:
        text = text_of(browser.get(page))
        assert MARK not in text
        assert "Påhittad" not in text
        assert "Rad 1" in text


def test_the_answers_page_shows_curve_cut_off_lines_and_the_last_srs(
    sign_in: SignIn, database: Database, world: World, now: datetime
) -> None:
    with database.transaction() as session:
        coach = asker_of(session, world.coach)
        for number, part in enumerate((45, 55, 70)):
            at = now - (2 - number) * 14 * DAY
            typed(session, coach, world.participant.id, (part, part, part, part), at)
            typed(session, coach, world.participant.id, (95, 90, 90, 95), at, scale="srs")
    page = sign_in(world.coach).get(f"/staff/people/{world.participant.id}/answers")
    text = text_of(page)
    for words in (
        "Kliniskt signifikant förändring",
        "Från 18 till 28: upp minst 5, och över brytpunkten 25.",
        "Brytpunkt 25 (18 år eller äldre). Tillförlitlig förändring: 5.",
        "brytpunkt 25",
        "första 18 ± 5",
        "Senaste SRS, den 24 nov.: 37.",
        "papper, Karin L.",
    ):
        assert words in text
    assert page.text.count('class="layer"') == 6
    assert page.text.count('class="cut"') == 2
    for label in ("frisk", "sjuk", "normal"):
        assert label not in text.casefold()


def test_a_high_first_score_is_told_apart_and_never_as_well(
    sign_in: SignIn, database: Database, world: World, now: datetime
) -> None:
    with database.transaction() as session:
        coach = asker_of(session, world.coach)
        typed(session, coach, world.participant.id, (80, 80, 80, 80), now - 14 * DAY)
        typed(session, coach, world.participant.id, (95, 95, 95, 95), now)
    text = text_of(sign_in(world.coach).get(f"/staff/people/{world.participant.id}/answers"))
    assert "Tillförlitlig förbättring" in text
    assert "Den första summan var inte under brytpunkten 25." in text
    assert "Kliniskt signifikant" not in text
