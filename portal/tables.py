"""Imports every room's tables, so that the metadata is whole for migrations and tests."""

from portal.attendance import models as attendance
from portal.availability import block_models as blocks
from portal.availability import models as availability
from portal.availability.outside import models as outside
from portal.availability.rooms import models as rooms
from portal.booking import feed_models as feeds
from portal.booking import models as booking
from portal.booking.network import models as networks
from portal.conversation import models as conversation
from portal.db import Base
from portal.feedback import models as feedback
from portal.followup import models as followup
from portal.groups import models as groups
from portal.identity import models as identity
from portal.identity import session_models as sessions
from portal.identity.absence import models as absence
from portal.instruments import models as instruments
from portal.interpreting import models as interpreting
from portal.interpreting import order_models as orders
from portal.journal import models as journal
from portal.messaging import models as messaging
from portal.notices import models as notices
from portal.ops import models as ops
from portal.organisation import models as organisation
from portal.plan import models as plan
from portal.reminders import models as reminders
from portal.staff import models as staff
from portal.surveys import models as surveys
from portal.user_audit import models as user_audit
from portal.wording import models as wording

ROOMS = (
    organisation,
    journal,
    messaging,
    identity,
    sessions,
    absence,
    notices,
    wording,
    attendance,
    availability,
    blocks,
    outside,
    rooms,
    instruments,
    plan,
    interpreting,
    orders,
    booking,
    networks,
    feeds,
    groups,
    feedback,
    surveys,
    conversation,
    followup,
    user_audit,
    reminders,
    staff,
    ops,
)

metadata = Base.metadata
