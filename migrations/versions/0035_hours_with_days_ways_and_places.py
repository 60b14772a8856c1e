"""Hours have days, ways to meet and a place of their own; lunch, and the most on a day

Revision: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

WEEK, TERMS = "weekly_hours", "own_terms"
ONE = "uq_weekly_hours_person_id_weekday_starts"
EACH = "ix_weekly_hours_person_id_weekday"


def upgrade() -> None:
    # Nothing refers to these rows, so SQLite may build the tables anew.
    with op.batch_alter_table(WEEK) as hours:
        hours.add_column(sa.Column("first_day", sa.Date(), nullable=True))
        hours.add_column(sa.Column("last_day", sa.Date(), nullable=True))
        hours.add_column(sa.Column("modes", sa.JSON(), nullable=False, server_default="[]"))
        hours.add_column(sa.Column("place_sealed", sa.LargeBinary(), nullable=True))
        hours.create_check_constraint(op.f("ck_weekly_hours_days"), "first_day <= last_day")
        hours.drop_constraint(op.f(ONE), type_="unique")
    op.create_index(EACH, WEEK, ["person_id", "weekday", "starts"])
    with op.batch_alter_table(TERMS) as terms:
        terms.add_column(sa.Column("lunch_starts", sa.Time(), nullable=True))
        terms.add_column(sa.Column("lunch_ends", sa.Time(), nullable=True))
        terms.add_column(sa.Column("most_a_day", sa.Integer(), nullable=True))
        terms.create_check_constraint(
            op.f("ck_own_terms_lunch"), "(lunch_starts is null) = (lunch_ends is null)"
        )
        terms.create_check_constraint(
            op.f("ck_own_terms_lunch_order"), "lunch_starts is null or lunch_starts < lunch_ends"
        )
        terms.create_check_constraint(op.f("ck_own_terms_most"), "most_a_day between 0 and 20")


def downgrade() -> None:
    with op.batch_alter_table(TERMS) as terms:
        for check in ("lunch", "lunch_order", "most"):
            terms.drop_constraint(op.f(f"ck_own_terms_{check}"), type_="check")
        for column in ("lunch_starts", "lunch_ends", "most_a_day"):
            terms.drop_column(column)
    # The version before would offer these hours on every day, in every way and at the usual place.
    op.execute(
        f"DELETE FROM {WEEK} WHERE first_day IS NOT NULL OR last_day IS NOT NULL"
        " OR place_sealed IS NOT NULL OR CAST(modes AS TEXT) <> '[]'"
    )
    op.drop_index(EACH, WEEK)
    with op.batch_alter_table(WEEK) as hours:
        hours.create_unique_constraint(op.f(ONE), ["person_id", "weekday", "starts"])
        hours.drop_constraint(op.f("ck_weekly_hours_days"), type_="check")
        for column in ("first_day", "last_day", "modes", "place_sealed"):
            hours.drop_column(column)
