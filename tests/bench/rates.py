"""Requests a second of each main page, beside those of a bare page of the same size in the same run."""

import re
import subprocess
import urllib.request
from dataclasses import dataclass
from statistics import median

from tests.bench.places import Place, serving

ROUNDS, SECONDS, CONNECTIONS = 7, 1, 4
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
FAULTS = re.compile(r"Non-2xx|Socket errors")
MAIN_PAGES = (
    ("home", "participant", "/home"),
    ("plan", "participant", "/plan"),
    ("meetings", "participant", "/meetings"),
    ("free times", "participant", "/meetings/times"),
    ("where to turn", "participant", "/turn-to"),
    ("coach's morning", "coach", "/staff"),
    ("list of people", "coach", "/staff/people"),
    ("one participant", "coach", "/staff/people/{person}"),
    ("answers", "coach", "/staff/people/{person}/answers"),
)


@dataclass(frozen=True)
class Rate:
    """One page: its bytes, requests a second, the bare page's, and the median of the rounds' ratios."""

    page: str
    size: int
    rate: float
    bare: float
    ratio: float
    compressed_ratio: float


def rates(place: Place) -> list[Rate]:
    """Every main page. Rounds of ours and the bare one take turns, so that a busy moment hits both."""
    with serving(place) as (ours, bare):
        cookies = {who: place.cookie(who) for who in ("participant", "coach")}
        return [
            _rate(name, ours + path.format(person=place.world.participant.id), bare, cookies[who])
            for name, who, path in MAIN_PAGES
        ]


def _rate(name: str, url: str, bare: str, cookie: str) -> Rate:
    request = urllib.request.Request(url, headers={"Cookie": cookie})
    with urllib.request.urlopen(request) as answer:
        assert answer.url == url, f"{url} led to {answer.url}"
        size = len(answer.read())
    plain = [(_ask(url, cookie), _ask(f"{bare}/{size}")) for _ in range(ROUNDS)]
    short = [(_ask(url, cookie, "br"), _ask(f"{bare}/{size}", coding="br")) for _ in range(ROUNDS)]
    return Rate(
        page=name,
        size=size,
        rate=median(mine for mine, _ in plain),
        bare=median(floor for _, floor in plain),
        ratio=median(mine / floor for mine, floor in plain),
        compressed_ratio=median(mine / floor for mine, floor in short),
    )


def _ask(url: str, cookie: str = "", coding: str = "identity") -> float:
    """Requests a second, from a process of its own."""
    headers = ["-H", f"Accept-Encoding: {coding}", *(["-H", f"Cookie: {cookie}"] if cookie else [])]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *headers, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if FAULTS.search(said):
        raise RuntimeError(f"{url}: {said}")
    found = RATE.search(said)
    assert found is not None
    return float(found[1])
