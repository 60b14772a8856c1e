"""`flask --app wsgi retention`: forgetting what has been kept long enough."""

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from portal import clock, db
from portal.journal import service as journal
from portal.journal.chain_service import HeadMissing
from portal.organisation import queries as organisations
from portal.privacy import retention_queries, retention_service
from portal.privacy.retention_rules import Forgetting


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Delete nothing; list exactly what would be.")
@click.option("--only", metavar="PLAN", help="Delete only if it is still the plan that a dry run printed.")
@with_appcontext
def retention(dry_run: bool, only: str | None) -> None:
    """Forget people and notes that have been kept as long as the organisation's rules say."""
    now = clock.now()
    if dry_run:
        with db.database().snapshot() as session:
            found = retention_queries.forgetting(session, now, organisations.everyone(session))
            _list_people(session, found)
            _tell(found)
        click.echo("Nothing was deleted.")
        return
    try:
        with db.database().transaction() as session:
            found = retention_service.forget(session, now, organisations.everyone(session), only=only)
            journal.write_own(session, now)
    except retention_service.Otherwise:
        raise click.ClickException("It is no longer that plan. Nothing was deleted; look again.") from None
    except HeadMissing:
        raise click.ClickException("The journal is not whole. Nothing was deleted; verify it.") from None
    _tell(found)
    click.echo("Deleted.")


def _list_people(session: Session, found: Forgetting) -> None:
    for person_id, counts in retention_queries.counts_of(session, found.people).items():
        rows = ", ".join(f"{table} {many}" for table, many in sorted(counts.items()))
        click.echo(f"participant {person_id}: {rows}")
    for person_id in found.staff:
        click.echo(f"staff {person_id}: account, name, hours")


def _tell(found: Forgetting) -> None:
    click.echo(f"{len(found.people)} participants, {len(found.staff)} staff, {found.lines} journal lines.")
    for table, keys in sorted(found.rows.items()):
        click.echo(f"  {table}: {len(keys)}")
    click.echo(f"Plan: {found.digest}")


def install(app: Flask) -> None:
    """Register the command."""
    app.cli.add_command(retention)
