"""Reading what was fetched in a process of its own, which can be stopped."""

import json
import logging
import subprocess
import sys
from pathlib import Path

from portal.availability.outside import reading_rules
from portal.availability.outside.gateway import Failed
from portal.availability.outside.reading_rules import Busy, Reading
from portal.availability.rules import Span

SECONDS = 20
"""How long a reading may take by the clock: twice its time of work, for a machine that is busy."""
ROOT = Path(__file__).resolve().parents[3]
PROGRAM = (sys.executable, "-E", "-s", "-m", reading_rules.__name__)
FAILURES = {reading_rules.NOT_A_CALENDAR: "not_calendar", reading_rules.TOO_MUCH: "too_big"}
"""What the process says itself; it ends in no other way unless it is killed, or breaks."""

log = logging.getLogger(__name__)


def expand(body: bytes, window: Span, zone_name: str) -> Reading:
    """What the calendar is busy with in the window. Raises Failed.

    The process gets no environment: neither keys nor proxies nor anything else that is ours. When it does not
    come to an end of its own, or says nothing that can be read, the calendar is `stopped`: of what it wrote
    nothing is logged, for that can be what stands in the calendar.
    """
    asked = f"{int(window.start.timestamp())} {int(window.end.timestamp())} {zone_name}\n"
    try:
        done = subprocess.run(
            PROGRAM,
            input=asked.encode() + body,
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _stopped("after %s seconds", SECONDS) from None
    except OSError as error:
        raise _stopped("before it began: error %s", error.errno) from None
    if done.returncode in FAILURES:
        raise Failed(FAILURES[done.returncode])
    if done.returncode:
        # By the limits of time and memory, by the machine, or by a bug.
        raise _stopped("with code %s", done.returncode)
    try:
        said = json.loads(done.stdout)
        return Reading(tuple(Busy(*one) for one in said["busy"]), said["passed_over"])
    except (ValueError, LookupError, TypeError):
        raise _stopped("with an answer of %s bytes that cannot be read", len(done.stdout)) from None


def _stopped(how: str, value: object) -> Failed:
    log.warning(f"A calendar's reading ended {how}", value)
    return Failed("stopped")
