"""The user auditor's and the team's pages: planning, screening, publishing, replying (S9, S41)."""

import uuid

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.messaging.rules import length
from portal.user_audit.bank_rules import bank
from portal.user_audit.models import Audit, AuditProposal, AuditQuestion, AuditText
from portal.user_audit.rules import MOST_QUESTIONS
from tests.conftest import FrozenClock, SignIn
from tests.support.forms import forms_of
from tests.support.pages import Client, seen, text_of
from tests.support.world import World
from tests.user_audit.conftest import Audited, Crowd

PLAN = {
    "title": "Hur är det hos oss?",
    "purpose": "Vi vill veta vad ni tycker.",
    "starts_on": "2026-12-01",
    "ends_on": "2026-12-20",
    "chosen": "kind",
}
REPORT = {"works": "Alla är snälla.", "improve": "Telefonen.", "proposals": "Ring tillbaka\nFler språk"}
NAMED = "Karin på kontoret är snäll."
OTHERS = ("Bra fika.", "Det är lugnt.", "Alla lyssnar.", "Nära bussen.")


@pytest.fixture
def desk(sign_in: SignIn, world: World) -> Client:
    """The user auditor's browser."""
    return sign_in(world.user_auditor)


def planned(desk: Client, world: World, **changes: str) -> str:
    """Plan an audit; returns its address."""
    page = desk.get("/staff/audits/new").get_data(as_text=True)
    key = next(form for form in forms_of(page) if form.action.endswith("/new")).untouched()["key"]
    data = {**PLAN, "team": str(world.here.team.id), "key": key, **changes}
    answer = desk.post("/staff/audits/new", data={name: words for name, words in data.items() if words})
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["Location"])


@pytest.fixture
def closed(audited: Audited, crowd: Crowd) -> str:
    """An audit that six have answered, closed; its address for the auditor."""
    for words, person in zip((NAMED, "", *OTHERS), crowd(6), strict=True):
        audited.answer(person, ("long", "yes", "no", words))
    audited.close()
    return f"/staff/audits/{audited.audit_id}"


def text_id(database: Database) -> uuid.UUID:
    """The text that names somebody."""
    with database.reading() as session:
        return next(one.id for one in session.scalars(select(AuditText)) if one.text == NAMED)


def mark(desk: Client, address: str) -> str:
    """The mark of a text's form in the list; "" where nothing can be decided any more."""
    page = desk.get(address.rsplit("/", 1)[0]).get_data(as_text=True)
    return next((form.untouched()["seen"] for form in forms_of(page) if form.action == address), "")


def show_the_others(database: Database) -> None:
    """Screen what names nobody."""
    with database.transaction() as session:
        for one in session.scalars(select(AuditText)):
            if one.text != NAMED:
                one.state = "shown"


# --- planning -----------------------------------------------------------------------------------


def test_the_auditors_first_page_is_their_audits(desk: Client) -> None:
    assert desk.get("/staff").headers["Location"] == "/staff/audits"
    assert "Det finns inga brukarrevisioner än." in text_of(desk.get("/staff/audits"))


def test_planning_twice_is_once(desk: Client, world: World, database: Database) -> None:
    address = planned(desk, world)
    key = address.rsplit("/", 1)[-1]
    data = {**PLAN, "team": str(world.here.team.id), "key": key}
    assert desk.post("/staff/audits/new", data=data).headers["Location"] == address
    with database.reading() as session:
        assert len(session.scalars(select(Audit)).all()) == 1
        assert [row.bank for row in session.scalars(select(AuditQuestion))] == ["kind"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ends_on": "2026-11-30"}, "Sista dagen kan inte vara före den första."),
        ({"ends_on": "2027-12-01"}, "Perioden är för lång."),
        ({"title": ""}, "Fyll i det här."),
        ({"team": str(uuid.UUID(int=7))}, "Välj något i listan."),
    ],
)
def test_a_wrong_plan_comes_back_with_what_was_typed(
    desk: Client, world: World, changes: dict[str, str], said: str
) -> None:
    answer = desk.post("/staff/audits/new", data={**PLAN, "team": str(world.here.team.id), **changes})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert PLAN["purpose"] in text_of(answer)


def test_own_questions_are_added_changed_moved_and_removed(
    desk: Client, world: World, database: Database
) -> None:
    address = planned(desk, world)
    assert desk.post(f"{address}/questions/new", data={"kind": "agree"}).status_code == 422
    own = {"kind": "agree", "words_sv": "Är lokalen bra?", "words_en": "Are the rooms good?"}
    desk.post(f"{address}/questions/new", data=own)

    def asked() -> list[AuditQuestion]:
        with database.reading() as session:
            return list(session.scalars(select(AuditQuestion).order_by(AuditQuestion.position)))

    first, second = asked()
    assert second.words == {"sv": "Är lokalen bra?", "en": "Are the rooms good?"}
    mark = seen(desk, f"{address}/questions/{second.id}")
    desk.post(f"{address}/questions/{second.id}", data={**own, "words_sv": "Är rummen bra?", "seen": mark})
    desk.post(f"{address}/questions/{second.id}/up")
    assert [one.words["sv"] for one in asked()] == ["Är rummen bra?", first.words["sv"]]
    for _ in range(2):
        desk.post(f"{address}/questions/{first.id}/remove")
    assert len(asked()) == 1


def test_a_key_that_another_audits_question_has_gives_a_question_of_its_own(
    desk: Client, world: World, database: Database
) -> None:
    """Also where the key was taken in another organisation's audit: it says nothing of that one."""
    first, second = planned(desk, world), planned(desk, world)
    assert first != second
    key = str(uuid.uuid4())
    for address in (first, second, first, second):
        answer = desk.post(
            f"{address}/questions/new", data={"key": key, "kind": "agree", "words_sv": "Är lokalen bra?"}
        )
        assert answer.status_code == 303
    with database.reading() as session:
        own = session.scalars(select(AuditQuestion).where(AuditQuestion.bank == "")).all()
    assert len({one.audit_id for one in own}) == len(own) == 2


def test_own_questions_and_ours_together_are_no_more_than_people_bear(
    desk: Client, world: World, database: Database
) -> None:
    """Whichever come first: own ones after ours, or ours after own ones."""
    address = planned(desk, world)
    for number in range(MOST_QUESTIONS - 1):
        own = {"kind": "agree", "words_sv": f"Är rum {number} bra?"}
        assert desk.post(f"{address}/questions/new", data=own).status_code == 303
    assert desk.post(f"{address}/questions/new", data=own).status_code == 422
    mark = seen(desk, f"{address}/plan")
    plan = {**PLAN, "team": str(world.here.team.id), "title": "Annat", "seen": mark}
    answer = desk.post(f"{address}/plan", data={**plan, "chosen": list(bank())})
    assert answer.status_code == 422
    assert "Det är för många frågor. Ta bort någon först." in text_of(answer)
    assert 'value="Annat"' in answer.text
    with database.reading() as session:
        assert len(session.scalars(select(AuditQuestion)).all()) == MOST_QUESTIONS
        assert session.scalars(select(Audit)).one().title == PLAN["title"]
    assert desk.post(f"{address}/plan", data={**plan, "chosen": "listens"}).status_code == 303


def test_what_is_open_stands(desk: Client, world: World, database: Database) -> None:
    address = planned(desk, world, starts_on="2026-11-24")
    assert "Är teamet snällt mot dig?" in text_of(desk.get(f"{address}/preview"))
    assert "هل يعاملك الفريق بلطف؟" in text_of(desk.get(f"{address}/preview?in=ar"))
    assert "Frågorna är öppna." in text_of(desk.post(f"{address}/open", follow_redirects=True))
    with database.reading() as session:
        question = session.scalars(select(AuditQuestion.id)).one()
    said = "De går inte att ändra längre."
    mark = seen(desk, f"{address}/plan")
    plan = {**PLAN, "team": str(world.here.team.id), "seen": mark, "title": "Annat"}
    assert said in text_of(desk.post(f"{address}/plan", data=plan, follow_redirects=True))
    assert said in text_of(desk.post(f"{address}/questions/{question}/remove", follow_redirects=True))
    assert said in text_of(desk.post(f"{address}/remove", follow_redirects=True))
    with database.reading() as session:
        assert session.scalars(select(Audit)).one().title == PLAN["title"]


def test_a_plan_without_questions_or_days_left_does_not_open(
    desk: Client, world: World, frozen: FrozenClock
) -> None:
    empty = planned(desk, world, chosen="")
    assert "Det finns inga frågor." in text_of(desk.post(f"{empty}/open", follow_redirects=True))
    past = planned(desk, world, starts_on="2026-11-01", ends_on="2026-11-20")
    assert "Sista dagen har gått." in text_of(desk.post(f"{past}/open", follow_redirects=True))
    assert "Frågorna har inte varit öppna än." in text_of(desk.post(f"{past}/close", follow_redirects=True))
    assert "Planen är borttagen." in text_of(desk.post(f"{past}/remove", follow_redirects=True))


def test_the_sms_says_only_that_there_is_something_to_answer(desk: Client, audited: Audited) -> None:
    """S31"""
    page = desk.get(f"/staff/audits/{audited.audit_id}/tell").get_data(as_text=True)
    swedish = "Du har något att svara på. Logga in som vanligt."
    assert swedish in page
    assert length(swedish).parts == 1
    for word in ("http", "Norrby", "team", "Amina", "anonym"):
        assert word not in swedish
    assert "You have something to answer." in page


def test_the_poster_leads_to_where_everybody_enters(desk: Client, audited: Audited) -> None:
    page = desk.get(f"/staff/audits/{audited.audit_id}/poster").get_data(as_text=True)
    assert "127.0.0.1:8000/norrby" in page
    assert "<svg" in page
    for words in ("Vad tycker du om oss?", "What do you think of us?", "ما رأيك فينا؟"):
        assert words in page
    assert str(audited.audit_id) not in page.split('class="card take-home poster"')[1]


def test_the_count_is_told_in_fives(desk: Client, audited: Audited, crowd: Crowd) -> None:
    """S39, S41"""
    people = crowd(7)
    page = f"/staff/audits/{audited.audit_id}"
    for person in people[:4]:
        audited.answer(person, ("long", "yes", "no", ""))
    assert "Färre än 5 har svarat." in text_of(desk.get(page))
    for person in people[4:]:
        audited.answer(person, ("long", "yes", "no", ""))
    assert "Minst 5 har svarat." in text_of(desk.get(page))
    assert "Resultatet visas när frågorna är stängda." in text_of(desk.get(f"{page}/results"))
    assert "Texterna visas när frågorna är stängda." in text_of(desk.get(f"{page}/texts"))


# --- screening and reporting --------------------------------------------------------------------


def test_results_stand_with_their_base(desk: Client, closed: str) -> None:
    said = text_of(desk.get(f"{closed}/results"))
    assert "6 har svarat." in said
    assert "Ja6" in said
    assert "100 %" in said
    assert "5 skrev egna ord." in said


def test_a_share_is_read_before_its_picture_on_a_narrow_screen(desk: Client, closed: str) -> None:
    page = desk.get(f"{closed}/results").get_data(as_text=True)
    assert page.index("100&nbsp;%") < page.index('<svg class="bar"')


def test_texts_of_fewer_than_five_are_on_no_page(
    desk: Client, audited: Audited, crowd: Crowd, database: Database, world: World, sign_in: SignIn
) -> None:
    """S41: what holds for figures holds for texts."""
    for words, person in zip(("", "", *OTHERS), crowd(6), strict=True):
        audited.answer(person, ("long", "yes", "no", words))
    audited.close()
    here = f"/staff/audits/{audited.audit_id}"
    assert "Färre än 5 svarade på den här frågan." in text_of(desk.get(f"{here}/results"))
    assert "Egna ord visas bara när minst 5 har skrivit på samma fråga." in text_of(desk.get(f"{here}/texts"))
    desk.post(f"{here}/report", data={**REPORT, "seen": seen(desk, f"{here}/report")})
    assert "Rapporten är publicerad." in text_of(desk.post(f"{here}/publish", follow_redirects=True))
    report = here.replace("/audits/", "/audit-reports/")
    for browser, address in ((desk, f"{here}/texts"), (desk, report), (sign_in(world.lead), report)):
        said = text_of(browser.get(address))
        assert not [words for words in OTHERS if words in said]


def test_a_text_is_read_by_nobody_before_it_is_screened(
    desk: Client, closed: str, database: Database, world: World, sign_in: SignIn
) -> None:
    """The team reads what is left of it; the reason stays with the auditor."""
    address = f"{closed}/texts/{text_id(database)}"

    def screened(**data: str) -> str:
        return text_of(desk.post(address, data={"seen": mark(desk, address), **data}, follow_redirects=True))

    show_the_others(database)
    assert "1 text är inte granskad." in text_of(desk.post(f"{closed}/publish", follow_redirects=True))
    assert "Skriv varför inte allt visas." in screened(state="hidden", shown=NAMED)
    why = "Ett namn stod där."
    assert "precis som personen skrev" in screened(state="part", shown="Olof är dum.", why=why)
    assert "precis som personen skrev" in screened(state="part", shown=NAMED, why=why)
    assert "Alla texter är granskade." in screened(state="part", shown="[…] är snäll.", why=why)
    assert "Skriv klart rapporten först." in text_of(desk.post(f"{closed}/publish", follow_redirects=True))
    desk.post(f"{closed}/report", data={**REPORT, "seen": seen(desk, f"{closed}/report")})
    lead = sign_in(world.lead)
    report = closed.replace("/audits/", "/audit-reports/")
    assert lead.get(report).status_code == 404
    assert "Rapporten är publicerad." in text_of(desk.post(f"{closed}/publish", follow_redirects=True))
    said = text_of(lead.get(report))
    assert "[…] är snäll." in said
    assert "Karin på kontoret" not in said
    assert why not in said
    assert "inte är publicerad" in screened(state="shown", shown="", why="")
    assert "inte är publicerad" in text_of(desk.post(f"{closed}/report", data=REPORT, follow_redirects=True))


def test_a_hidden_text_is_nowhere(
    desk: Client, closed: str, database: Database, world: World, sign_in: SignIn
) -> None:
    address = f"{closed}/texts/{text_id(database)}"
    show_the_others(database)
    hidden = {"state": "hidden", "shown": NAMED, "why": "Namn", "seen": mark(desk, address)}
    desk.post(address, data=hidden)
    desk.post(f"{closed}/report", data={**REPORT, "seen": seen(desk, f"{closed}/report")})
    desk.post(f"{closed}/publish")
    for person in (world.lead, world.coach):
        said = text_of(sign_in(person).get(closed.replace("/audits/", "/audit-reports/")))
        assert "Alla är snälla." in said
        assert "kontoret" not in said
    assert "kontoret" not in text_of(sign_in(world.participant, tier=1).get("/you-said"))


def test_too_many_and_too_long_proposals_come_back(desk: Client, closed: str) -> None:
    for proposals, said in (("\n".join(map(str, range(13))), "högst 12"), ("ö" * 301, "högst 300 tecken")):
        data = {**REPORT, "proposals": proposals, "seen": seen(desk, f"{closed}/report")}
        answer = desk.post(f"{closed}/report", data=data)
        assert answer.status_code == 422
        assert said in text_of(answer)


def test_two_auditors_at_one_report_learn_of_each_other(desk: Client, closed: str) -> None:
    mark = seen(desk, f"{closed}/report")
    desk.post(f"{closed}/report", data={**REPORT, "seen": mark})
    answer = desk.post(f"{closed}/report", data={**REPORT, "works": "Inget", "seen": mark})
    assert answer.status_code == 422
    assert "Någon annan har sparat medan du skrev." in text_of(answer)


# --- the team -----------------------------------------------------------------------------------


@pytest.fixture
def published(desk: Client, closed: str, database: Database) -> str:
    """A published report; its address for the team."""
    show_the_others(database)
    address = f"{closed}/texts/{text_id(database)}"
    desk.post(address, data={"state": "shown", "seen": mark(desk, address)})
    desk.post(f"{closed}/report", data={**REPORT, "seen": seen(desk, f"{closed}/report")})
    assert desk.post(f"{closed}/publish").status_code == 303
    return closed.replace("/audits/", "/audit-reports/")


def test_a_published_report_is_only_read(published: str, desk: Client) -> None:
    """Nothing on the auditor's pages looks as if it could be written still."""
    here = published.replace("/audit-reports/", "/audits/")
    page = desk.get(here).get_data(as_text=True)
    assert f'href="{published}"' in page
    assert f'href="{here}/report"' not in page
    answer = desk.get(f"{here}/report")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(published)


def test_a_report_is_not_begun_before_the_questions_are_closed(desk: Client, audited: Audited) -> None:
    here = f"/staff/audits/{audited.audit_id}"
    assert "när frågorna är stängda" in text_of(desk.get(f"{here}/report", follow_redirects=True))
    assert "när frågorna är stängda" in text_of(
        desk.post(f"{here}/report", data=REPORT, follow_redirects=True)
    )


def test_the_lead_replies_and_the_participants_read_it(
    published: str, world: World, sign_in: SignIn, database: Database
) -> None:
    lead, phone = sign_in(world.lead), sign_in(world.participant, tier=1)
    assert "2 förslag väntar på svar" in text_of(lead.get("/staff/audit-reports"))
    assert "Teamet har inte svarat än" in text_of(phone.get("/you-said"))
    with database.reading() as session:
        first = session.scalars(select(AuditProposal).order_by(AuditProposal.position)).all()[0]
    address = f"{published}/proposals/{first.id}"
    without_day = {"reply": "will", "why": "Vi köper en telefon.", "seen": seen(lead, address)}
    answer = lead.post(address, data=without_day)
    assert answer.status_code == 422
    assert "Skriv en dag." in text_of(answer)
    lead.post(address, data={**without_day, "due_on": "2027-01-15"})
    said = text_of(phone.get("/you-said"))
    for words in ("Ring tillbaka", "Det ska vi göra", "Vi köper en telefon.", "fredag 15 januari 2027"):
        assert words in said
    assert "Ni sa – vi gjorde" in text_of(phone.get("/home"))
    assert "1 förslag väntar på svar" in text_of(lead.get("/staff/audit-reports"))


def test_a_coach_reads_and_does_not_reply(
    published: str, world: World, sign_in: SignIn, database: Database
) -> None:
    coach = sign_in(world.coach)
    assert "Ring tillbaka" in text_of(coach.get(published))
    assert "/proposals/" not in coach.get(published).get_data(as_text=True)
    with database.reading() as session:
        proposal = session.scalars(select(AuditProposal.id)).first()
    assert coach.get(f"{published}/proposals/{proposal}").status_code == 404


def test_other_teams_and_organisations_read_nothing(published: str, world: World, sign_in: SignIn) -> None:
    """S2, S4"""
    assert sign_in(world.far_coach).get(published).status_code == 404
    assert "Ring tillbaka" not in text_of(sign_in(world.other_participant).get("/you-said"))


def test_another_language_says_that_the_text_is_swedish(
    published: str, world: World, sign_in: SignIn
) -> None:
    page = sign_in(world.second_participant, tier=1).get("/you-said").get_data(as_text=True)
    assert "النص أدناه بالسويدية فقط." in page
    assert 'lang="sv" dir="ltr">Alla är snälla.' in page


def test_no_page_of_the_auditor_knows_a_participant(
    published: str, desk: Client, world: World, audited: Audited
) -> None:
    """S9"""
    address = published.replace("/audit-reports/", "/audits/")
    people = (world.participant, world.second_participant, world.other_participant)
    pages = [
        "/staff/audits",
        address,
        *(f"{address}/{page}" for page in ("results", "texts", "report", "tell", "poster")),
    ]
    for page in [*pages, published]:
        said = desk.get(page).get_data(as_text=True)
        assert not [person for person in people if person.name in said or str(person.id) in said], page
    for page in ("/staff/people", "/staff/audit-reports", f"/staff/people/{world.participant.id}"):
        assert desk.get(page).status_code == 404
