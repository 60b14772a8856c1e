"""What is kept of meetings and of the hours in which they are: a part of the list in `holding_queries`."""

from portal.attendance import models as attendance
from portal.availability import block_models as blocks
from portal.availability import models as availability
from portal.availability.outside import models as outside
from portal.availability.rooms import models as rooms
from portal.booking import feed_models as feeds
from portal.booking import models as booking
from portal.booking import topic_models as topics
from portal.booking.network import models as networks
from portal.groups import models as groups
from portal.privacy import told_group_words as told_groups
from portal.privacy import told_meeting_words as told
from portal.privacy import told_written_words as written
from portal.privacy.holding_rules import GOES, ITSELF, STAFF, STAYS, Holding
from portal.privacy.whose_queries import Whose

_MEETING = booking.Appointment
_own_time = Whose(availability.BusyTime.subject_id)
_met_time = Whose(availability.BusyTime.cause_id, _MEETING.id, _MEETING.person_id)

MEETING_HOLDINGS: tuple[Holding, ...] = (
    Holding(rooms.Room, STAYS, told="it is the house's, not a person's"),
    Holding(availability.WeeklyHours, STAFF, told="it is of staff"),
    Holding(availability.HoursException, STAFF, told="it is of staff"),
    Holding(availability.OwnTerms, STAFF, told="it is of staff"),
    Holding(
        blocks.BlockedTime, ITSELF, Whose(blocks.BlockedTime.person_id), "it is of staff, and soon forgotten"
    ),
    Holding(feeds.CalendarFeed, STAFF, told="it is of staff"),
    Holding(outside.OutsideCalendar, STAFF, told="it is of staff"),
    Holding(outside.OutsideBusy, STAYS, told="it is of staff, and goes with the calendar"),
    Holding(availability.BusyTime, GOES, _own_time | _met_time, "it repeats the meeting's time"),
    Holding(
        booking.Appointment,
        GOES,
        Whose(booking.Appointment.person_id),
        told.MEETING,
        lambda row, hidden: row.id in hidden,
    ),
    Holding(
        attendance.Signature,
        GOES,
        Whose(attendance.Signature.person_id),
        told.SIGNATURE,
        lambda row, hidden: row.cause_id in hidden,
    ),
    Holding(
        attendance.Correction,
        GOES,
        Whose(attendance.Correction.person_id),
        told.ATTENDANCE_CORRECTED,
        lambda row, hidden: row.cause_id in hidden,
    ),
    Holding(
        topics.MeetingTopic,
        GOES,
        Whose(topics.MeetingTopic.appointment_id, _MEETING.id, _MEETING.person_id),
        written.TOPICS,
        lambda row, hidden: row.appointment_id in hidden,
    ),
    Holding(
        networks.NetworkMeeting,
        GOES,
        Whose(networks.NetworkMeeting.appointment_id, _MEETING.id, _MEETING.person_id),
        told.NETWORK,
        lambda row, hidden: row.appointment_id in hidden,
    ),
    Holding(
        networks.MeetingParty,
        GOES,
        Whose(networks.MeetingParty.appointment_id, _MEETING.id, _MEETING.person_id),
        told.PARTY,
        lambda row, hidden: row.appointment_id in hidden,
    ),
    Holding(booking.OwnTravel, GOES, Whose(booking.OwnTravel.person_id), told.TRAVEL),
    Holding(
        booking.AppointmentBefore,
        ITSELF,
        Whose(booking.AppointmentBefore.appointment_id, _MEETING.id, _MEETING.person_id),
        "it is how a meeting stood, kept for as long as a change of it can be undone",
    ),
    Holding(
        booking.MeetingChange,
        GOES,
        Whose(booking.MeetingChange.appointment_id, _MEETING.id, _MEETING.person_id),
        "it says how the meeting came to be as it is told, and the journal who changed it",
    ),
    # groups: what they are is the house's, who was in them goes with the person
    Holding(groups.Group, STAYS, told="it is the house's, not a person's"),
    Holding(groups.GroupLeader, STAYS, told="it is of staff"),
    Holding(groups.GroupSession, STAYS, told="it is the house's, not a person's"),
    Holding(
        groups.GroupSeat,
        GOES,
        Whose(groups.GroupSeat.person_id),
        told_groups.SEAT,
        lambda row, hidden: row.id in hidden,
    ),
    Holding(
        groups.GroupPart,
        GOES,
        Whose(groups.GroupPart.person_id),
        told_groups.PART,
        lambda row, hidden: row.id in hidden,
    ),
)
