"""The settings, as an admin sees and uses them."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import Database
from portal.feedback.rules import down_rule
from portal.instruments import queries
from portal.instruments.rules import Figure, drops, read_value
from portal.journal.models import JournalRow
from portal.organisation.models import Choice, Organisation, Team
from portal.organisation.rules import DEFAULT_CRISIS_LINES, Rules
from portal.organisation.setting_rules import BOUNDS, MAY_BE_EMPTY
from tests.conftest import FrozenClock, SignIn
from tests.support.pages import Client, mark_of, parse, seen, text_of
from tests.support.world import CANARY, SETTINGS, World

BASE = "/staff/organisation"
NUMBER, CARE, MIND = DEFAULT_CRISIS_LINES


def rules_form(**changes: object) -> dict[str, object]:
    """The rules as the page shows them."""
    numbers = {name: "" if name in MAY_BE_EMPTY else str(getattr(Rules(), name)) for name in BOUNDS}
    texts = {"default_place": "", "complaint_name": "", "complaint_phone": ""}
    modes = {"modes": list(Rules().modes), "reminder_steps": list(Rules().reminder_steps)}
    modes["follow_up_months"] = [str(month) for month in Rules().follow_up_months]
    falls = {"down_total": "6,3", "down_line": "3", "survey_ongoing": "y", "survey_closure": "y"}
    falls["closed_on_holidays"] = falls["attendance_signed"] = "y"
    own = {"name": "Samordningen", "phone": "010-123 45 67", "languages": ["en", "ar"], **falls}
    return {**own, **modes, **numbers, **texts, **changes}


def rules_of(database: Database, world: World) -> Rules:
    """What holds now."""
    with database.reading() as session:
        return session.get_one(Organisation, world.organisation.id).rules


@pytest.mark.parametrize("who", ["coach", "lead", "translator", "participant"])
def test_settings_are_for_admins(sign_in: SignIn, world: World, who: str) -> None:
    browser = sign_in(getattr(world, who))
    for path in ("", "/rules", "/crisis", "/crisis/new", f"/crisis/{NUMBER.key}", "/words/outcome"):
        assert browser.get(BASE + path).status_code == 404
    assert browser.post(f"{BASE}/rules", data=rules_form()).status_code == 404


def test_the_rules_stand_in_groups_with_a_table_of_contents(sign_in: SignIn, world: World) -> None:
    tree = parse(sign_in(world.admin).get("/staff/organisation/rules").text)
    (contents,) = [nav for nav in tree.iter("nav") if nav.get("aria-label") == "Innehåll"]
    listed = {str(link.get("href"))[1:]: link.text for link in contents.iter("a")}
    groups = {str(section.get("aria-labelledby")): section for section in tree.iter("section")}
    assert list(listed) == list(groups)
    assert list(listed.values()) == [section.findtext("h2") for section in groups.values()]
    assert sum(len(list(section.iter("input"))) for section in groups.values()) > 30
    assert all(0 < len(list(section.iter("input"))) < 20 for section in groups.values())


def test_rules_are_changed_and_only_what_differs_is_stored(
    sign_in: SignIn, world: World, database: Database
) -> None:
    browser = sign_in(world.admin)
    assert 'value="60"' in browser.get(f"{BASE}/rules").text
    form = rules_form(
        seen=seen(browser, f"{BASE}/rules"),
        meeting_minutes="٤٥",
        buffer_phone_minutes="0",
        most_a_day="5",
        eve_last_hour="24",
        closed_on_holidays="",
        modes=["phone", "walk"],
        complaint_name="Eva, chef",
        foreign_numbers="y",
    )
    assert browser.post(f"{BASE}/rules", data=form).status_code == 303
    with database.reading() as session:
        own = session.get_one(Organisation, world.organisation.id)
        assert own.settings == {
            "meeting_minutes": 45,
            "buffer_phone_minutes": 0,
            "most_a_day": 5,
            "eve_last_hour": 24,
            "closed_on_holidays": False,
            "modes": ["phone", "walk"],
            "complaint_name": "Eva, chef",
            "foreign_numbers": True,
        }
        assert own.name == "Samordningen"
        far = session.get_one(Organisation, world.elsewhere.organisation.id)
        assert far.settings == SETTINGS


@pytest.mark.parametrize(
    "field, typed, sentence",
    [
        ("modes", [], "Välj ett svar"),
        ("modes", "letter", "Välj något i listan"),
        ("meeting_minutes", "9", "Skriv ett tal från 10 till 240"),
        ("meeting_minutes", "", "Fyll i det här"),
        ("meeting_minutes", "en timme", "Skriv ett tal"),
        ("reminder_latest_hour", "23", "Skriv ett tal från 13 till 22"),
        ("minimum_notice_hours", "336", "längre än man kan boka framåt"),
        ("phone", "ring", "Det är inget telefonnummer"),
        ("complaint_phone", "12", "Det är inget telefonnummer"),
        ("default_place", "x" * 10_000, "Texten är för lång"),
        ("name", "a\x00b", "ett tecken som vi inte kan spara"),
    ],
)
def test_a_wrong_setting_is_told_beside_it(
    sign_in: SignIn, world: World, database: Database, field: str, typed: object, sentence: str
) -> None:
    browser = sign_in(world.admin)
    form = rules_form(**{"horizon_days": "14", "seen": seen(browser, f"{BASE}/rules"), field: typed})
    answer = browser.post(f"{BASE}/rules", data=form)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert rules_of(database, world) == Rules.from_json(SETTINGS)


def names_of(database: Database, world: World) -> list[str]:
    """What the crisis lines are called now."""
    return [line.name for line in rules_of(database, world).crisis_lines]


def test_of_two_who_change_the_rules_the_second_is_told_what_the_first_saved(
    sign_in: SignIn, world: World, database: Database
) -> None:
    browser = sign_in(world.admin)
    form = rules_form(seen=seen(browser, f"{BASE}/rules"))
    for _ in range(2):
        assert browser.post(f"{BASE}/rules", data={**form, "meeting_minutes": "45"}).status_code == 303
    late = browser.post(f"{BASE}/rules", data={**form, "modes": ["phone"], "buffer_minutes": "20"})
    told = text_of(late)
    assert late.status_code == 422
    assert "Någon annan har sparat medan du skrev" in told
    assert "Nu står det: 45." in told
    assert "Nu står det: På plats, Telefon, Video, Promenad." in told
    assert 'value="20"' in late.text
    assert rules_of(database, world).buffer_minutes == 15
    mended = {**form, "meeting_minutes": "45", "buffer_minutes": "20", "seen": mark_of(late)}
    assert browser.post(f"{BASE}/rules", data=mended).status_code == 303
    assert (rules_of(database, world).meeting_minutes, rules_of(database, world).buffer_minutes) == (45, 20)


def test_languages_and_what_counts_as_a_fall_are_chosen(
    sign_in: SignIn, world: World, database: Database, client: Client
) -> None:
    browser = sign_in(world.admin)
    form = rules_form(seen=seen(browser, f"{BASE}/rules"))
    form |= {"languages": ["ar"], "down_total": "8,5", "down_line": "2"}
    assert browser.post(f"{BASE}/rules", data=form).status_code == 303
    with database.reading() as session:
        own = session.get_one(Organisation, world.organisation.id)
        assert own.languages == ["sv", "ar"]
        assert (own.rules.checkin_down_share, own.rules.checkin_down_line) == (0.17, 2.0)
    entry = client.get("/norrby").text
    assert "العربية" in entry
    assert "English" not in entry
    assert 'value="en"' not in browser.get("/staff/people/new").text
    facts = sign_in(world.coach).get(f"/staff/people/{world.second_participant.id}/enrolment/facts").text
    assert 'value="ar"' in facts


@pytest.mark.parametrize("share", [0.125, 0.126, 0.1, 0.002, 1.0])
def test_the_least_fall_that_is_told_is_what_the_setting_says(
    sign_in: SignIn, world: World, database: Database, share: float
) -> None:
    """What stands in the box is down, and a tenth of a point less is not; of each of our own questions."""
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).settings = {"checkin_down_share": share}
    page = sign_in(world.admin).get(f"{BASE}/rules")
    assert "Säg till när summan av våra egna frågor har fallit så många poäng, av 50" in text_of(page)
    box = re.search(r'<input[^>]*id="down_total"[^>]*>', page.text)
    assert box is not None
    value = re.search(r'value="([0-9,]+)"', box[0])
    assert value is not None
    shown = read_value(value[1], 500)
    for when in ("before", "after"):
        highest = queries.current(when).highest
        assert highest == 500
        for by, told in ((shown, True), (shown - 1, False)):
            fall = Figure(None, highest - by, highest, highest)
            assert bool(drops(down_rule(Rules(checkin_down_share=share)), highest, [fall])) is told


@pytest.mark.parametrize("typed", ["0,9", "50,1", "6,25", "sex", ""])
def test_a_fall_is_points_with_at_most_one_decimal(
    sign_in: SignIn, world: World, database: Database, typed: str
) -> None:
    browser = sign_in(world.admin)
    answer = browser.post(
        f"{BASE}/rules", data=rules_form(seen=seen(browser, f"{BASE}/rules"), down_total=typed)
    )
    assert answer.status_code == 422
    sentence = (
        "Skriv ett tal från 1 till 50, med högst en siffra efter kommat." if typed else "Fyll i det här."
    )
    assert sentence in text_of(answer)
    assert not typed or f'value="{typed}"' in answer.text
    assert rules_of(database, world) == Rules.from_json(SETTINGS)


def test_a_fall_that_is_no_whole_number_of_points_stays_until_it_is_changed(
    sign_in: SignIn, world: World, database: Database
) -> None:
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).settings = {"checkin_down_share": 0.113}
    browser = sign_in(world.admin)
    form = rules_form(seen=seen(browser, f"{BASE}/rules"), down_total="5,7", meeting_minutes="45")
    assert browser.post(f"{BASE}/rules", data=form).status_code == 303
    assert rules_of(database, world).checkin_down_share == 0.113


def test_changed_settings_stand_in_the_journal(sign_in: SignIn, world: World, database: Database) -> None:
    browser = sign_in(world.admin)
    browser.post(f"{BASE}/rules", data=rules_form(seen=seen(browser, f"{BASE}/rules")))
    browser.post(f"{BASE}/words/outcome", data={"word_sv": "Pension"})
    browser.post(f"{BASE}/crisis/checked", data={"checked_on": "2026-11-24"})
    with database.reading() as session:
        rows = session.scalars(select(JournalRow).where(JournalRow.action == "change"))
        assert {(row.kind, row.actor_id) for row in rows} == {
            (kind, world.admin.id) for kind in ("rules", "contact", "word", "crisis_lines_checked")
        }


def test_crisis_lines_are_added_changed_checked_and_removed(
    sign_in: SignIn, world: World, database: Database
) -> None:
    browser = sign_in(world.admin)
    page = text_of(browser.get(f"{BASE}/crisis"))
    assert "Ingen har kontrollerat numren än" in page
    assert "Det finns ingen linje om våld" in page
    line = {"purpose": "violence", "name": "Kvinnojouren", "number": "010-111 22 33"}
    for _ in range(2):
        assert browser.post(f"{BASE}/crisis/new", data=line).status_code == 303
    assert names_of(database, world).count("Kvinnojouren") == 1
    added = rules_of(database, world).crisis_lines[3]
    assert browser.get(f"{BASE}/crisis/{added.key}").status_code == 200
    assert browser.post(f"{BASE}/crisis/{added.key}", data={**line, "name": "Jouren"}).status_code == 303
    assert browser.post(f"{BASE}/crisis/{NUMBER.key}/remove").status_code == 303
    assert names_of(database, world) == ["Vårdguiden", "Mind Självmordslinjen", "Jouren"]
    assert browser.get(f"{BASE}/crisis/{added.key}").status_code == 404
    assert browser.post(f"{BASE}/crisis/new", data={**line, "number": "x"}).status_code == 422
    assert browser.post(f"{BASE}/crisis/{CARE.key}", data={**line, "purpose": "annat"}).status_code == 422


def test_a_second_tap_leaves_the_other_crisis_lines_alone(
    sign_in: SignIn, world: World, database: Database
) -> None:
    browser = sign_in(world.admin)
    changed = {"purpose": "care", "name": "1177", "number": "1177"}
    for _ in range(2):
        assert browser.post(f"{BASE}/crisis/{NUMBER.key}/remove").status_code == 303
        assert browser.post(f"{BASE}/crisis/{CARE.key}", data=changed).status_code == 303
    assert names_of(database, world) == ["1177", "Mind Självmordslinjen"]
    browser.get(f"{BASE}/crisis")
    gone = browser.post(f"{BASE}/crisis/{NUMBER.key}/remove", follow_redirects=True)
    assert "Linjen är ändrad eller borttagen redan." in text_of(gone)
    assert "Linjerna är sparade." not in text_of(gone)


def test_what_was_written_about_a_line_that_is_gone_can_still_be_saved(
    sign_in: SignIn, world: World, database: Database
) -> None:
    browser = sign_in(world.admin)
    browser.post(f"{BASE}/crisis/{MIND.key}/remove")
    line = {"purpose": "suicide", "name": "Linjen för alla", "number": "90101"}
    answer = browser.post(f"{BASE}/crisis/{MIND.key}", data=line)
    assert answer.status_code == 422
    assert "Någon annan har ändrat eller tagit bort linjen" in text_of(answer)
    assert 'value="Linjen för alla"' in answer.text
    assert f'action="{BASE}/crisis/new"' in answer.text
    assert names_of(database, world) == ["SOS Alarm", "Vårdguiden"]


def test_a_line_that_becomes_like_another_stands_once(
    sign_in: SignIn, world: World, database: Database
) -> None:
    data = {"purpose": CARE.purpose, "name": CARE.name, "number": CARE.number}
    assert sign_in(world.admin).post(f"{BASE}/crisis/{MIND.key}", data=data).status_code == 303
    assert names_of(database, world) == ["SOS Alarm", "Vårdguiden"]


def test_lines_older_than_a_year_are_spoken_of(
    sign_in: SignIn, world: World, database: Database, frozen: FrozenClock
) -> None:
    browser = sign_in(world.admin)
    assert "på över ett år" in text_of(browser.get(BASE))
    future = browser.post(f"{BASE}/crisis/checked", data={"checked_on": "2026-11-25"})
    assert "Den dagen har inte varit än" in text_of(future)
    assert browser.post(f"{BASE}/crisis/checked", data={"checked_on": "2026-11-24"}).status_code == 303
    assert "på över ett år" not in text_of(browser.get(BASE))
    frozen.move(timedelta(days=366))
    assert "på över ett år" in text_of(sign_in(world.admin).get(BASE))
    assert "Kontrollerade tisdag 24 november 2026" in text_of(sign_in(world.admin).get(f"{BASE}/crisis"))


def test_words_are_added_translated_and_taken_out_of_use(
    sign_in: SignIn, world: World, database: Database
) -> None:
    browser = sign_in(world.admin)
    assert "Arbete" in text_of(browser.get(f"{BASE}/words/outcome"))
    form = {"word_sv": "Pension", "word_en": "Pension", "word_ar": "تقاعد"}
    for _ in range(2):
        assert browser.post(f"{BASE}/words/outcome", data=form).status_code == 303
    with database.reading() as session:
        asked = select(Choice).where(
            Choice.code == "pension", Choice.organisation_id == world.organisation.id
        )
        word = session.scalars(asked).one()
        assert (word.label("ar"), word.label("sv"), word.position) == ("تقاعد", "Pension", 3)
    path = f"{BASE}/words/outcome/{word.id}"
    assert "تقاعد" in browser.get(path).text
    assert browser.post(path, data={"word_sv": ""}).status_code == 422
    mark = {"seen": seen(browser, path)}
    assert browser.post(path, data={"word_sv": "Ålderspension", "retired": "y", **mark}).status_code == 303
    late = browser.post(path, data={"word_sv": "Folkpension", **mark})
    assert late.status_code == 422
    assert "Nu står det: Ålderspension." in text_of(late)
    with database.reading() as session:
        word = session.get_one(Choice, word.id)
        assert (word.words, word.code, word.retired) == ({"sv": "Ålderspension"}, "pension", True)


def test_another_organisations_words_are_out_of_reach(
    sign_in: SignIn, world: World, database: Database
) -> None:
    """S4"""
    with database.reading() as session:
        far = select(Choice).where(
            Choice.organisation_id == world.elsewhere.organisation.id, Choice.kind == "outcome"
        )
        word = session.scalars(far).first()
        assert word is not None
    browser = sign_in(world.admin)
    for path in (f"{BASE}/words/outcome/{word.id}", f"{BASE}/words/income/{word.id}"):
        assert browser.get(path).status_code == 404
        assert browser.post(path, data={"word_sv": "Mitt"}).status_code == 404
    assert CANARY not in browser.get(BASE).text


def test_an_organisation_is_founded_on_the_command_line(app: Flask, database: Database) -> None:
    runner = app.test_cli_runner()
    asked = ["organisation", "add", "--slug", "vasterby", "--name", "Västerby", "--phone", "010-1"]
    asked += ["--programme", "Vägen", "--starts-on", "2026-01-01", "--team", "Väst", "--municipality", "Väst"]
    done = runner.invoke(args=asked)
    assert done.exit_code == 0, done.output
    assert "/vasterby" in done.output
    again = runner.invoke(args=asked)
    assert again.exit_code == 1
    assert "taken" in again.output
    with database.reading() as session:
        own = session.scalars(select(Organisation).where(Organisation.slug == "vasterby")).one()
        assert session.scalars(select(Team.name).where(Team.organisation_id == own.id)).all() == ["Väst"]


@pytest.mark.parametrize("slug", ["staff", "Väst", "a b", "", "x" * 41, "a--b"])
def test_an_address_is_plain_and_not_one_of_ours(app: Flask, slug: str) -> None:
    asked = ["organisation", "add", "--slug", slug, "--name", "N", "--phone", "1", "--programme", "P"]
    asked += ["--starts-on", "2026-01-01", "--team", "T", "--municipality", "M"]
    assert app.test_cli_runner().invoke(args=asked).exit_code == 2


@pytest.mark.parametrize(
    "path", ["/%00", "/norrby%00", "/norrby%00/sign-in", "/%0A/sign-in/code", "/%F0%9F%99%82"]
)
def test_an_address_that_nobody_types_is_no_organisation(client: Client, world: World, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
