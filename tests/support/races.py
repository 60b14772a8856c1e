"""The same thing by several connections at once, and how it ended for each (S40, S49)."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.orm import Session

from portal.db import Database
from portal.web.errors import Refused

AT_ONCE = 8


def race(
    database: Database, act: Callable[[Session, int], object], contenders: int = AT_ONCE
) -> Counter[str]:
    """Let so many do it, each with its number; how many wrote, and how many were refused for which reason."""

    def run(number: int) -> str:
        try:
            with database.transaction() as session:
                act(session, number)
        except Refused as refused:
            return type(refused).__name__
        return "written"

    with ThreadPoolExecutor(contenders) as pool:
        return Counter(pool.map(run, range(contenders)))
