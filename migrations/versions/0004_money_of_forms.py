"""money of performance forms by source

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXTS = {"central_department": 120, "local_department": 120, "fund_user": 200}


def upgrade() -> None:
    op.create_table(
        "form_amount",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "this_year",
                "carried_over",
                "central",
                "local",
                "other",
                name="moneysource",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("initial_amount", sa.BigInteger(), nullable=True),
        sa.Column("budget_amount", sa.BigInteger(), nullable=True),
        sa.Column("executed_amount", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_form_amount_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["form_id"],
            ["performance_form.id"],
            name=op.f("fk_form_amount_form_id_performance_form"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_amount")),
        sa.UniqueConstraint("form_id", "source", name=op.f("uq_form_amount_form_id_source")),
    )
    op.create_index(op.f("ix_form_amount_form_id"), "form_amount", ["form_id"])
    for name, length in TEXTS.items():
        op.add_column(
            "performance_form",
            sa.Column(name, sa.String(length=length), nullable=False, server_default=""),
        )


def downgrade() -> None:
    for name in TEXTS:
        op.drop_column("performance_form", name)
    op.drop_index(op.f("ix_form_amount_form_id"), table_name="form_amount")
    op.drop_table("form_amount")
