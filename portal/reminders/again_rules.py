"""What is done about a message that did not arrive, or may not have. Pure."""

from collections.abc import Mapping

from portal.messaging import rules as messaging

TROUBLED = frozenset({messaging.FAILED, messaging.EXPIRED, messaging.UNKNOWN})
"""What can be sent again: it did not arrive, left too late, or nobody knows."""

AGAIN, BEGUN = "again", "begun"
"""Why a message is not sent again, beside what is stale about it and why the person gets no SMS."""

NUMBER, ADDRESS, START, PHONE_OFF, ASK_HOUSE = "number", "address", "start", "phone_off", "ask_house"
WAIT, RING, DECIDE, NOTHING = "wait", "ring", "decide", "nothing"
"""What there is to do about a message."""

# As the reasons in `messaging.words` have them: the errors of twilio.com/docs/api/errors, and our own codes.
_BY_CODE: Mapping[str, str] = {
    **dict.fromkeys(("21211", "21214", "21408", "21614", "30005", "30006", "http 400", "bounces"), NUMBER),
    **dict.fromkeys((*messaging.MAIL_HARD_ERRORS, "mail bounces", "no address"), ADDRESS),
    "21610": START,
    **dict.fromkeys(("30003", "30036"), PHONE_OFF),
    **dict.fromkeys(
        ("20003", "http 401", "http 403", "unreadable", "no mail", "smtp login", "smtp insecure"), ASK_HOUSE
    ),
}


def what_to_do(state: str, code: str, *, undecided: bool, unsafe: bool, repeatable: bool) -> str:
    """What staff do about a message in this state with this error code.

    `undecided`: nobody knows whether it arrived, and it is still of use; `repeatable`: it is of a kind that
    staff can send again. Nobody is rung up whom an SMS may endanger (`unsafe`, S34).
    """
    if unsafe:
        return NOTHING
    if undecided:
        return DECIDE
    if found := _BY_CODE.get(code):
        return RING if found == PHONE_OFF and not repeatable else found
    return WAIT if state in messaging.WAITING else RING


def hindrance(*, begun: bool, again: bool, stale: str, refusal: str) -> str:
    """Why a message is not sent again, as a code; "" when it can be.

    `again`: it has been sent again already; `stale`: why it is true no longer; `refusal`: why its person gets
    no SMS.
    """
    if again:
        return AGAIN
    return BEGUN if begun else stale or refusal
