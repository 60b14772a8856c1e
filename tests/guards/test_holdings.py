"""Every table is on the list of what is kept: what becomes of it, whose it is, how it is told (S46, S47)."""

import re

from portal.privacy.holding_queries import HOLDINGS
from portal.privacy.holding_rules import FATES, NOTES, WITH_PERSON, Told, unclassified
from portal.tables import metadata
from tests.guards import tree

# Columns of these names, in tables about staff or about what staff did for somebody else.
OF_STAFF = {
    "staff_account",
    "weekly_hours",
    "hours_exception",
    "own_terms",
    "calendar_feed",
    "outside_calendar",
    "interpreter",
}
ABOUT = re.compile(r"person_id|participant_id|subject_id|recipient_id")
TO_DO = (
    "{table}: add a Holding to portal/privacy/holding_queries.py: what becomes of its rows (GOES with the"
    " person, NOTES, STAFF, ITSELF, STAYS), how they are found from people's ids (whose), and how they are"
    " told to their person (a Told in portal/privacy/told_words.py) or, in a sentence, why they are not"
)


def test_every_table_is_on_the_list() -> None:
    tree.report([TO_DO.format(table=table) for table in unclassified(metadata.tables.keys(), HOLDINGS)])


def test_the_list_is_whole_and_has_no_ghosts() -> None:
    tables = [holding.table for holding in HOLDINGS]
    assert sorted(tables) == sorted(set(tables))
    assert set(tables) <= metadata.tables.keys()
    for holding in HOLDINGS:
        assert holding.fate in FATES, holding.table
        assert isinstance(holding.told, Told) or holding.told, holding.table
        assert (holding.fate == NOTES) == bool(holding.written), holding.table
        if isinstance(holding.told, Told):
            assert hasattr(holding.model, holding.told.order), holding.table


def test_a_table_about_somebody_says_how_they_are_found() -> None:
    known = {holding.table: holding for holding in HOLDINGS}
    about = {
        table.name
        for table in metadata.sorted_tables
        if any(ABOUT.fullmatch(column.name) for column in table.columns) and table.name not in OF_STAFF
    }
    tree.report([f"{name}: no whose" for name in sorted(about) if known[name].whose is None])


def test_what_points_at_what_goes_goes_too() -> None:
    """A row that stays cannot point at one that goes with its person: the run would be refused."""
    fates = {holding.table: holding.fate for holding in HOLDINGS}
    tree.report(
        [
            f"{table.name}.{key.parent.name} stays, but points at {key.column.table.name}, which goes"
            for table in metadata.sorted_tables
            for key in table.foreign_keys
            if fates[table.name] not in WITH_PERSON
            and fates[key.column.table.name] in WITH_PERSON
            and key.ondelete is None
        ]
    )


def test_the_guard_sees_a_table_that_nobody_thought_of() -> None:
    assert unclassified(["person", "brand_new"], HOLDINGS) == ["brand_new"]
