"""`flask --app wsgi backup`, `restore` and `keys`."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from portal import clock, db, tables
from portal.config import Settings
from portal.crypto import keys as keyring
from portal.keeping import backup_service, key_service, restore_service
from portal.keeping.file_rules import Damaged

key_commands = AppGroup("keys", help="The keys that seal names, numbers and free text.")


def _settings() -> Settings:
    settings: Settings = current_app.config["STIGEN"]
    return settings


@contextmanager
def _plainly(path: Path) -> Iterator[None]:
    """Say what was wrong in one sentence, with exit code 1."""
    try:
        yield
    except Damaged as wrong:
        raise click.ClickException(f"{path}: {wrong}.") from None
    except backup_service.NoBackupKey:
        raise click.ClickException("BACKUP_KEY is not set: 32 bytes in base64, kept apart.") from None
    except OSError as wrong:
        full = wrong.errno == errno.ENOSPC
        raise click.ClickException(f"{path}: {'the disk is full' if full else wrong.strerror}.") from None


@click.command("backup")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup_command(target: Path) -> None:
    """Write the whole database, as it is now, into an encrypted file."""
    with _plainly(target):
        try:
            done = backup_service.backup(db.database(), _settings(), tables.metadata, target, clock.now())
        except backup_service.Exists:
            raise click.ClickException(f"{target} is there already; give the new one another name.") from None
        except backup_service.NotCurrent:
            raise click.ClickException("The tables are not this version's: db upgrade first.") from None
    click.echo(f"{done.rows} rows, {target.stat().st_size} bytes, read again and whole: {target}")
    click.echo(f"Head of the journal, to be noted elsewhere: {done.head}")


@click.command("restore")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def restore_command(source: Path) -> None:
    """Bring a backup into an empty database; the worker then waits until an admin lets it go."""
    with _plainly(source):
        if not _settings().backup_key:
            raise backup_service.NoBackupKey
        try:
            done = restore_service.restore(db.database(), _settings(), tables.metadata, source, clock.now())
        except restore_service.NotEmpty:
            raise click.ClickException("The database has tables. Restore into an empty one.") from None
        except restore_service.WrongKind:
            raise click.ClickException(
                "Made-up people and real ones are kept apart: see DEPLOYMENT."
            ) from None
        except restore_service.UnknownRevision:
            raise click.ClickException(
                "The backup is newer than this code. Use the code it came from."
            ) from None
        except restore_service.OtherKeys as wrong:
            raise click.ClickException(f"Not the keys of this backup: {', '.join(wrong.names)}.") from None
    click.echo(f"{done.rows} rows, as they were {done.made_at:%Y-%m-%d %H:%M} UTC.")
    click.echo("Sessions and codes are void: everybody signs in again.")
    click.echo(f"{done.in_doubt} messages may have left since. They are marked unknown, and not sent.")
    if done.unput:
        kinds = ", ".join(sorted(set(done.unput)))
        click.echo(
            f"{len(done.unput)} reminders could not be made ({kinds}). They are NOT marked, and go out once"
            " the worker is let go, also if they left before. Mend it first."
        )
    for fault in done.journal.faults:
        click.echo(f"The journal was not whole when it was copied: {fault}")
    if done.journal.holds:
        click.echo(f"The journal is whole: {done.journal.lines} chained lines.")
    click.echo("The worker waits. An admin lets it go in the portal, or: flask --app wsgi worker release")


@key_commands.command("status")
def status() -> None:
    """How much is sealed with which key."""
    with db.database().snapshot() as session:
        _tell(key_service.counts(session))


@key_commands.command("rotate")
@click.option("--batch", default=key_service.BATCH, type=click.IntRange(1, 10_000), help="Values a commit.")
def rotate(batch: int) -> None:
    """Seal everything with the first key of DATA_KEYS. Cut off, it goes on where it was."""
    done = key_service.rotate(db.database(), batch)
    click.echo(f"{done.anew} values sealed anew with {keyring().first}.")
    for place, many in sorted(done.broken.items()):
        click.echo(f"{place}: {many} values do not open, and are left as they are.")
    with db.database().snapshot() as session:
        left = _tell(key_service.counts(session))
    if left or done.broken:
        raise SystemExit(1)


def _tell(counts: dict[str, int]) -> int:
    """Print the keys; returns how many values are not sealed with the first one."""
    known, first = keyring().known, keyring().first
    for key_id in sorted(known | counts.keys(), key=lambda one: (one != first, one)):
        many = counts.get(key_id, 0)
        notes = [
            "seals what is new" if key_id == first else "",
            "IS NOT IN DATA_KEYS" if key_id not in known else "",
            "may be removed from DATA_KEYS" if key_id != first and not many else "",
        ]
        click.echo(f"{key_id}: {many} values. {'; '.join(filter(None, notes))}".rstrip())
    return sum(many for key_id, many in counts.items() if key_id != first)


def install(app: Flask) -> None:
    """Register the commands."""
    for command in (backup_command, restore_command, key_commands):
        app.cli.add_command(command)
