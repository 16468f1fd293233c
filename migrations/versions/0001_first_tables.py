"""first tables

Revision: 0001, after None.
"""

import sqlalchemy as sa
from alembic import op

from portal import database_guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor_name", sa.String(length=80), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("ip", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("row_id", sa.String(length=64), nullable=False),
        sa.Column("diff", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_county_id"), ["county_id"], unique=False)
        batch_op.create_index("ix_audit_entry_row", ["table_name", "row_id"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "job_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("job", "day", name=op.f("uq_job_run_job_day")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "organization",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "prefecture",
                "county",
                "department",
                "township",
                "village",
                name="organizationkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("county_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_organization_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organization.id"], name=op.f("fk_organization_parent_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
        sa.UniqueConstraint("code", name=op.f("uq_organization_code")),
    )
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organization_county_id"), ["county_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organization_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_organization_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organization_path"), ["path"], unique=False)

    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "retry",
                "failed",
                name="mailstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_mail_dedupe_key")),
    )
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_mail_county_id"), ["county_id"], unique=False)
        batch_op.create_index("ix_outbox_mail_state_due_at", ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_mail_user_id"), ["user_id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("covered", sa.Boolean(), nullable=False),
        sa.Column("for_day", sa.Date(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "rule", "subject", "step", "user_id", name=op.f("uq_reminder_rule_subject_step_user_id")
        ),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_county_id"), ["county_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reminder_user_id"), ["user_id"], unique=False)

    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "submission",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_submission")),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lock_seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_table(
        "disclosure_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column(
            "code",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "fund_allocation",
                "library",
                "annual_plan",
                "announcement",
                name="disclosurekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum(
                "announcement",
                "public_notice",
                name="disclosureform",
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
                "submitted",
                "published",
                "superseded",
                "withdrawn",
                name="disclosurestatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("phones", sa.String(length=400), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("edited_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("correction", sa.String(length=300), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_reason", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted') OR (decided_by_id IS NOT NULL AND published_on IS NOT NULL)",
            name=op.f("ck_disclosure_item_published_by_somebody"),
        ),
        sa.CheckConstraint(
            "decided_by_id <> drafted_by_id", name=op.f("ck_disclosure_item_two_people")
        ),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_disclosure_item_days_in_order")),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_disclosure_item_county_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"],
            ["disclosure_item.id"],
            name=op.f("fk_disclosure_item_supersedes_id_disclosure_item"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_item")),
        sa.UniqueConstraint(
            "county_id", "code", "edition", name=op.f("uq_disclosure_item_county_id_code_edition")
        ),
    )
    with op.batch_alter_table("disclosure_item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_disclosure_item_county_status", ["county_id", "status"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_disclosure_item_published_on"), ["published_on"], unique=False
        )

    op.create_table(
        "opening_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("industry_amount", sa.BigInteger(), nullable=False),
        sa.Column("total_amount", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "industry_amount >= 0 AND industry_amount <= total_amount AND total_amount > 0",
            name=op.f("ck_opening_figure_part_of_total"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_opening_figure_county_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_figure")),
        sa.UniqueConstraint("county_id", "year", name=op.f("uq_opening_figure_county_id_year")),
    )
    op.create_table(
        "organization_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_organization_name_organization_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_name")),
    )
    with op.batch_alter_table("organization_name", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organization_name_organization_id"), ["organization_id"], unique=False
        )

    op.create_table(
        "plan_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("minutes_number", sa.String(length=80), nullable=False),
        sa.Column("admitted_on", sa.Date(), nullable=True),
        sa.Column("filename", sa.String(length=160), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_on", sa.Date(), nullable=False),
        sa.Column("imported_on", sa.Date(), nullable=True),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_plan_import_county_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_import")),
    )
    with op.batch_alter_table("plan_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_import_county_id"), ["county_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_import_sha256"), ["sha256"], unique=False)

    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "town_review",
                "dept_review",
                "county_review",
                "admitted",
                "returned",
                "rejected",
                "removed",
                name="projectstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("project_type", sa.String(length=64), nullable=False),
        sa.Column(
            "report_class",
            sa.Enum(
                "industry",
                "infrastructure",
                "other",
                name="reportclass",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "nature",
            sa.Enum(
                "new",
                "continued",
                "extended",
                "repair",
                name="constructionnature",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("finish_on", sa.Date(), nullable=True),
        sa.Column("responsible_unit", sa.String(length=120), nullable=False),
        sa.Column("responsible_person", sa.String(length=40), nullable=False),
        sa.Column("responsible_phone", sa.String(length=40), nullable=False),
        sa.Column("implementing_unit", sa.String(length=120), nullable=False),
        sa.Column("tasks", sa.Text(), nullable=False),
        sa.Column("beneficiaries", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("benefit_linkage", sa.Text(), nullable=False),
        sa.Column("central_amount", sa.BigInteger(), nullable=False),
        sa.Column("provincial_amount", sa.BigInteger(), nullable=False),
        sa.Column("provincial_other_amount", sa.BigInteger(), nullable=False),
        sa.Column("municipal_amount", sa.BigInteger(), nullable=False),
        sa.Column("county_amount", sa.BigInteger(), nullable=False),
        sa.Column("other_amount", sa.BigInteger(), nullable=False),
        sa.Column("benefiting_villages", sa.Integer(), nullable=True),
        sa.Column("benefiting_households", sa.Integer(), nullable=True),
        sa.Column("benefiting_people", sa.Integer(), nullable=True),
        sa.Column("lifted_households", sa.Integer(), nullable=True),
        sa.Column("lifted_people", sa.Integer(), nullable=True),
        sa.Column("monitored_households", sa.Integer(), nullable=True),
        sa.Column("monitored_people", sa.Integer(), nullable=True),
        sa.Column("for_households", sa.Boolean(), nullable=False),
        sa.Column("in_lifted_village", sa.Boolean(), nullable=False),
        sa.Column("preparation", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("illustrative", sa.String(length=200), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("admitted_by_id", sa.Integer(), nullable=True),
        sa.Column("admitted_on", sa.Date(), nullable=True),
        sa.Column("minutes_number", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("admitted_by_id <> submitted_by_id", name=op.f("ck_project_two_people")),
        sa.CheckConstraint(
            "central_amount >= 0 AND provincial_amount >= 0 AND provincial_other_amount >= 0 AND municipal_amount >= 0 AND county_amount >= 0 AND other_amount >= 0",
            name=op.f("ck_project_amounts_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_project_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["organization.id"],
            name=op.f("fk_project_department_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_project_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["township_id"], ["organization.id"], name=op.f("fk_project_township_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("county_id", "code", name=op.f("uq_project_county_id_code")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(
            "ix_project_county_year_status", ["county_id", "year", "status"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_project_department_id"), ["department_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_project_organization_id"), ["organization_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_project_township_id"), ["township_id"], unique=False)

    op.create_table(
        "site_build",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "built",
                "blocked",
                name="buildstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("audit_seq", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_site_build_county_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_build")),
    )
    with op.batch_alter_table("site_build", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_build_county_id"), ["county_id"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_stored_file_county_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_county_id"), ["county_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_sha256"), ["sha256"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_stored_file_uploaded_by_id"), ["uploaded_by_id"], unique=False
        )

    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("first_password_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_user_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_user_organization_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("username", name=op.f("uq_user_username")),
    )
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_county_id"), ["county_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_user_organization_id"), ["organization_id"], unique=False
        )

    op.create_table(
        "allocation_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                "voided",
                name="batchstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("approval_number", sa.String(length=120), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_by", sa.String(length=80), nullable=False),
        sa.Column("minutes_number", sa.String(length=120), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("illustrative", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "decided_by_id <> drafted_by_id", name=op.f("ck_allocation_batch_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_allocation_batch_county_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["minutes_id"],
            ["stored_file.id"],
            name=op.f("fk_allocation_batch_minutes_id_stored_file"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_batch")),
    )
    with op.batch_alter_table("allocation_batch", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_allocation_batch_approved_on"), ["approved_on"], unique=False
        )

    op.create_table(
        "approval_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
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
                name="move",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_status",
            sa.Enum(
                "draft",
                "town_review",
                "dept_review",
                "county_review",
                "admitted",
                "returned",
                "rejected",
                "removed",
                name="projectstatus",
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
                "town_review",
                "dept_review",
                "county_review",
                "admitted",
                "returned",
                "rejected",
                "removed",
                name="projectstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor_name", sa.String(length=40), nullable=False),
        sa.Column("organization_name", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_approval_step_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_approval_step_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_step")),
    )
    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_approval_step_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "minutes",
                "notice_photo",
                "land",
                "design",
                "environment",
                "other",
                name="attachmentcategory",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_attachment_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_attachment_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_attachment_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_project_id"), ["project_id"], unique=False)

    op.create_table(
        "disclosed_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(length=8), nullable=False),
        sa.Column(
            "code",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_disclosed_record_county_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["disclosure_item.id"],
            name=op.f("fk_disclosed_record_item_id_disclosure_item"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosed_record")),
        sa.UniqueConstraint(
            "item_id", "folder", "code", name=op.f("uq_disclosed_record_item_id_folder_code")
        ),
    )
    with op.batch_alter_table("disclosed_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_disclosed_record_address", ["county_id", "folder", "code"], unique=False
        )
        batch_op.create_index("ix_disclosed_record_subject", ["folder", "subject_id"], unique=False)

    op.create_table(
        "disclosure_project",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["disclosure_item.id"],
            name=op.f("fk_disclosure_project_item_id_disclosure_item"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_disclosure_project_project_id_project")
        ),
        sa.PrimaryKeyConstraint("item_id", "project_id", name=op.f("pk_disclosure_project")),
    )
    with op.batch_alter_table("disclosure_project", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_disclosure_project_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "disclosure_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
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
                "published",
                "superseded",
                "withdrawn",
                name="disclosurestatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor_name", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_disclosure_step_county_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["disclosure_item.id"],
            name=op.f("fk_disclosure_step_item_id_disclosure_item"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_step")),
    )
    with op.batch_alter_table("disclosure_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disclosure_step_item_id"), ["item_id"], unique=False)

    op.create_table(
        "fund_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("parent_number", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("fund_name", sa.String(length=120), nullable=False),
        sa.Column(
            "tier",
            sa.Enum(
                "central",
                "provincial",
                "municipal",
                "county",
                name="fundingtier",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "task",
            sa.Enum(
                "consolidation",
                "ethnic",
                "work_relief",
                "state_farm",
                "state_forest",
                name="fundtask",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("arranged_amount", sa.BigInteger(), nullable=False),
        sa.Column("earmark", sa.String(length=200), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("advance_issue", sa.Boolean(), nullable=False),
        sa.Column("reissued", sa.Boolean(), nullable=False),
        sa.Column("revenue_code", sa.String(length=20), nullable=False),
        sa.Column("functional_code", sa.String(length=20), nullable=False),
        sa.Column("government_code", sa.String(length=20), nullable=False),
        sa.Column("department_code", sa.String(length=20), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("scan_id", sa.Integer(), nullable=True),
        sa.Column("registered_by_id", sa.Integer(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_fund_document_amount_above_zero")),
        sa.CheckConstraint(
            "arranged_amount >= 0 AND arranged_amount <= amount",
            name=op.f("ck_fund_document_never_above_amount"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_fund_document_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["scan_id"], ["stored_file.id"], name=op.f("fk_fund_document_scan_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_document")),
        sa.UniqueConstraint("county_id", "code", name=op.f("uq_fund_document_county_id_code")),
        sa.UniqueConstraint("county_id", "number", name=op.f("uq_fund_document_county_id_number")),
    )
    with op.batch_alter_table("fund_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_fund_document_received_on"), ["received_on"], unique=False
        )
        batch_op.create_index(
            "ix_fund_document_unreported", ["reported_on", "received_on"], unique=False
        )

    op.create_table(
        "inbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_inbox_message_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_inbox_message_dedupe_key")),
    )
    with op.batch_alter_table("inbox_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_message_user_id"), ["user_id"], unique=False)

    op.create_table(
        "password_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_password_history_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_history")),
    )
    with op.batch_alter_table("password_history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_password_history_user_id"), ["user_id"], unique=False)

    op.create_table(
        "project_draft",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_draft_project_id_project")
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_draft")),
    )
    op.create_table(
        "project_village",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_village_project_id_project")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"],
            ["organization.id"],
            name=op.f("fk_project_village_village_id_organization"),
        ),
        sa.PrimaryKeyConstraint("project_id", "village_id", name=op.f("pk_project_village")),
    )
    with op.batch_alter_table("project_village", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_project_village_village_id"), ["village_id"], unique=False
        )

    op.create_table(
        "public_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "village",
                "township",
                name="noticelevel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("photo_id", sa.Integer(), nullable=True),
        sa.Column("objections", sa.Integer(), nullable=False),
        sa.Column("objection_notes", sa.Text(), nullable=False),
        sa.Column("objections_settled", sa.Boolean(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_public_notice_days_in_order")),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_public_notice_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["stored_file.id"], name=op.f("fk_public_notice_photo_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_public_notice_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_notice")),
    )
    with op.batch_alter_table("public_notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_public_notice_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "role_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "village_clerk",
                "town_reviewer",
                "town_leader",
                "dept_reviewer",
                "lead_office",
                "approver",
                "finance_agri",
                "finance_payment",
                "finance_perf",
                "auditor",
                "sysadmin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_role_assignment_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_role_assignment_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignment")),
        sa.UniqueConstraint(
            "user_id",
            "role",
            "organization_id",
            name=op.f("uq_role_assignment_user_id_role_organization_id"),
        ),
    )
    with op.batch_alter_table("role_assignment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_role_assignment_organization_id"), ["organization_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_role_assignment_user_id"), ["user_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ip", sa.String(length=64), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_sign_in_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_user_id"), ["user_id"], unique=False)

    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_target_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_target_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
    )
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_target_project_id"), ["project_id"], unique=False)

    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_allocation_amount_above_zero")),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["allocation_batch.id"],
            name=op.f("fk_allocation_batch_id_allocation_batch"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_allocation_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["fund_document.id"],
            name=op.f("fk_allocation_document_id_fund_document"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_allocation_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
    )
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allocation_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_allocation_document_id"), ["document_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_allocation_project_id"), ["project_id"], unique=False)

    op.create_table(
        "batch_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
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
                "voided",
                name="batchstatus",
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
            ["batch_id"],
            ["allocation_batch.id"],
            name=op.f("fk_batch_step_batch_id_allocation_batch"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_batch_step_county_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_step")),
    )
    with op.batch_alter_table("batch_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_step_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "disclosure_document",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["fund_document.id"],
            name=op.f("fk_disclosure_document_document_id_fund_document"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["disclosure_item.id"],
            name=op.f("fk_disclosure_document_item_id_disclosure_item"),
        ),
        sa.PrimaryKeyConstraint("item_id", "document_id", name=op.f("pk_disclosure_document")),
    )
    with op.batch_alter_table("disclosure_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_disclosure_document_document_id"), ["document_id"], unique=False
        )

    database_guards.create(op.get_bind())


def downgrade() -> None:
    database_guards.drop(op.get_bind())
    with op.batch_alter_table("disclosure_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosure_document_document_id"))

    op.drop_table("disclosure_document")
    with op.batch_alter_table("batch_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_step_batch_id"))

    op.drop_table("batch_step")
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocation_project_id"))
        batch_op.drop_index(batch_op.f("ix_allocation_document_id"))
        batch_op.drop_index(batch_op.f("ix_allocation_batch_id"))

    op.drop_table("allocation")
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_target_project_id"))

    op.drop_table("target")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_user_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("role_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_assignment_user_id"))
        batch_op.drop_index(batch_op.f("ix_role_assignment_organization_id"))

    op.drop_table("role_assignment")
    with op.batch_alter_table("public_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_public_notice_project_id"))

    op.drop_table("public_notice")
    with op.batch_alter_table("project_village", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_village_village_id"))

    op.drop_table("project_village")
    op.drop_table("project_draft")
    with op.batch_alter_table("password_history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_password_history_user_id"))

    op.drop_table("password_history")
    with op.batch_alter_table("inbox_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_message_user_id"))

    op.drop_table("inbox_message")
    with op.batch_alter_table("fund_document", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_document_unreported")
        batch_op.drop_index(batch_op.f("ix_fund_document_received_on"))

    op.drop_table("fund_document")
    with op.batch_alter_table("disclosure_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosure_step_item_id"))

    op.drop_table("disclosure_step")
    with op.batch_alter_table("disclosure_project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosure_project_project_id"))

    op.drop_table("disclosure_project")
    with op.batch_alter_table("disclosed_record", schema=None) as batch_op:
        batch_op.drop_index("ix_disclosed_record_subject")
        batch_op.drop_index("ix_disclosed_record_address")

    op.drop_table("disclosed_record")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_project_id"))

    op.drop_table("attachment")
    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_step_project_id"))

    op.drop_table("approval_step")
    with op.batch_alter_table("allocation_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocation_batch_approved_on"))

    op.drop_table("allocation_batch")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_organization_id"))
        batch_op.drop_index(batch_op.f("ix_user_county_id"))

    op.drop_table("user")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_uploaded_by_id"))
        batch_op.drop_index(batch_op.f("ix_stored_file_sha256"))
        batch_op.drop_index(batch_op.f("ix_stored_file_county_id"))

    op.drop_table("stored_file")
    with op.batch_alter_table("site_build", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_build_county_id"))

    op.drop_table("site_build")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_township_id"))
        batch_op.drop_index(batch_op.f("ix_project_organization_id"))
        batch_op.drop_index(batch_op.f("ix_project_department_id"))
        batch_op.drop_index("ix_project_county_year_status")

    op.drop_table("project")
    with op.batch_alter_table("plan_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_import_sha256"))
        batch_op.drop_index(batch_op.f("ix_plan_import_county_id"))

    op.drop_table("plan_import")
    with op.batch_alter_table("organization_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organization_name_organization_id"))

    op.drop_table("organization_name")
    op.drop_table("opening_figure")
    with op.batch_alter_table("disclosure_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosure_item_published_on"))
        batch_op.drop_index("ix_disclosure_item_county_status")

    op.drop_table("disclosure_item")
    op.drop_table("throttle")
    op.drop_table("submission")
    op.drop_table("setting")
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminder_user_id"))
        batch_op.drop_index(batch_op.f("ix_reminder_county_id"))

    op.drop_table("reminder")
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_mail_user_id"))
        batch_op.drop_index("ix_outbox_mail_state_due_at")
        batch_op.drop_index(batch_op.f("ix_outbox_mail_county_id"))

    op.drop_table("outbox_mail")
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organization_path"))
        batch_op.drop_index(batch_op.f("ix_organization_parent_id"))
        batch_op.drop_index(batch_op.f("ix_organization_name"))
        batch_op.drop_index(batch_op.f("ix_organization_county_id"))

    op.drop_table("organization")
    op.drop_table("lease")
    op.drop_table("job_run")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_row")
        batch_op.drop_index(batch_op.f("ix_audit_entry_county_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_action"))

    op.drop_table("audit_entry")
