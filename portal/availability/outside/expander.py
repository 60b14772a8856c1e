"""Reading what was fetched in a process of its own, which can be stopped."""

import json
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
FAILURES = {reading_rules.NOT_A_CALENDAR: "not_calendar"}


def expand(body: bytes, window: Span, zone_name: str) -> Reading:
    """What the calendar is busy with in the window. Raises Failed.

    The process gets no environment: neither keys nor proxies nor anything else that is ours.
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
        raise Failed("too_big") from None
    if done.returncode:
        # Out of time or memory, or more than anybody has.
        raise Failed(FAILURES.get(done.returncode, "too_big"))
    said = json.loads(done.stdout)
    return Reading(tuple(Busy(*one) for one in said["busy"]), said["passed_over"])
