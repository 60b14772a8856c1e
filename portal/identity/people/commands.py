"""`flask --app wsgi staff`: the first people who work here; later ones are added on a page."""

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal import clock, db
from portal.identity.people import member_service, rules
from portal.identity.people.member_service import Grant, NewMember
from portal.journal import service as journal
from portal.organisation import queries as organisations
from portal.organisation.models import Organisation, Team
from portal.web.addresses import email_key

commands = AppGroup("staff", help="The people who work here.")


@commands.command("add")
@click.option("--organisation", "slug", prompt="Organisation (its entry address)")
@click.option("--email", prompt="E-mail")
@click.option("--name", prompt="Name")
@click.option("--authority", default="", help="Employer, such as the municipality.")
@click.option(
    "--role",
    "roles",
    prompt="Role",
    type=click.Choice([*rules.TEAM_ROLES, *rules.HOUSE_ROLES]),
    multiple=True,
    help="May be given several times.",
)
@click.option("--team", help="Name of the team; needed for coach and lead when there are several.")
def add(slug: str, email: str, name: str, authority: str, roles: tuple[str, ...], team: str | None) -> None:
    """Add somebody to the staff; prints what they sign in with, once."""
    address = email_key(email)
    if not address:
        raise click.ClickException(f"{email} is no e-mail address.")
    made = member_service.make_secrets()
    with db.database().transaction() as session:
        organisation = _organisation(session, slug)
        grants = _grants(session, organisation, roles, team)
        new = NewMember(" ".join(name.split()), address, authority, grants)
        try:
            member_service.add_member(session, organisation.id, new, made, asker=None, now=clock.now())
            journal.write_own(session, clock.now())
        except member_service.EmailTaken:
            raise click.ClickException(f"{address} signs in here already.") from None
    click.echo(f"E-mail:             {address}")
    click.echo(f"Temporary password: {made.password}")
    click.echo(f"TOTP secret:        {made.totp_secret}")
    click.echo(f"For the code app:   {made.uri(address)}")


def _organisation(session: Session, slug: str) -> Organisation:
    try:
        return organisations.by_slug(session, slug.removeprefix("/"))
    except NoResultFound:
        known = ", ".join(one.slug for one in organisations.everyone(session)) or "none yet"
        raise click.ClickException(f"There is no organisation {slug}. There is: {known}.") from None


def _grants(
    session: Session, organisation: Organisation, roles: tuple[str, ...], team: str | None
) -> frozenset[Grant]:
    found = _team(organisations.teams(session, organisation.id), team)
    if set(roles) & set(rules.TEAM_ROLES) and found is None:
        raise click.ClickException("A coach and a lead work in a team. Name it: --team.")
    return frozenset(Grant(role, found.id if found and role in rules.TEAM_ROLES else None) for role in roles)


def _team(teams: tuple[Team, ...], name: str | None) -> Team | None:
    if name is None:
        return teams[0] if len(teams) == 1 else None
    named = [team for team in teams if team.name.casefold() == name.casefold()]
    if not named:
        known = ", ".join(team.name for team in teams) or "none yet"
        raise click.ClickException(f"There is no team {name}. There is: {known}.")
    return named[0]


def install(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(commands)
