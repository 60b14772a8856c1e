"""Forms about the staff."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.identity.people import rules, words
from portal.identity.people.forms import NAME_MAX, optional_id
from portal.identity.people.member_service import Grant, NewMember
from portal.web.addresses import LONGEST_EMAIL, email_key
from portal.web.forms import Several, SharedForm, Text


class RolesForm(SharedForm):
    """What somebody does here. A value is a role, and the team where it works in one."""

    roles = Several(_l("Roller"), needed=_l("Välj minst en roll."))

    def offer(self, teams: tuple[tuple[str, str], ...]) -> None:
        """Fill the list: coach and lead once for each team, then the roles of the whole house."""
        self.roles.choices = [
            *(
                (f"{role} {team_id}", f"{words.ROLES[role]}, {team}")
                for team_id, team in teams
                for role in rules.TEAM_ROLES
            ),
            *((role, words.ROLES[role]) for role in rules.HOUSE_ROLES),
        ]

    def show(self, grants: Any) -> None:
        """Tick what somebody has."""
        self.roles.data = [
            f"{grant.role} {grant.team_id}" if grant.role in rules.TEAM_ROLES else grant.role
            for grant in grants
        ]
        self.mark()

    def grants(self) -> frozenset[Grant]:
        """What was ticked. Only after `validate`."""
        found = (value.partition(" ") for value in self.roles.data or ())
        return frozenset(Grant(role, optional_id(team)) for role, _space, team in found)


class MemberForm(RolesForm):
    """Somebody new on the staff."""

    name = Text(_l("Namn"), max=NAME_MAX, hint=_l("Förnamn och efternamn."))
    email = Text(_l("E-post"), max=LONGEST_EMAIL, inputmode="email", hint=_l("Används för att logga in."))
    authority = Text(
        _l("Arbetsgivare"), max=NAME_MAX, required=False, hint=_l("Till exempel kommunen eller regionen.")
    )

    def validate_email(self, field: Any) -> None:
        """It must be an address."""
        if not email_key(field.data or ""):
            raise ValidationError(_("Det är ingen e-postadress. Skriv så här: namn@kommun.se."))

    def member(self) -> NewMember:
        """What was filled in. Only after `validate`."""
        return NewMember(
            name=" ".join((self.name.data or "").split()),
            email=email_key(self.email.data or ""),
            authority=self.authority.data or "",
            grants=self.grants(),
        )
