"""Two transactions at once, in an order that is wanted."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from sqlalchemy.orm import Session

from portal.db import Database

A_WHILE = 0.3
"""Long enough, in seconds, for the other transaction to come to the lock where it waits."""

Act = Callable[[Session], object]


def side_by_side(database: Database, begun: Act, other: Act, ended: Act) -> list[type[Exception]]:
    """Let `other` begin and commit while a first transaction stands between `begun` and `ended`."""
    said: list[type[Exception]] = []

    def beside() -> None:
        with database.transaction() as session:
            other(session)

    def listen(done: Future[None]) -> None:
        if wrong := done.exception():
            assert isinstance(wrong, Exception)
            said.append(type(wrong))

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            begun(session)
            running = pool.submit(beside)
            wait([running], timeout=A_WHILE)
            ended(session)
        listen(running)
    return said


def nothing(_: Session) -> None:
    """What is left to do when all is done."""
