"""Organisation, programme, team, and the lists of words an organisation chooses itself."""

import uuid
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Row
from portal.languages import LANGUAGES, SWEDISH
from portal.organisation.rules import Rules

CHOICE_KINDS = ("referrer", "outcome", "income", "education", "municipality", "stair")
PROGRAMME_LISTS = ("referrer", "outcome", "income")
"""The lists of which a programme may use some words only: its reports count by them."""
GOAL, DROPOUT = "goal", "dropout"
COUNTS_AS = ("", GOAL, DROPOUT)
"""How an outcome is counted: among the others; as work or studies; as left early, outside those closed."""


class Installation(Base):
    """One row that says whether this database holds made-up people (`demo`) or real ones.

    After a restore from a backup made at `copied_at` the worker waits from `held_since` until an admin lets
    it go. `chained_since`: when the journal's chain got its head, which is never missing from then on.
    """

    __tablename__ = "installation"
    __table_args__ = (
        CheckConstraint("stamp in ('demo', 'real')", name="stamp"),
        CheckConstraint("id = 1", name="one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stamp: Mapped[str]
    stamped_at: Mapped[datetime]
    held_since: Mapped[datetime | None]
    copied_at: Mapped[datetime | None]
    chained_since: Mapped[datetime | None]


class Organisation(Row, Base):
    """Who runs a portal of its own, entered at `/<slug>`. Nothing crosses organisations (S4)."""

    __tablename__ = "organisation"

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    phone: Mapped[str]
    zone_name: Mapped[str] = mapped_column(default="Europe/Stockholm")
    languages: Mapped[list[str]] = mapped_column(JSON)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this organisation's days begin."""
        return ZoneInfo(self.zone_name)

    @property
    def spoken(self) -> list[str]:
        """Codes of the languages it offers, those of ours alone and Swedish always, in our order."""
        return [code for code in LANGUAGES if code == SWEDISH.code or code in self.languages]

    @property
    def rules(self) -> Rules:
        """What it has decided for itself."""
        return Rules.from_json(self.settings or {})


class Programme(Row, Base):
    """A period of work with targets, by one organisation with named partner authorities."""

    __tablename__ = "programme"

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    targets: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    partners: Mapped[list[str]] = mapped_column(JSON, default=list)
    lists: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)

    def uses(self, kind: str, code: str) -> bool:
        """Whether this programme uses a word of a list; one that has chosen no words of it uses them all."""
        chosen = (self.lists or {}).get(kind)
        return not chosen or code in chosen


class Team(Row, Base):
    """Staff of several authorities who work in one municipality."""

    __tablename__ = "team"

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    municipality: Mapped[str]


class Choice(Row, Base):
    """One word of a list that the organisation keeps (referrers, outcomes, incomes …)."""

    __tablename__ = "choice"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "code"),
        CheckConstraint(f"kind in {CHOICE_KINDS}", name="kind"),
        CheckConstraint(f"counts_as in {COUNTS_AS}", name="counts_as"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str]
    code: Mapped[str]
    words: Mapped[dict[str, str]] = mapped_column(JSON)
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)
    counts_as: Mapped[str] = mapped_column(default="")

    def label(self, language: str) -> str:
        """The word in this language, in Swedish when it has none."""
        return self.words.get(language) or self.words.get("sv", self.code)
