"""Who gets in where: every route x everybody x everybody's objects, permitted and refused (S1-S5, S24)."""

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from flask import Flask, flash, request
from werkzeug.routing import Rule

from portal import db
from portal.identity.models import Person
from portal.plan.models import PlanStep
from portal.web import access
from portal.web.access import Access
from tests.guards import tree
from tests.guards.access_table import CASELOAD, OWN, TABLE, Row
from tests.support import birdsong
from tests.support.matrix import INTERPRETER, MISSING, NOBODY, OWNERS, VIEWERS, Answer, MakeMatrix, Matrix
from tests.support.objects import PROTECTED_NAME
from tests.support.world import CANARY, FAR_NAME

pytestmark = pytest.mark.application

# Who must never meet the canary, which stands in the names of other teams' and organisations' people.
UNKNOWING = {
    NOBODY,
    "participant1",
    "participant2",
    "coach",
    "lead",
    "translator",
    "user_auditor",
    INTERPRETER,
}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# The quick exit holds no token so that it works at once; providers prove themselves by a signature, and an
# answer without a name by its ticket (S24).
TOKENLESS = {"signin.leave", "user_audit.redeem"}


def declaration(demand: Access) -> str:
    """What a view declares, as the table writes it."""
    if demand.kind == access.PARTICIPANT:
        return f"participant {demand.tier}"
    return " ".join([demand.kind, *sorted(demand.roles)])


def rules(app: Flask) -> dict[str, Rule]:
    """Every method of every route by its name in the table."""
    return {
        f"{method} {rule.endpoint}": rule
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def table_faults(app: Flask, table: Mapping[str, Row]) -> list[str]:
    """Routes without a row, rows without a route, and rows that say something else than the view."""
    declared, standing = access.declared(app), rules(app)
    found = [f"{name} has no row" for name in standing if name not in table]
    found += [f"{name} is no route" for name in table if name not in standing]
    for name in sorted(standing.keys() & table.keys()):
        demand = declaration(declared[standing[name].endpoint])
        if demand != table[name].who:
            found.append(f"{name} declares {demand!r}, its row says {table[name].who!r}")
        if standing[name].arguments != set(table[name].holds):
            found.append(
                f"{name} has {sorted(standing[name].arguments)}, its row {sorted(table[name].holds)}"
            )
    return found


def owners_of(row: Row) -> Iterator[dict[str, str]]:
    """Whose objects are asked for, one set of owners a question; mixed ones too (S3)."""
    places = [place for place, kind in row.holds.items() if not kind.startswith("=")]
    for owners in product((*OWNERS, MISSING), repeat=len(places)):
        yield dict(zip(places, owners, strict=True))


def expected(row: Row, viewer: str, owners: Mapping[str, str]) -> str:
    """What should come of a question: "in", "door" (sign in first), "404", or "unsigned"."""
    kind, *demands = row.who.split()
    if kind == access.CALLBACK:
        return "unsigned"
    if kind == access.UNNAMED:
        return "in"
    if kind == access.INTERPRETER:
        return "in" if viewer == INTERPRETER else "404"
    if kind in {"signed_in", "participant", "staff"} and viewer in {NOBODY, INTERPRETER}:
        # S8: to an interpreter nothing else is there, not even a way to sign in.
        return "door" if viewer == NOBODY else "404"
    is_participant = "participant" in viewer
    if (kind == "participant" and not is_participant) or (kind == "staff" and is_participant):
        return "404"
    role = viewer.removeprefix("other_").removeprefix("far_")
    if kind == "staff" and demands and role not in demands:
        return "404"
    if kind == "participant" and demands == ["2"] and viewer == "participant1":
        return "door"
    if row.only is not None and viewer not in row.only:
        return "404"
    if not owners:
        return "in"
    reached = (row.reach or {}).get(viewer, frozenset())
    one = set(owners.values())
    return "in" if len(one) == 1 and one <= reached else "404"


def judge(answer: Answer, wanted: str, method: str, row: Row, missing: Answer | None) -> list[str]:
    """What is wrong with one answer."""
    found = []
    permitted = answer.permitted or (row.who == access.PUBLIC and answer.status < 400)
    if wanted == "in" and not (permitted or answer.status in row.also):
        found.append(f"refused with {answer.status} {answer.location}")
    if wanted == "door" and not answer.door:
        found.append(f"{answer.status} instead of a door")
    if wanted == "unsigned" and answer.status not in (row.also or {403}):
        found.append(f"{answer.status} without a signature")
    if wanted == "404" and answer.status != 404:
        found.append(f"{answer.status} instead of 404")
    if wanted == "404" and missing is not None and answer.body != missing.body:
        found.append("the refusal looks unlike a missing object")
    if answer.changed and (wanted != "in" or method == "GET"):
        found.append(f"changed {', '.join(answer.changed)}")
    return found


def leaks(row: Row, viewer: str, wanted: str, text: str) -> list[str]:
    """Names and words in an answer that this viewer must never meet (S5, S30, S37)."""
    if row.who == access.DEMO:
        return []
    # What an organisation is called stands on its own front door.
    inside = text.replace(FAR_NAME, "")
    sings = viewer in UNKNOWING and CANARY in inside
    shows = viewer != "coach" and PROTECTED_NAME in inside
    words = birdsong.heard(text, viewer, refused=wanted != "in")
    return ["the canary sings"] * sings + ["a protected name shows"] * shows + words


def questions(row: Row, viewer: str) -> list[dict[str, str]]:
    """Whose objects this viewer asks for: a missing one first, since every refusal must look like it.

    Somebody who is turned away whatever they ask for asks for a missing object and a real one.
    """
    asked = sorted(owners_of(row), key=lambda owners: set(owners.values()) != {MISSING})
    if any(expected(row, viewer, owners) == "in" for owners in asked):
        return asked
    return asked[:2]


def walk(matrix: Matrix, name: str, row: Row, rule: Rule) -> list[str]:
    """Ask one route in every way; returns what went wrong."""
    method = name.split()[0]
    found = []
    for viewer in (NOBODY, *VIEWERS):
        nothing: Answer | None = None
        for owners in questions(row, viewer):
            path = matrix.path(rule, row.holds, owners)
            answer = matrix.ask(viewer, method, path, row.data)
            wanted = expected(row, viewer, owners)
            nothing = nothing or (answer if owners and wanted == "404" else None)
            faults = judge(answer, wanted, method, row, nothing)
            faults += leaks(row, viewer, wanted, answer.body + answer.headers)
            found += [f"{name} by {viewer} for {owners or 'nobody'}: {fault}" for fault in faults]
    return found


def test_every_route_has_its_row(matrix: Matrix) -> None:
    """S1: a new route is not finished before it is written who may open it."""
    tree.report(table_faults(matrix.app, TABLE))


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_route_lets_in_whom_it_should(matrix: Matrix, name: str) -> None:
    """S2-S5: everybody asks for everybody's objects; a refusal looks like nothing and changes nothing."""
    tree.report(walk(matrix, name, TABLE[name], rules(matrix.app)[name]))


def other_verbs(matrix: Matrix, row: Row, rule: Rule) -> list[str]:
    """Verbs that the route does not have, and that do something all the same."""
    path = matrix.path(rule, row.holds, dict.fromkeys(row.holds, "participant"))
    routed = {
        method
        for other in rules(matrix.app).values()
        if other.rule == rule.rule
        for method in other.methods or ()
    }
    return [
        f"{method} {path} by {viewer}: {answer.status}, changed {answer.changed}"
        for method in sorted(set(METHODS) - routed)
        for viewer in ("participant2", "coach", "admin")
        if (answer := matrix.ask(viewer, method, path, row.data)).status != 404 or answer.changed
    ]


def tokenless(matrix: Matrix, method: str, row: Row, rule: Rule) -> list[str]:
    """What the route does without its token, or with one that somebody made up."""
    path = matrix.path(rule, row.holds, dict.fromkeys(row.holds, "participant"))
    found = []
    for viewer, token in product(("participant2", "coach", "admin"), ("", "made-up")):
        answer = matrix.ask(viewer, method, path, {**row.data, "csrf_token": token})
        if answer.status not in {404, 419} or answer.changed:
            found.append(f"{path} by {viewer}: {answer.status}, changed {answer.changed}")
    return found


@pytest.mark.parametrize("name", sorted(TABLE))
def test_no_other_verb_does_anything(matrix: Matrix, name: str) -> None:
    """S2: a verb that a route does not have is a page that does not exist."""
    tree.report(other_verbs(matrix, TABLE[name], rules(matrix.app)[name]))


@pytest.mark.parametrize("name", sorted(name for name in TABLE if name.split()[0] in UNSAFE))
def test_nothing_changes_without_its_token(matrix: Matrix, name: str) -> None:
    """S24: but for the quick exit and providers, which prove themselves otherwise."""
    row, rule = TABLE[name], rules(matrix.app)[name]
    if row.who != "callback" and rule.endpoint not in TOKENLESS:
        tree.report(tokenless(matrix, name.split()[0], row, rule))


def add_rogues(app: Flask) -> None:
    """Three views that forget something: the scope, the method, whom they answer."""

    @app.get("/rogue/<uuid:person_id>")
    @access.staff("coach")
    def unscoped(person_id: str) -> str:
        return db.session().get_one(Person, person_id).name

    @app.get("/rogue")
    @access.public
    def writing() -> str:
        with db.apart() as session:
            for person in session.query(Person):
                person.municipality = "syd"
        return "ok"

    @app.post("/rogue")
    @access.participant(tier=1)
    def leaking() -> tuple[str, int]:
        return f"inte {CANARY}", 403


def test_the_guard_sees_a_view_that_forgets_something(make: MakeMatrix) -> None:
    broken = make(add_rogues)
    standing = rules(broken.app)
    assert "GET unscoped has no row" in table_faults(broken.app, TABLE)
    assert "GET gone is no route" in table_faults(broken.app, {"GET gone": Row("public")})
    wrong = {"GET unscoped": Row("staff lead", {"person_id": "person"})}
    assert any("its row says 'staff lead'" in fault for fault in table_faults(broken.app, wrong))

    unscoped = Row("staff coach", {"person_id": "person"}, CASELOAD)
    said = walk(broken, "GET unscoped", unscoped, standing["GET unscoped"])
    assert any("by coach" in line and "200 instead of 404" in line for line in said)
    assert any("by coach" in line and "the canary sings" in line for line in said)
    assert not any("by lead" in line for line in said)
    assert any(
        "changed person" in line
        for line in walk(broken, "GET writing", Row("public"), standing["GET writing"])
    )
    said = walk(broken, "POST leaking", Row("participant 1"), standing["POST leaking"])
    assert any("by participant1" in line and "refused with 403" in line for line in said)
    assert any("by participant1" in line and "the canary sings" in line for line in said)


def add_trusting(app: Flask) -> None:
    """A view that asks for no token, and an answer to verbs that no route has."""

    @app.post("/trusting")
    @access.public
    def trusting() -> str:
        return "ok"

    app.extensions["csrf"].exempt(trusting)

    @app.before_request
    def answer_everything() -> str | None:
        return "ok" if request.method == "PATCH" else None


def test_the_guard_sees_what_asks_for_no_token_and_answers_any_verb(make: MakeMatrix) -> None:
    """S2, S24."""
    broken = make(add_trusting)
    rule = rules(broken.app)["POST trusting"]
    assert any("by coach: 200" in line for line in tokenless(broken, "POST", Row("public"), rule))
    said = other_verbs(broken, Row("public"), rule)
    assert said
    assert all(line.startswith("PATCH") for line in said)


def add_tellers(app: Flask) -> None:
    """Refusals that tell what they refuse: in a header, and in the cookie that carries a notice."""

    @app.get("/teller/<uuid:step_id>")
    @access.participant(tier=1)
    def telling(step_id: str) -> tuple[str, int, dict[str, str]]:
        return "", 404, {"X-Why": db.session().get_one(PlanStep, step_id).text}

    @app.get("/whisper/<uuid:step_id>")
    @access.participant(tier=1)
    def whispering(step_id: str) -> tuple[str, int]:
        flash(db.session().get_one(PlanStep, step_id).text)
        return "", 404


@pytest.mark.parametrize("name", ["telling", "whispering"])
def test_the_guard_hears_what_a_refusal_tells(make: MakeMatrix, name: str) -> None:
    """S5, S30."""
    broken = make(add_tellers)
    row = Row("participant 1", {"step_id": "step"}, OWN)
    said = walk(broken, f"GET {name}", row, rules(broken.app)[f"GET {name}"])
    for viewer, owner in (("participant1", "participant"), ("other_participant", "participant")):
        heard = f"{birdsong.content(owner)} sings"
        assert any(f"by {viewer} for" in line and line.endswith(heard) for line in said)


def test_there_is_something_to_hear(matrix: Matrix) -> None:
    """S5: what may not be heard elsewhere is heard where it belongs."""
    person = matrix.world.participant.id
    plan = matrix.ask("coach", "GET", f"/staff/people/{person}/plan").body
    assert plan.count(birdsong.content("participant")) > 2
    assert birdsong.content("participant") in matrix.ask("participant2", "GET", "/plan").body
    enrolment = matrix.ask("admin", "GET", f"/staff/people/{person}/enrolment").body
    assert birdsong.fact("participant") in enrolment
