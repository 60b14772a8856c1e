"""Reads of an organisation's own wordings of SMS. None of them is about a participant."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.languages import LANGUAGES, Language
from portal.notices import template_rules, texts
from portal.notices.models import NoticeTemplate
from portal.notices.rules import WORDED
from portal.notices.template_rules import Costly, Price
from portal.organisation import queries as organisations
from portal.web.asker import Asker


def wordings(session: Session, organisation_id: uuid.UUID) -> Mapping[tuple[str, str], str]:
    """The wordings of this organisation that count now, by kind and language; one query."""
    rows = select(NoticeTemplate.kind, NoticeTemplate.language, NoticeTemplate.version, NoticeTemplate.text)
    own = rows.where(NoticeTemplate.organisation_id == organisation_id).subquery()
    newest = select(own.c.kind, own.c.language, func.max(own.c.version).label("version"))
    newest_of = newest.group_by(own.c.kind, own.c.language).subquery()
    found = session.execute(
        select(own.c.kind, own.c.language, own.c.text).join(
            newest_of,
            (own.c.kind == newest_of.c.kind)
            & (own.c.language == newest_of.c.language)
            & (own.c.version == newest_of.c.version),
        )
    )
    return {(row.kind, row.language): row.text for row in found if row.text}


@dataclass(frozen=True)
class Worded:
    """One kind in the organisation's languages.

    `own`: codes of those in which it says something of its own; `lagging`: those that still say our text
    though the Swedish is reworded.
    """

    kind: str
    own: frozenset[str]
    lagging: tuple[str, ...]


def offered(session: Session, asker: Asker) -> tuple[Language, ...]:
    """The languages that the asker's organisation offers, Swedish first."""
    codes = organisations.organisation(session, asker.organisation_id).spoken
    return tuple(LANGUAGES[code] for code in codes)


def kinds(session: Session, asker: Asker) -> tuple[tuple[Language, ...], tuple[Worded, ...]]:
    """The languages that the asker's organisation offers, and every kind in them."""
    spoken = offered(session, asker)
    codes = [one.code for one in spoken]
    own = wordings(session, asker.organisation_id)
    rows = tuple(
        Worded(
            kind,
            frozenset(code for code in codes if (kind, code) in own),
            template_rules.lagging(own, kind, codes),
        )
        for kind in WORDED
    )
    return spoken, rows


@dataclass(frozen=True)
class Version:
    """How a wording stood from `made_at` on. `text` "": ours. `made_by`: a name, "" when forgotten."""

    number: int
    text: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True)
class Desk:
    """One kind in one language, as it is edited.

    `now` is what is sent, `ours` the portal's own text, `swedish` what is sent in Swedish: all with their
    fields in braces. `is_own`: `now` is the house's. `versions`: the newest first. `lagging`: as of `Worded`.
    """

    kind: str
    language: Language
    now: str
    ours: str
    swedish: str
    is_own: bool
    versions: tuple[Version, ...]
    lagging: tuple[str, ...]


def desk(session: Session, asker: Asker, kind: str, language: Language) -> Desk | None:
    """The asker's organisation's own; None for a language that it does not offer."""
    codes = [one.code for one in offered(session, asker)]
    if language.code not in codes:
        return None
    own = wordings(session, asker.organisation_id)
    ours = texts.ours(kind, language)
    return Desk(
        kind=kind,
        language=language,
        now=own.get((kind, language.code), ours),
        ours=ours,
        swedish=own.get((kind, "sv")) or texts.ours(kind, LANGUAGES["sv"]),
        is_own=(kind, language.code) in own,
        versions=_versions(session, asker, kind, language),
        lagging=template_rules.lagging(own, kind, codes),
    )


def _versions(session: Session, asker: Asker, kind: str, language: Language) -> tuple[Version, ...]:
    rows = session.execute(
        select(NoticeTemplate, Person)
        .join(Person, Person.id == NoticeTemplate.made_by)
        .where(
            NoticeTemplate.organisation_id == asker.organisation_id,
            NoticeTemplate.kind == kind,
            NoticeTemplate.language == language.code,
        )
        .order_by(NoticeTemplate.version.desc())
    )
    return tuple(Version(row.version, row.text, person.name, row.made_at) for row, person in rows)


@dataclass(frozen=True)
class Preview:
    """A text as it would arrive on the day with the longest name, and what it takes.

    `before`: what is sent now takes. `signs` are costly where the language itself is not; `cheap`: what the
    text takes without them, None where there are none. `ore_a_part`: what the house says a part costs.
    """

    said: str
    price: Price
    before: Price
    signs: tuple[Costly, ...]
    cheap: Price | None
    ore_a_part: int


def preview(session: Session, asker: Asker, desk: Desk, text: str, now: datetime) -> Preview:
    """This text of a kind and language filled with an example; an empty one is ours."""
    ore, language = organisations.rules_of(session, asker).sms_price_ore, desk.language
    day = texts.longest_day(language, now.astimezone(asker.zone).year)
    wall = datetime.combine(day, time(13), asker.zone)

    def priced(wording: str) -> Price:
        return template_rules.price(texts.worded(wording, wall, language), ore)

    wording = text or desk.ours
    signs = () if language.ucs2 else template_rules.costly(wording)
    return Preview(
        said=texts.worded(wording, wall, language),
        price=priced(wording),
        before=priced(desk.now),
        signs=signs,
        cheap=priced(template_rules.cheaper(wording)) if signs else None,
        ore_a_part=ore,
    )


def names(session: Session, asker: Asker) -> tuple[str, ...]:
    """What the asker's organisation, its programmes and its teams are called: none of it is said (S31)."""
    house = organisations.organisation(session, asker.organisation_id)
    programmes = (one.name for one in organisations.programmes(session, house.id))
    return (house.name, *programmes, *(one.name for one in organisations.teams(session, house.id)))
