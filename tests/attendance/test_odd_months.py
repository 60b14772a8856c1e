"""A month that the address names and no calendar has around it."""

import pytest

from tests.conftest import SignIn
from tests.support.world import World


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "2026-13", "x", "-001-01"])
@pytest.mark.parametrize("path", ["/staff/attendance", "/staff/attendance/csv"])
def test_a_month_at_the_end_of_time_is_no_fault_of_ours(
    world: World, sign_in: SignIn, month: str, path: str
) -> None:
    assert sign_in(world.coach).get(f"{path}?month={month}").status_code < 500
