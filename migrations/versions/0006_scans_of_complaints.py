"""scans of complaints

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "complaint_scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_complaint_scan_county_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaint.id"],
            name=op.f("fk_complaint_scan_complaint_id_complaint"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_complaint_scan_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_scan")),
    )
    op.create_index(op.f("ix_complaint_scan_complaint_id"), "complaint_scan", ["complaint_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_complaint_scan_complaint_id"), table_name="complaint_scan")
    op.drop_table("complaint_scan")
