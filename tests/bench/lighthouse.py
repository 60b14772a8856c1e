"""What Lighthouse says of the main pages, where Node is installed: speed, accessibility, good practice."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.bench.places import ROOT, Place, serving
from tests.bench.rates import MAIN_PAGES
from tests.support.browser import CHROMIUM, FLAGS

VERSION = "12.8.2"
"""The newest that runs on Node 20."""
RUNS = 3
CATEGORIES = ("performance", "accessibility", "best-practices")


@dataclass(frozen=True)
class Score:
    """One page: its scores, 0 to 100, and the audits that cost points."""

    page: str
    performance: int
    accessibility: int
    best_practices: int
    lost: tuple[str, ...]


def scores(place: Place) -> list[Score]:
    """Every main page of a participant, on a phone as Lighthouse imagines one. [] without Node."""
    if not (shutil.which("npm") and shutil.which("node")):
        return []
    program = _installed(ROOT / ".venv" / "lighthouse")
    with serving(place) as (ours, _):
        cookie = place.cookie("participant")
        return [
            _middle([_score(program, name, ours + path, cookie) for _ in range(RUNS)])
            for name, who, path in MAIN_PAGES
            if who == "participant"
        ]


def _middle(runs: list[Score]) -> Score:
    """The run in the middle: what Lighthouse measures by the clock differs by a point from run to run."""
    return sorted(runs, key=lambda one: one.performance)[len(runs) // 2]


def _installed(folder: Path) -> Path:
    program = folder / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
        subprocess.run([*command, f"lighthouse@{VERSION}"], check=True)
    return program


def _said(command: list[str], environment: dict[str, str]) -> str:
    """What Lighthouse says. It now and then loses its browser: then it is asked once more."""
    first = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if first.returncode == 0:
        return first.stdout
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def _score(program: Path, name: str, url: str, cookie: str) -> Score:
    flags = " ".join(["--headless=new", *FLAGS])
    headers = json.dumps({"Cookie": cookie})
    how = ["--output=json", "--quiet", f"--chrome-flags={flags}", f"--extra-headers={headers}"]
    command = [str(program), url, f"--only-categories={','.join(CATEGORIES)}", *how]
    environment = {**os.environ, "CHROME_PATH": CHROMIUM}
    report = json.loads(_said(command, environment))
    found = {key: round(100 * report["categories"][key]["score"]) for key in CATEGORIES}
    refs = [
        ref["id"] for key in CATEGORIES for ref in report["categories"][key]["auditRefs"] if ref["weight"]
    ]
    lost = tuple(one for one in refs if (report["audits"][one].get("score") or 1) < 1)
    return Score(name, found["performance"], found["accessibility"], found["best-practices"], lost)
