"""`flask --app wsgi participants`: taking in a whole list of participants. Prints no name and no number."""

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal import clock, db
from portal.identity.importing import queries, service
from portal.identity.importing.service import Meanwhile, Taken
from portal.identity.importing.sheet_rules import COLUMNS, Problem, Unreadable
from portal.organisation import queries as organisations
from portal.organisation.models import Organisation

commands = AppGroup("participants", help="Participants from a spreadsheet.")
which = click.option("--organisation", "slug", help="Its entry address; needed where there are several.")


@commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and store nothing.")
@which
def import_file(file: Path, dry_run: bool, slug: str | None) -> None:
    """Take in the participants of a CSV file: all rows or none.

    What its columns may hold: flask --app wsgi participants columns.
    """
    content = file.read_bytes()
    try:
        with db.database().transaction() as session:
            taken = service.take_in(session, _organisation(session, slug), content, now=clock.now())
            if taken.problems:
                _tell(taken.problems)
            if dry_run:
                raise _Trial(taken)
    except Unreadable as wrong:
        raise click.ClickException(f"{wrong}. Nothing is stored.") from None
    except Meanwhile:
        raise click.ClickException(
            "somebody in the file was enrolled just now. Nothing is stored; run it again."
        ) from None
    except _Trial as trial:
        taken = trial.taken
    _say(taken, stored=not dry_run)


class _Trial(Exception):
    """Ends the transaction of a dry run, and with it everything that was stored."""

    def __init__(self, taken: Taken) -> None:
        self.taken = taken


def _tell(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        where = f"line {problem.line}, {problem.column}" if problem.column else f"line {problem.line}"
        click.echo(f"{where}: {problem.reason}.")
    number = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
    raise click.ClickException(f"{number}. Nothing is stored.")


def _say(taken: Taken, *, stored: bool) -> None:
    click.echo(f"people:           {taken.people}, {taken.with_number} with a number")
    click.echo(f"open enrolments:  {taken.open}")
    click.echo(f"ended enrolments: {taken.closed}")
    if taken.ageless:
        click.echo(
            f"age not told:     {taken.ageless}, taken as 18 or older: "
            "ORS and SRS have other cut-offs at 13–17. It can be changed on each one's page."
        )
    click.echo("All rows are stored." if stored else "Dry run: all rows are right, and nothing is stored.")


@commands.command("columns")
@which
def show_columns(slug: str | None) -> None:
    """Print the columns of a file, and the words that this organisation's may hold."""
    with db.database().reading() as session:
        house = queries.house(session, _organisation(session, slug), clock.now())
    for column in COLUMNS:
        click.echo(f"{' / '.join(column.names)}: {column.holds}{'; needed' if column.needed else ''}")
    click.echo()
    click.echo(f"Language: {house.languages.listed}")
    click.echo(f"Municipality: {house.municipalities.listed}")
    click.echo(f"Education: {house.education.listed}")
    for name, team in zip(house.teams.told, house.teams.ids, strict=True):
        coaches = house.coaches.get(team)
        click.echo(f"Team {name}, coaches: {coaches.listed if coaches else 'none'}")
    for name, programme in zip(house.programmes.told, house.programmes.ids, strict=True):
        for kind, menu in house.lists[programme].items():
            click.echo(f"Programme {name}, {kind}: {menu.listed}")


def _organisation(session: Session, slug: str | None) -> Organisation:
    known = organisations.everyone(session)
    if slug is None and len(known) == 1:
        return known[0]
    names = ", ".join(one.slug for one in known) or "none yet"
    if slug is None:
        raise click.ClickException(f"Name one with --organisation. There is: {names}.")
    try:
        return organisations.by_slug(session, slug.removeprefix("/"))
    except NoResultFound:
        raise click.ClickException(f"There is no organisation {slug}. There is: {names}.") from None


def install(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(commands)
