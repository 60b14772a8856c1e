"""To whom we may write, and at what hours."""

import re
import unicodedata
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.config import Settings
from portal.messaging import rules as messaging
from portal.messaging.voice_rules import voice_of
from portal.organisation.reminder_rules import STEPS

BOOKED, MOVED, CANCELLED = "meeting_booked", "meeting_moved", "meeting_cancelled"
MOVED_MORE, CHANGED = "meeting_moved_more", "meeting_changed"
"""Moved, and held otherwise than before; held otherwise at the same time."""
CANCELLED_MORE = "meeting_cancelled_more"
"""Cancelled, and more is changed: another of the person's meetings."""
WEEK, THREE_DAYS, ONE_DAY = "reminder_week", "reminder_three_days", "reminder_one_day"
TWO_HOURS, NOW = "reminder_two_hours", "reminder_now"
BY_ITSELF = (WEEK, THREE_DAYS, ONE_DAY, TWO_HOURS)
"""The earliest first: of two that say the same, the one nearer to the meeting is said."""
REMINDERS = (*BY_ITSELF, NOW)
OF_STEP = dict(zip((*STEPS, "now"), REMINDERS, strict=True))
"""What is said of a meeting at each step before it, and by a coach's button."""
NEWS = (BOOKED, MOVED, MOVED_MORE, CHANGED, CANCELLED, CANCELLED_MORE)
OFF = (CANCELLED, CANCELLED_MORE)
"""What is said of a meeting that is off: of it alone, or of it and more."""
KINDS = (*NEWS, *BY_ITSELF, NOW)
"""What is said of a meeting."""
SOMETHING_NEW = "something_new"
"""There is something to read or to answer; not what."""
WORDED = (*KINDS, SOMETHING_NEW)
"""What an organisation may put in its own words."""

OWN_MESSAGE = messaging.OWN_MESSAGE
FOLLOW_UP = "follow_up"
"""Somebody will ring whoever has left and said yes to that; not who, and not why."""
SEAT = "seat"
"""There is something to answer, and until when; not what."""
READ = (SOMETHING_NEW, FOLLOW_UP, SEAT, OWN_MESSAGE)
"""What is said of no meeting. No voice says it: to whoever chose one it goes by SMS."""

CANCEL_CODE, REPLY, STOPPED = messaging.CANCEL_CODE, "reply", "reply_stopped"
"""Answers to an SMS: the digits that cancel, what came of it, and the last one to whoever wants none."""
REPLIES = (CANCEL_CODE, REPLY, STOPPED)
MOST_REPLIES, REPLIES_WITHIN = 5, timedelta(hours=24)
"""Ours: as many automatic answers as one number gets; two machines would answer each other for ever."""

GRACE = timedelta(hours=1)
"""A reminder that was due at the last hour of the day may still leave an hour later."""
NEWS_BEFORE = timedelta(hours=2)
"""A person needs this long before a meeting for news of it to be of use; then the night gives way."""


SMS, EMAIL, VOICE, CALL = messaging.WAYS
"""How somebody is told: by SMS, by e-mail, by a voice that rings up, or by their coach, who rings."""


@dataclass(frozen=True)
class Standing:
    """What decides how a person is told. `trouble`: the number "bounces", is "silent", or "".

    `way`: what they chose. `stopped`: they have answered STOP. `has_mail`: their e-mail address is known to
    be theirs; `mail_trouble`: it takes no letters ("mail bounces"), or "".
    """

    protected: bool
    disabled: bool
    unsafe: bool
    has_phone: bool
    trouble: str
    way: str = SMS
    stopped: bool = False
    has_mail: bool = False
    mail_trouble: str = ""


def refusal(standing: Standing) -> str:
    """Why no message may be sent the way they chose, as a code; "" when it may (S34, S36, S37).

    Protected beats all (S6), and what an SMS may endanger an e-mail may as well. To an e-mail the number is
    nothing: neither that it bounces, nor STOP, nor that there is none.
    """
    if standing.protected or standing.disabled or standing.unsafe:
        return "no sms"
    if standing.way == EMAIL:
        return standing.mail_trouble if standing.has_mail else "no address"
    if not standing.has_phone:
        return "no sms"
    if standing.stopped:
        return "stop"
    return "calls" if standing.way == CALL else standing.trouble


ON_THE_PHONE = frozenset({"calls", "stop"})
"""Why no SMS may be sent to somebody who is rung up instead."""


def offered(now: str, *, mail: bool, has_mail: bool, voice: bool = False) -> tuple[str, ...]:
    """The ways that somebody told by `now` may choose.

    `mail`: e-mail leaves at all; `has_mail`: their address is known to be theirs; `voice`: one can ring.
    """
    lacking = {EMAIL: not (mail and has_mail), VOICE: not voice}
    ways = tuple(one for one in messaging.WAYS if not lacking.get(one))
    return ways if now in ways else (*ways, now)


def asked_for(standing: Standing, kind: str) -> Standing:
    """How the person stands to a message of this kind: what they ask for comes by SMS, whatever their way.

    So does what no voice says, to whoever chose one.
    The digits that confirm an e-mail address go to that one, before it is theirs.
    Whoever wants no SMS about meetings still signs in by SMS, and is told once that there are no more.
    """
    if kind == messaging.MAIL_CODE:
        return replace(standing, way=EMAIL, has_mail=True, mail_trouble="")
    if kind in READ and standing.way == VOICE:
        return replace(standing, way=SMS)
    if kind not in (messaging.SIGN_IN_CODE, *REPLIES):
        return standing
    stopped = standing.stopped and kind not in (messaging.SIGN_IN_CODE, STOPPED)
    return replace(standing, way=SMS, stopped=stopped)


def way(standing: Standing) -> str:
    """How to tell the person something: SMS, EMAIL, VOICE, CALL, or "" when they are not told at all.

    Somebody whom an SMS may endanger is not rung up either (S34). Who has answered STOP is rung up.
    """
    refused = refusal(standing)
    return CALL if refused in ON_THE_PHONE else "" if refused else standing.way


NO_PROVIDER, NO_LANGUAGE = "provider", "language"
"""Why no voice can ring somebody up."""


def no_voice(settings: Settings, chosen: str, language: str, *, recorded: bool = False) -> str:
    """Why no voice rings up whoever reads this language, as a code; "" when one does.

    `chosen`: the provider that their organisation chose, "" for the installation's. `recorded`: somebody says
    in this language what there is to say, on every occasion.
    """
    if settings.way_of(chosen) not in settings.voice_providers:
        return NO_PROVIDER
    return "" if recorded or voice_of(language) else NO_LANGUAGE


@dataclass(frozen=True)
class Held:
    """How a meeting is held, for whoever chose to read more than its time (S31); and whether they come."""

    mode: str
    place: str
    coach_id: uuid.UUID
    confirmed: bool = False


@dataclass(frozen=True)
class Detail:
    """What a person wants an SMS to say beside the time: nothing, until they choose it (S31)."""

    place: bool = False
    coach: bool = False


@dataclass(frozen=True)
class More:
    """What an SMS says beside the time, already chosen by its reader: "" is not said.

    `calls`: the coach rings, so that there is no place.
    """

    place: str = ""
    coach: str = ""
    calls: bool = False


# A point without a space before a letter or more, as phones make links of; a name has at most 63 signs
# (RFC 1035, 2.3.4), so that a text without end is read through once.
_LINK = re.compile(r"://|www\.|@|[^\W_]{1,63}\.[^\W\d_]{2,}", re.IGNORECASE)
_NO_LINK = re.compile(r"\b(?:t\.ex|m\.fl|o\.dyl)\b", re.IGNORECASE)


def link_in(text: str) -> str:
    """What in a text a phone may turn into a link, however it is disguised; "" for nothing (S31).

    Points of other scripts and wide letters are read as browsers read them (Unicode, UTS 46), and signs that
    nobody sees are passed over.
    """
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    plain = unicodedata.normalize("NFKC", seen).replace("\u3002", ".")
    found = _LINK.search(_NO_LINK.sub("", plain))
    return found[0] if found else ""


def sayable_place(place: str, mode: str) -> str:
    """The place as an SMS may say it: none for a call, and none that is a link."""
    return "" if mode in ("phone", "video") or link_in(place) else place


@dataclass(frozen=True)
class Hours:
    """The hours for messages, on an organisation's own clock: from `earliest` to `latest` o'clock.

    `own`: a person has said that none comes after `latest`; then none is late, and a reminder is due
    before.
    """

    zone: ZoneInfo
    earliest: int
    latest: int
    own: bool = False

    def narrowed(self, earliest: int | None, latest: int | None) -> "Hours":
        """These hours for somebody who wants nothing before and after so many o'clock; None: as they are.

        Never wider than the house's; where nothing of them would be left, they are the house's.
        """
        first, last = max(self.earliest, earliest or 0), min(self.latest, latest or self.latest)
        return Hours(self.zone, first, last, last < self.latest) if first < last else self

    @property
    def grace(self) -> timedelta:
        """How long after the last hour a reminder that was due then may still leave."""
        return timedelta(0) if self.own else GRACE

    @property
    def last_due(self) -> time:
        """The latest that a reminder is due: GRACE later it may leave."""
        return time(max(self.earliest, self.latest - 1) if self.own else self.latest)

    def open_from(self, moment: datetime, grace: timedelta = timedelta(0)) -> datetime:
        """`moment` itself when it lies within the hours or `grace` after them, else when they begin (UTC)."""
        wall = moment.astimezone(self.zone).replace(tzinfo=None)
        opens = datetime.combine(wall.date(), time(self.earliest))
        if wall < opens:
            return self._instant(opens)
        if wall <= datetime.combine(wall.date(), time(self.latest)) + grace:
            return moment
        return self._instant(opens + timedelta(days=1))

    def _instant(self, wall: datetime) -> datetime:
        return wall.replace(tzinfo=self.zone).astimezone(UTC)


def nearer(kind: str) -> tuple[str, ...]:
    """The reminders that leave by themselves nearer to the meeting than this one."""
    return BY_ITSELF[BY_ITSELF.index(kind) + 1 :] if kind in BY_ITSELF else ()


def wait_until(
    kind: str, now: datetime, of_use_until: datetime, hours: Hours, channel: str = messaging.SMS
) -> datetime | None:
    """When a message may leave if not now: None means now.

    No machine rings anybody up outside the hours, whatever it has to say.

    News that could not wait for the morning leaves at once, and so does a coach's own reminder of a meeting
    that is as near. A reminder that leaves by itself says nothing new and wakes nobody: it waits, and is
    dropped where the meeting comes first. So does what staff send to many, until it is of no use.
    """
    if channel == messaging.VOICE:
        opens = hours.open_from(now)
        return None if opens == now else opens
    if kind not in (*KINDS, *READ):
        return None
    by_itself = kind in (*BY_ITSELF, *READ)
    opens = hours.open_from(now, hours.grace if by_itself else timedelta(0))
    if opens == now or (opens > of_use_until - NEWS_BEFORE and not by_itself):
        return None
    return opens
