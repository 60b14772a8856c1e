"""What the page for operations says exists, and what exists is on it."""

import contextlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from gunicorn.config import Config

from portal import serve
from portal.config import Settings, WrongSettings
from portal.notices.recording_staff_views import staff_bp
from portal.web.uploads import LARGEST_REQUEST

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
FOR_TESTS = {"TWILIO_BASE_URL", "ELKS_BASE_URL"}


class Asked(Mapping[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, **values: str) -> None:
        self._values = values
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def read() -> set[str]:
    """Every setting that the portal reads, in production or in the demo."""
    names: set[str] = set()
    for values in ({}, {"DEPLOYMENT": "demo"}, {"SMS_PROVIDER": "twilio"}):
        environment = Asked(**values)
        with contextlib.suppress(WrongSettings):
            Settings.from_environment(environment)
        names |= environment.names
    return names


def documented(page: str = PAGE) -> set[str]:
    """The names in the first column of the table of settings."""
    table = page.partition("## Settings")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`.+?`) \|", table, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([A-Z_]+)`", cell)}


def test_every_setting_is_described_and_every_one_described_is_read() -> None:
    assert documented() == read() - FOR_TESTS


def test_the_proxy_lets_in_what_the_portal_takes() -> None:
    where, _, size = PAGE.partition("client_max_body_size 4m;")
    assert LARGEST_REQUEST == 4 * 1024 * 1024
    assert where.rstrip().endswith(f"location {staff_bp.url_prefix}/ {{")
    assert size


def test_the_line_that_starts_the_web_is_one_that_gunicorn_knows() -> None:
    lines = re.findall(r"gunicorn ([^`\n]*wsgi:app)", PAGE)
    assert lines
    for line in lines:
        Config().parser().parse_args(line.split())


def test_what_gunicorn_warns_of_stands_in_no_log() -> None:
    """S44: its warnings name the network address and what was asked for."""
    lines = re.findall(r"gunicorn ([^`\n]*wsgi:app)", PAGE)
    demo = next(line for line in serve.processes("8000") if "gunicorn" in line)
    for line in (*map(str.split, lines), demo[demo.index("gunicorn") + 1 :]):
        assert Config().parser().parse_args(line).loglevel == "error"


def test_the_guard_sees_a_setting_that_nobody_described() -> None:
    line = next(line for line in PAGE.splitlines(keepends=True) if line.startswith("| `INSTANCE`, "))
    assert "INSTANCE" in documented()
    assert "INSTANCE" not in documented(PAGE.replace(line, ""))
    assert "MADE_UP" in documented(PAGE.replace(line, f"{line}| `MADE_UP` | |\n"))
