"""A group, who leads it, its sessions, its seats, and each participant's part in each session."""

import uuid
from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column

from portal.crypto import Sealed
from portal.db import Base, Row
from portal.groups import rules


class Group(Row, Base):
    """A group of one team, that meets once or many times.

    `title`: of `rules.TITLES`, with words of the team's own where it is `OWN`. `about`: what it is, in a
    sentence. `languages`: what is spoken there. `is_open`: every participant of the team may join; else
    staff put people in. `offer_hours`: how long a free seat is kept for the next in the queue.
    """

    __tablename__ = "activity_group"
    __table_args__ = (
        # What seats refer to: the database itself then knows how many there are.
        UniqueConstraint("id", "capacity"),
        UniqueConstraint("made_by", "request_key"),
        CheckConstraint(f"title in {rules.TITLES}", name="title"),
        CheckConstraint(f"mode in {rules.MODES}", name="mode"),
        CheckConstraint(f"capacity between 1 and {rules.MOST_SEATS}", name="capacity"),
        CheckConstraint(f"offer_hours between 1 and {rules.MOST_OFFER_HOURS}", name="offer_hours"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"), index=True)
    title: Mapped[str]
    own_title_sealed: Mapped[bytes | None]
    about_sealed: Mapped[bytes | None]
    languages: Mapped[list[str]] = mapped_column(JSON)
    mode: Mapped[str]
    place_sealed: Mapped[bytes | None]
    capacity: Mapped[int]
    is_open: Mapped[bool]
    offer_hours: Mapped[int]
    request_key: Mapped[uuid.UUID]
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    own_title = Sealed("own_title_sealed")
    about = Sealed("about_sealed")
    place = Sealed("place_sealed")

    @property
    def about_id(self) -> uuid.UUID:
        """What translators know the sentence by; the title is known by the group's own id."""
        return uuid.uuid5(self.id, "about")


class GroupLeader(Row, Base):
    """That a member of staff leads a group: their time is held for its sessions."""

    __tablename__ = "group_leader"
    __table_args__ = (UniqueConstraint("group_id", "leader_id"),)

    group_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity_group.id"))
    leader_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)


class GroupSession(Row, Base):
    """One occasion of a group: `uid` is for life, `revision` the calendar's SEQUENCE.

    The revision grows with each change of time, place or state. `place`: "" for the group's own.
    """

    __tablename__ = "group_session"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint(f"state in {(rules.PLANNED, rules.CANCELLED)}", name="state"),
        Index("ix_group_session_group_id_starts_at", "group_id", "starts_at"),
        Index("ix_group_session_starts_at", "starts_at"),
    )

    group_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity_group.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place_sealed: Mapped[bytes | None]
    state: Mapped[str]
    uid: Mapped[uuid.UUID] = mapped_column(unique=True)
    revision: Mapped[int]
    changed_at: Mapped[datetime]

    place = Sealed("place_sealed")


class GroupSeat(Row, Base):
    """How somebody stands to a group; one row for life, whoever comes back.

    `number`: which seat they hold, from 1; two never hold one, and none is above `capacity`, which is the
    group's own: the database itself refuses one too many (S49). `turn`: where they stand in the queue, the
    lowest first. `offers`: how many they have had, so that each is told once. `in_portal` is off where they
    must see no trace of it (S33).
    """

    __tablename__ = "group_seat"
    __table_args__ = (
        UniqueConstraint("group_id", "person_id"),
        UniqueConstraint("group_id", "number"),
        UniqueConstraint("group_id", "turn"),
        ForeignKeyConstraint(
            ["group_id", "capacity"],
            ["activity_group.id", "activity_group.capacity"],
            name="fk_group_seat_group_id_capacity",
            onupdate="CASCADE",
        ),
        CheckConstraint(f"state in {rules.STATES}", name="state"),
        CheckConstraint("number between 1 and capacity", name="number"),
        CheckConstraint(f"(state in {rules.SEATED}) = (number is not null)", name="seated"),
        CheckConstraint("(state = 'offered') = (offered_until is not null)", name="offered"),
        CheckConstraint("(state = 'waiting') = (turn is not null)", name="waiting"),
        Index("ix_group_seat_person_id", "person_id"),
        Index("ix_group_seat_offered_until", "offered_until"),
        Index("ix_group_seat_state", "state"),
    )

    group_id: Mapped[uuid.UUID]
    capacity: Mapped[int]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str]
    number: Mapped[int | None]
    turn: Mapped[int | None]
    offered_until: Mapped[datetime | None]
    offers: Mapped[int]
    in_portal: Mapped[bool]
    changed_at: Mapped[datetime]
    changed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))


class GroupPart(Row, Base):
    """Somebody's part in one session: they are told of it by this id, and it says whether they came.

    `settled_at`: since when they are to come; `out_at`: since when they are not any longer. `revision` grows
    with each change of the session, and of whether they come.
    """

    __tablename__ = "group_part"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id"),
        CheckConstraint(f"attendance in {rules.ATTENDANCE}", name="attendance"),
        CheckConstraint("(attendance = 'none') = (attended_at is null)", name="attended"),
        Index("ix_group_part_person_id", "person_id"),
    )

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("group_session.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    in_portal: Mapped[bool]
    revision: Mapped[int]
    settled_at: Mapped[datetime]
    out_at: Mapped[datetime | None]
    attendance: Mapped[str]
    attended_at: Mapped[datetime | None]
    attendance_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    # For whoever takes out everything about themselves: nothing else reads it.
    starts_at: Mapped[datetime] = column_property(
        select(GroupSession.starts_at).where(GroupSession.id == session_id).scalar_subquery(), deferred=True
    )
