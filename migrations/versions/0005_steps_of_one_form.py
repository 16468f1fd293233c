"""every table of steps has the same columns

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME = {
    "approval_step": 40,
    "disclosure_step": 40,
    "bundle_step": 40,
    "complaint_step": 40,
}
"""Table -> how long the name of a person could be."""
WORDS = {"disclosure_step": 300, "bundle_step": 300, "complaint_step": 500}
LONG = 80


def upgrade() -> None:
    for table, length in NAME.items():
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(
                "actor_name", existing_type=sa.String(length), type_=sa.String(LONG)
            )
            if table in WORDS:
                was = sa.String(WORDS[table])
                batch_op.alter_column("words", existing_type=was, type_=sa.Text())


def downgrade() -> None:
    for table, length in NAME.items():
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(
                "actor_name", existing_type=sa.String(LONG), type_=sa.String(length)
            )
            if table in WORDS:
                short = sa.String(WORDS[table])
                batch_op.alter_column("words", existing_type=sa.Text(), type_=short)
