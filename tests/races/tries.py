"""Contenders for an interpreter and for a colleague's time, each in a process of its own."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.booking.network import service
from portal.config import Settings
from portal.installation import use_settings
from portal.interpreting import assign_service
from portal.interpreting.order_models import InterpreterOrder
from portal.web.asker import Asker
from tests.support.speaking import speaking_app


@dataclass(frozen=True)
class Assign:
    """One order wants this interpreter."""

    asker: Asker
    order_id: uuid.UUID
    interpreter_id: uuid.UUID
    now: datetime

    def look(self, session: Session) -> object:
        """The order, as it stands."""
        return session.scalars(select(InterpreterOrder.id).where(InterpreterOrder.id == self.order_id)).one()

    def run(self, session: Session) -> str:
        """How the order stands afterwards."""
        given = self.order_id, self.interpreter_id, self.now
        return assign_service.assign(session, self.asker, *given).state


@dataclass(frozen=True)
class Ask:
    """One meeting wants this colleague."""

    asker: Asker
    meeting_id: uuid.UUID
    colleague_id: uuid.UUID
    now: datetime

    def look(self, session: Session) -> object:
        """The meeting, as it stands; and what every process of the portal sets up."""
        use_settings(Settings.from_environment({"DEPLOYMENT": "demo"}))
        return session.scalars(select(Appointment.id).where(Appointment.id == self.meeting_id)).one()

    def run(self, session: Session) -> str:
        """The colleague is at the meeting."""
        with speaking_app().app_context():
            service.ask_colleague(session, self.asker, self.meeting_id, self.colleague_id, self.now)
        return "asked"
