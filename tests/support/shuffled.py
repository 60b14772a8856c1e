"""Rows that are equal to a query come in any order, by chance: `pytest -p tests.support.shuffled`.

For finding tests, and pages, that lean on the order in which a database happens to keep its rows. PostgreSQL
gives the room of what is gone to what is new, so that order changes with what other tests have left.
Two cannot be trusted with it: that a constant statement is compiled once (`kernel/test_db.py`), and what the
demo holds, which is made from meetings in the order in which they were put in.
"""

from typing import Any

from sqlalchemy import Connection, event, func
from sqlalchemy.engine import Engine
from sqlalchemy.sql import Executable, Select


@event.listens_for(Engine, "before_execute", retval=True)
def shuffle(
    _connection: Connection, asked: Executable, many: Any, values: Any, _options: Any
) -> tuple[Executable, Any, Any]:
    """What is asked for, and last of all by chance; of what is DISTINCT a database refuses that."""
    if isinstance(asked, Select) and not asked._distinct:
        asked = asked.order_by(func.random())
    return asked, many, values
