"""What people have written and who has translated it. The texts are sealed (S38)."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Sealed
from portal.db import Base, Row
from portal.wording.rules import KINDS, STORED


class SourceText(Row, Base):
    """A text that may need translation, as it stands now in the room that owns it.

    It is about a person, or all participants of a team read it: `person_id` or `team_id` is given.
    `object_id` names what it is the text of (a step, a plan for its goal), in a room above: no foreign key.
    `language` is what it is written in: Swedish is translated for its readers, anything else to Swedish.
    `phrase` is the key of the ready phrase that it is, "" for free text, with the bank's version when it was
    written. `wanted` is off for what is done, dropped, taken back or hidden: such words are not taken in.
    """

    __tablename__ = "source_text"
    __table_args__ = (
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint("(person_id is null) != (team_id is null)", name="readers"),
        Index("ix_source_text_person_id_wanted", "person_id", "wanted"),
        Index("ix_source_text_source_hash", "source_hash"),
        Index("ix_source_text_team_id_wanted", "team_id", "wanted"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("team.id"))
    kind: Mapped[str]
    object_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(default="sv", server_default="sv")
    source_sealed: Mapped[bytes | None]
    source_hash: Mapped[bytes]
    phrase: Mapped[str]
    phrase_version: Mapped[int]
    wanted: Mapped[bool]
    changed_at: Mapped[datetime]

    source = Sealed("source_sealed")


class Translation(Row, Base):
    """A text in another language. `from_hash` and `origin` are the words that it was made from."""

    __tablename__ = "translation"
    __table_args__ = (
        UniqueConstraint("source_id", "language"),
        CheckConstraint(f"state in {STORED}", name="state"),
        CheckConstraint("(state = 'confirmed') = (confirmed_at is not null)", name="confirmed"),
        Index("ix_translation_from_hash_language", "from_hash", "language"),
    )

    source_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("source_text.id"))
    language: Mapped[str]
    translated_sealed: Mapped[bytes | None]
    origin_sealed: Mapped[bytes | None]
    from_hash: Mapped[bytes]
    state: Mapped[str]
    version: Mapped[int]
    written_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    confirmed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]

    translated = Sealed("translated_sealed")
    origin = Sealed("origin_sealed")


class WantedLanguage(Row, Base):
    """A language that a person's texts are needed in besides their own: an interpreter's, at a meeting."""

    __tablename__ = "wanted_language"
    __table_args__ = (UniqueConstraint("person_id", "language"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    language: Mapped[str]
    since: Mapped[datetime]
