"""money after allocation: placements, contracts, payments, postings, closings, snapshots, bulletins

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

from portal import database_guards

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulletin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "monthly",
                "ten_day",
                "weekly",
                name="bulletinkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("fund_year", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_by", sa.String(length=80), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_bulletin_county_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin")),
        sa.UniqueConstraint("county_id", "number", name=op.f("uq_bulletin_county_id_number")),
    )
    op.create_table(
        "opening_payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("paid_amount", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("paid_amount >= 0", name=op.f("ck_opening_payment_not_negative")),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_opening_payment_county_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_payment")),
        sa.UniqueConstraint(
            "county_id",
            "year",
            "counted_on",
            name=op.f("uq_opening_payment_county_id_year_counted_on"),
        ),
    )
    op.create_table(
        "payment_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issued_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("month >= 1 AND month <= 12", name=op.f("ck_payment_plan_a_month")),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_payment_plan_county_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_plan")),
        sa.UniqueConstraint(
            "county_id", "year", "month", name=op.f("uq_payment_plan_county_id_year_month")
        ),
    )
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("fund_year", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("checkpoint", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_by", sa.String(length=80), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_snapshot_county_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
    )
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.create_index(
            "ix_snapshot_county_year", ["county_id", "fund_year", "day"], unique=False
        )

    op.create_table(
        "treasury_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=160), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_on", sa.Date(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_treasury_list_county_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treasury_list")),
        sa.UniqueConstraint("county_id", "sha256", name=op.f("uq_treasury_list_county_id_sha256")),
    )
    op.create_table(
        "year_closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "submitted",
                "closed",
                "rejected",
                name="closingstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "decided_by_id <> proposed_by_id", name=op.f("ck_year_closing_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_year_closing_county_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_closing")),
    )
    with op.batch_alter_table("year_closing", schema=None) as batch_op:
        batch_op.create_index(
            "uq_year_closing_closed",
            ["county_id", "year"],
            unique=True,
            sqlite_where=sa.text("status = 'closed'"),
            postgresql_where=sa.text("status = 'closed'"),
        )

    op.create_table(
        "acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "self",
                "township",
                "county",
                name="acceptancelevel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("people", sa.String(length=200), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor_name", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_acceptance_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_acceptance_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_acceptance_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance")),
    )
    with op.batch_alter_table("acceptance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acceptance_project_id"), ["project_id"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "signed",
                "submitted",
                name="assessmentstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("not_applicable", sa.String(length=200), nullable=False),
        sa.Column("begun_by_id", sa.Integer(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("finance_signed_by_id", sa.Integer(), nullable=True),
        sa.Column("finance_signed_by", sa.String(length=80), nullable=False),
        sa.Column("finance_signed_on", sa.Date(), nullable=True),
        sa.Column("agriculture_signed_by_id", sa.Integer(), nullable=True),
        sa.Column("agriculture_signed_by", sa.String(length=80), nullable=False),
        sa.Column("agriculture_signed_on", sa.Date(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=True),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "finance_signed_by_id <> agriculture_signed_by_id",
            name=op.f("ck_assessment_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_assessment_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["stored_file.id"], name=op.f("fk_assessment_report_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["stored_file.id"], name=op.f("fk_assessment_sheet_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("county_id", "year", name=op.f("uq_assessment_county_id_year")),
    )
    op.create_table(
        "contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "works",
                "goods",
                "service",
                name="contractkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("contractor", sa.String(length=120), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "public",
                "invited",
                "consulted",
                "single",
                "direct",
                "self_built",
                name="tendermethod",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("settlement_amount", sa.BigInteger(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_by", sa.String(length=120), nullable=False),
        sa.Column("retention_amount", sa.BigInteger(), nullable=False),
        sa.Column("retention_due_on", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_contract_amount_above_zero")),
        sa.CheckConstraint(
            "retention_amount >= 0 AND retention_amount <= amount",
            name=op.f("ck_contract_retention_within_price"),
        ),
        sa.CheckConstraint(
            "settlement_amount >= 0", name=op.f("ck_contract_settlement_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_contract_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_contract_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_contract_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
    )
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_project_id"), ["project_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_contract_retention_due_on"), ["retention_due_on"], unique=False
        )

    op.create_table(
        "execution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("designed_on", sa.Date(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("tendered_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("claimed_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_execution_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_execution_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_execution")),
        sa.UniqueConstraint("project_id", name=op.f("uq_execution_project_id")),
    )
    op.create_table(
        "gate_keeper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("gate", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_gate_keeper_county_id_organization")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_gate_keeper_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_keeper")),
        sa.UniqueConstraint(
            "county_id", "gate", "user_id", name=op.f("uq_gate_keeper_county_id_gate_user_id")
        ),
    )
    op.create_table(
        "performance_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("township_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "declaration",
                "monitoring",
                "self_evaluation",
                "regional",
                name="formkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                name="formstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("achieved", sa.Text(), nullable=False),
        sa.Column("initial_amount", sa.BigInteger(), nullable=False),
        sa.Column("budget_amount", sa.BigInteger(), nullable=False),
        sa.Column("executed_amount", sa.BigInteger(), nullable=False),
        sa.Column("expected_amount", sa.BigInteger(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_performance_form_county_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["organization.id"],
            name=op.f("fk_performance_form_department_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_performance_form_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_performance_form_project_id_project")
        ),
        sa.ForeignKeyConstraint(
            ["township_id"],
            ["organization.id"],
            name=op.f("fk_performance_form_township_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_performance_form")),
        sa.UniqueConstraint(
            "county_id",
            "kind",
            "project_id",
            "year",
            "month",
            name=op.f("uq_performance_form_county_id_kind_project_id_year_month"),
        ),
    )
    with op.batch_alter_table("performance_form", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_performance_form_project_id"), ["project_id"], unique=False
        )
        batch_op.create_index(
            "ix_performance_form_status", ["county_id", "year", "kind", "status"], unique=False
        )

    op.create_table(
        "plan_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("explanation", sa.String(length=500), nullable=False),
        sa.Column("explained_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_plan_line_amount_above_zero")),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_plan_line_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["payment_plan.id"], name=op.f("fk_plan_line_plan_id_payment_plan")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_plan_line_project_id_project")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["organization.id"], name=op.f("fk_plan_line_unit_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_line")),
        sa.UniqueConstraint("plan_id", "project_id", name=op.f("uq_plan_line_plan_id_project_id")),
    )
    with op.batch_alter_table("plan_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_line_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_line_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_line_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "progress_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=False),
        sa.Column("reported_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "percent >= 0 AND percent <= 100", name=op.f("ck_progress_report_share_of_the_whole")
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_progress_report_county_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_progress_report_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_report")),
    )
    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_progress_report_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "project_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "suspend",
                "resume",
                "change",
                "terminate",
                name="changekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "submitted",
                "approved",
                "rejected",
                "withdrawn",
                name="changestatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("finish_on", sa.Date(), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("minutes_number", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "decided_by_id <> proposed_by_id", name=op.f("ck_project_change_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_project_change_county_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["organization.id"],
            name=op.f("fk_project_change_department_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_change_project_id_project")
        ),
        sa.ForeignKeyConstraint(
            ["township_id"],
            ["organization.id"],
            name=op.f("fk_project_change_township_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_change")),
    )
    with op.batch_alter_table("project_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_project_change_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "supervision_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answer_by_on", sa.Date(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issued_by", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"],
            ["bulletin.id"],
            name=op.f("fk_supervision_letter_bulletin_id_bulletin"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_supervision_letter_county_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["organization.id"],
            name=op.f("fk_supervision_letter_unit_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_letter")),
        sa.UniqueConstraint(
            "county_id", "number", name=op.f("uq_supervision_letter_county_id_number")
        ),
    )
    with op.batch_alter_table("supervision_letter", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supervision_letter_bulletin_id"), ["bulletin_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_supervision_letter_unit_id"), ["unit_id"], unique=False
        )

    op.create_table(
        "assessment_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.String(length=10), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_assessment_claim_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_assessment_claim_county_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_claim")),
        sa.UniqueConstraint(
            "assessment_id", "no", name=op.f("uq_assessment_claim_assessment_id_no")
        ),
    )
    with op.batch_alter_table("assessment_claim", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessment_claim_assessment_id"), ["assessment_id"], unique=False
        )

    op.create_table(
        "assessment_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_assessment_evidence_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_assessment_evidence_county_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_assessment_evidence_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_evidence")),
    )
    with op.batch_alter_table("assessment_evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessment_evidence_assessment_id"), ["assessment_id"], unique=False
        )

    op.create_table(
        "assessment_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_assessment_fact_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_assessment_fact_county_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_fact")),
        sa.UniqueConstraint(
            "assessment_id", "name", name=op.f("uq_assessment_fact_assessment_id_name")
        ),
    )
    with op.batch_alter_table("assessment_fact", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessment_fact_assessment_id"), ["assessment_id"], unique=False
        )

    op.create_table(
        "carry_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("closing_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("opening_amount", sa.BigInteger(), nullable=False),
        sa.Column("added_amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_amount", sa.BigInteger(), nullable=False),
        sa.Column("rest_amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "rest_amount = opening_amount + added_amount - paid_amount AND rest_amount >= 0",
            name=op.f("ck_carry_over_adds_up"),
        ),
        sa.ForeignKeyConstraint(
            ["closing_id"], ["year_closing.id"], name=op.f("fk_carry_over_closing_id_year_closing")
        ),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_carry_over_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["fund_document.id"],
            name=op.f("fk_carry_over_document_id_fund_document"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_carry_over_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carry_over")),
    )
    with op.batch_alter_table("carry_over", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carry_over_closing_id"), ["closing_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_carry_over_document_id"), ["document_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_carry_over_project_id"), ["project_id"], unique=False)

    op.create_table(
        "finding_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("finding", sa.String(length=64), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_finding_answer_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_finding_answer_county_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_answer")),
        sa.UniqueConstraint(
            "assessment_id", "finding", name=op.f("uq_finding_answer_assessment_id_finding")
        ),
    )
    with op.batch_alter_table("finding_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_finding_answer_assessment_id"), ["assessment_id"], unique=False
        )

    op.create_table(
        "form_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "submit",
                "withdraw",
                "pass",
                "return_to_applicant",
                "return_one_level",
                "reject",
                "admit",
                "remove",
                "approve",
                "return",
                "void",
                "pay",
                name="move",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_status",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                name="formstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor_name", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_form_step_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["form_id"], ["performance_form.id"], name=op.f("fk_form_step_form_id_performance_form")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_step")),
    )
    with op.batch_alter_table("form_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_step_form_id"), ["form_id"], unique=False)

    op.create_table(
        "indicator_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "quantity",
                "quality",
                "timeliness",
                "cost",
                "economic",
                "social",
                "ecological",
                "sustained",
                "satisfaction",
                name="targetlevel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "comparison",
            sa.Enum(
                "ge",
                "le",
                "eq",
                name="comparison",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("core", sa.Boolean(), nullable=False),
        sa.Column("achieved", sa.String(length=40), nullable=False),
        sa.Column("expected", sa.String(length=40), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "money",
                "rules",
                "staff",
                "equipment",
                "other",
                name="deviationcause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("explanation", sa.String(length=500), nullable=False),
        sa.Column("remedy", sa.String(length=500), nullable=False),
        sa.Column(
            "likelihood",
            sa.Enum(
                "certain",
                "possible",
                "impossible",
                name="likelihood",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "score >= 0 AND score <= weight", name=op.f("ck_indicator_line_score_within_weight")
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_indicator_line_county_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["form_id"],
            ["performance_form.id"],
            name=op.f("fk_indicator_line_form_id_performance_form"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_line")),
    )
    with op.batch_alter_table("indicator_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_line_form_id"), ["form_id"], unique=False)

    op.create_table(
        "management_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column(
            "aspect",
            sa.Enum(
                "distribution",
                "timeliness",
                "compliance",
                "use",
                "accuracy",
                "performance",
                "responsibility",
                name="managementaspect",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_management_note_county_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["form_id"],
            ["performance_form.id"],
            name=op.f("fk_management_note_form_id_performance_form"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_management_note")),
        sa.UniqueConstraint("form_id", "aspect", name=op.f("uq_management_note_form_id_aspect")),
    )
    with op.batch_alter_table("management_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_management_note_form_id"), ["form_id"], unique=False)

    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "advance",
                "progress",
                "settlement",
                "retention",
                "subsidy",
                name="paymentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "request",
                "treasury",
                "reversal",
                name="paymentorigin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "checking",
                "approved",
                "paid",
                "voided",
                name="paymentstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("gate", sa.String(length=40), nullable=False),
        sa.Column("payee", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("without_contract", sa.String(length=200), nullable=False),
        sa.Column("voucher_number", sa.String(length=80), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=True),
        sa.Column("acceptance_id", sa.Integer(), nullable=True),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("illustrative", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["acceptance_id"], ["stored_file.id"], name=op.f("fk_payment_acceptance_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_payment_contract_id_contract")
        ),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_payment_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["organization.id"],
            name=op.f("fk_payment_department_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["stored_file.id"], name=op.f("fk_payment_invoice_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_payment_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_payment_project_id_project")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["payment.id"], name=op.f("fk_payment_reverses_id_payment")
        ),
        sa.ForeignKeyConstraint(
            ["township_id"], ["organization.id"], name=op.f("fk_payment_township_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("county_id", "code", name=op.f("uq_payment_county_id_code")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_approved_on"), ["approved_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(
            "ix_payment_county_status", ["county_id", "status", "gate"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_payment_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_reverses_id"), ["reverses_id"], unique=False)

    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("allocated_amount", sa.BigInteger(), nullable=False),
        sa.Column("requested_amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_amount", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "requested_amount >= 0 AND paid_amount >= 0 AND requested_amount + paid_amount <= allocated_amount",
            name=op.f("ck_placement_paid_within_allocated"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_placement_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["fund_document.id"],
            name=op.f("fk_placement_document_id_fund_document"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_placement_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint(
            "document_id", "project_id", name=op.f("uq_placement_document_id_project_id")
        ),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_project_id"), ["project_id"], unique=False)

    op.create_table(
        "progress_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_progress_photo_county_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_progress_photo_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["progress_report.id"],
            name=op.f("fk_progress_photo_report_id_progress_report"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_photo")),
    )
    with op.batch_alter_table("progress_photo", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_progress_photo_report_id"), ["report_id"], unique=False
        )

    op.create_table(
        "report_section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_report_section_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_report_section_county_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_section")),
        sa.UniqueConstraint(
            "assessment_id", "key", name=op.f("uq_report_section_assessment_id_key")
        ),
    )
    with op.batch_alter_table("report_section", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_report_section_assessment_id"), ["assessment_id"], unique=False
        )

    op.create_table(
        "payment_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("gate", sa.String(length=40), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "submit",
                "withdraw",
                "pass",
                "return_to_applicant",
                "return_one_level",
                "reject",
                "admit",
                "remove",
                "approve",
                "return",
                "void",
                "pay",
                name="move",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_status",
            sa.Enum(
                "draft",
                "checking",
                "approved",
                "paid",
                "voided",
                name="paymentstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor_name", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_payment_check_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_payment_check_payment_id_payment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_check")),
    )
    with op.batch_alter_table("payment_check", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payment_check_payment_id"), ["payment_id"], unique=False
        )

    op.create_table(
        "payment_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_payment_part_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_payment_part_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_payment_part_payment_id_payment")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_payment_part_placement_id_placement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_part")),
        sa.UniqueConstraint(
            "payment_id", "placement_id", name=op.f("uq_payment_part_payment_id_placement_id")
        ),
    )
    with op.batch_alter_table("payment_part", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payment_part_payment_id"), ["payment_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_payment_part_placement_id"), ["placement_id"], unique=False
        )

    op.create_table(
        "posting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("fund_year", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("posted_by_id", sa.Integer(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_posting_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_posting_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["fund_document.id"], name=op.f("fk_posting_document_id_fund_document")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_posting_payment_id_payment")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_posting_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index(
            "ix_posting_document", ["document_id", "paid_on", "amount"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_posting_payment_id"), ["payment_id"], unique=False)
        batch_op.create_index(
            "ix_posting_project", ["project_id", "paid_on", "document_id", "amount"], unique=False
        )
        batch_op.create_index(
            "ix_posting_year", ["county_id", "fund_year", "paid_on", "amount"], unique=False
        )

    op.create_table(
        "treasury_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("voucher_number", sa.String(length=80), nullable=False),
        sa.Column("payee", sa.String(length=120), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("document_number", sa.String(length=80), nullable=False),
        sa.Column("project_name", sa.String(length=120), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("passed_over", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_treasury_line_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_treasury_line_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["treasury_list.id"], name=op.f("fk_treasury_line_list_id_treasury_list")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_treasury_line_payment_id_payment")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_treasury_line_placement_id_placement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treasury_line")),
        sa.UniqueConstraint("list_id", "number", name=op.f("uq_treasury_line_list_id_number")),
    )
    with op.batch_alter_table("treasury_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_treasury_line_list_id"), ["list_id"], unique=False)

    _alter_first_tables()
    _fill_placements()
    database_guards.guard(op.get_bind(), database_guards.LEDGER.items())


def _alter_first_tables() -> None:
    """Columns that other tables point at are added in place: SQLite would remake the table otherwise."""
    op.add_column(
        "allocation_batch",
        sa.Column("reason", sa.String(length=500), nullable=False, server_default=""),
    )
    op.add_column("project", sa.Column("priority", sa.Integer(), nullable=True))
    with op.batch_alter_table("public_notice") as batch_op:
        batch_op.add_column(
            sa.Column("stage", sa.String(length=32), nullable=False, server_default="application")
        )
        batch_op.create_check_constraint(
            op.f("ck_public_notice_stage"), "stage IN ('application', 'completion')"
        )
    with op.batch_alter_table("allocation") as batch_op:
        batch_op.add_column(sa.Column("changes_id", sa.Integer(), nullable=True))
        batch_op.create_index(op.f("ix_allocation_changes_id"), ["changes_id"], unique=False)
        batch_op.create_foreign_key(
            op.f("fk_allocation_changes_id_allocation"), "allocation", ["changes_id"], ["id"]
        )
        batch_op.drop_constraint(op.f("ck_allocation_amount_above_zero"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_allocation_taken_back_from_a_line"),
            "amount > 0 OR (amount < 0 AND changes_id IS NOT NULL)",
        )


def _fill_placements() -> None:
    """What was approved before this revision is placed on its projects."""
    op.execute(
        """INSERT INTO placement
             (county_id, document_id, project_id, allocated_amount, requested_amount, paid_amount, version)
           SELECT a.county_id, a.document_id, a.project_id, SUM(a.amount), 0, 0, 1
           FROM allocation a JOIN allocation_batch b ON b.id = a.batch_id
           WHERE b.status = 'approved' AND NOT a.void
           GROUP BY a.county_id, a.document_id, a.project_id"""
    )


def _restore_first_tables() -> None:
    with op.batch_alter_table("allocation") as batch_op:
        batch_op.drop_constraint(op.f("ck_allocation_taken_back_from_a_line"), type_="check")
        batch_op.drop_constraint(op.f("fk_allocation_changes_id_allocation"), type_="foreignkey")
        batch_op.drop_index(op.f("ix_allocation_changes_id"))
        batch_op.drop_column("changes_id")
        batch_op.create_check_constraint(op.f("ck_allocation_amount_above_zero"), "amount > 0")
    with op.batch_alter_table("public_notice") as batch_op:
        batch_op.drop_constraint(op.f("ck_public_notice_stage"), type_="check")
        batch_op.drop_column("stage")
    op.drop_column("project", "priority")
    op.drop_column("allocation_batch", "reason")


def downgrade() -> None:
    database_guards.unguard(op.get_bind(), database_guards.LEDGER)
    _restore_first_tables()
    with op.batch_alter_table("treasury_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_treasury_line_list_id"))

    op.drop_table("treasury_line")
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.drop_index("ix_posting_year")
        batch_op.drop_index("ix_posting_project")
        batch_op.drop_index(batch_op.f("ix_posting_payment_id"))
        batch_op.drop_index("ix_posting_document")

    op.drop_table("posting")
    with op.batch_alter_table("payment_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_part_placement_id"))
        batch_op.drop_index(batch_op.f("ix_payment_part_payment_id"))

    op.drop_table("payment_part")
    with op.batch_alter_table("payment_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_check_payment_id"))

    op.drop_table("payment_check")
    with op.batch_alter_table("report_section", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_section_assessment_id"))

    op.drop_table("report_section")
    with op.batch_alter_table("progress_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_progress_photo_report_id"))

    op.drop_table("progress_photo")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_project_id"))

    op.drop_table("placement")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_reverses_id"))
        batch_op.drop_index(batch_op.f("ix_payment_project_id"))
        batch_op.drop_index("ix_payment_county_status")
        batch_op.drop_index(batch_op.f("ix_payment_contract_id"))
        batch_op.drop_index(batch_op.f("ix_payment_approved_on"))

    op.drop_table("payment")
    with op.batch_alter_table("management_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_management_note_form_id"))

    op.drop_table("management_note")
    with op.batch_alter_table("indicator_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_line_form_id"))

    op.drop_table("indicator_line")
    with op.batch_alter_table("form_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_step_form_id"))

    op.drop_table("form_step")
    with op.batch_alter_table("finding_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_answer_assessment_id"))

    op.drop_table("finding_answer")
    with op.batch_alter_table("carry_over", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_carry_over_project_id"))
        batch_op.drop_index(batch_op.f("ix_carry_over_document_id"))
        batch_op.drop_index(batch_op.f("ix_carry_over_closing_id"))

    op.drop_table("carry_over")
    with op.batch_alter_table("assessment_fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_fact_assessment_id"))

    op.drop_table("assessment_fact")
    with op.batch_alter_table("assessment_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_evidence_assessment_id"))

    op.drop_table("assessment_evidence")
    with op.batch_alter_table("assessment_claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_claim_assessment_id"))

    op.drop_table("assessment_claim")
    with op.batch_alter_table("supervision_letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supervision_letter_unit_id"))
        batch_op.drop_index(batch_op.f("ix_supervision_letter_bulletin_id"))

    op.drop_table("supervision_letter")
    with op.batch_alter_table("project_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_change_project_id"))

    op.drop_table("project_change")
    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_progress_report_project_id"))

    op.drop_table("progress_report")
    with op.batch_alter_table("plan_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_line_unit_id"))
        batch_op.drop_index(batch_op.f("ix_plan_line_project_id"))
        batch_op.drop_index(batch_op.f("ix_plan_line_plan_id"))

    op.drop_table("plan_line")
    with op.batch_alter_table("performance_form", schema=None) as batch_op:
        batch_op.drop_index("ix_performance_form_status")
        batch_op.drop_index(batch_op.f("ix_performance_form_project_id"))

    op.drop_table("performance_form")
    op.drop_table("gate_keeper")
    op.drop_table("execution")
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_retention_due_on"))
        batch_op.drop_index(batch_op.f("ix_contract_project_id"))

    op.drop_table("contract")
    op.drop_table("assessment")
    with op.batch_alter_table("acceptance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acceptance_project_id"))

    op.drop_table("acceptance")
    with op.batch_alter_table("year_closing", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_year_closing_closed",
            sqlite_where=sa.text("status = 'closed'"),
            postgresql_where=sa.text("status = 'closed'"),
        )

    op.drop_table("year_closing")
    op.drop_table("treasury_list")
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.drop_index("ix_snapshot_county_year")

    op.drop_table("snapshot")
    op.drop_table("payment_plan")
    op.drop_table("opening_payment")
    op.drop_table("bulletin")
