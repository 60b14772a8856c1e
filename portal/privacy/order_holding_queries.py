"""What is kept of interpreters and of what is ordered of them: a part of the list in `holding_queries`."""

from portal.interpreting import order_models as orders
from portal.privacy import told_order_words as told
from portal.privacy.holding_rules import GOES, STAFF, STAYS, Holding
from portal.privacy.whose_queries import Whose

ORDER_HOLDINGS: tuple[Holding, ...] = (
    Holding(
        orders.InterpreterOrder,
        GOES,
        Whose(orders.InterpreterOrder.person_id),
        told.ORDER,
        lambda row, hidden: row.hidden or row.meeting_id in hidden,
    ),
    Holding(orders.InterpreterWish, GOES, Whose(orders.InterpreterWish.person_id), told.WISH),
    Holding(orders.Interpreter, STAFF, told="it is of those who interpret"),
    Holding(orders.InterpreterLanguage, STAYS, told="it goes with the interpreter"),
)
