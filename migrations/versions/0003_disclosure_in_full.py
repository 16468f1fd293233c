"""disclosure in full

Revision: 0003, after 0002.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

EARLIER = {
    "disclosure_item": ("fund_allocation", "library", "annual_plan", "announcement"),
    "public_notice": ("application", "completion"),
}
WORDS = (
    (
        "disclosure_item",
        "ck_disclosure_item_kind",
        "kind",
        (
            *EARLIER["disclosure_item"],
            "fund_receipt",
            "adjustment",
            "completion",
            "targets",
            "performance",
            "policy",
            "rectification",
            "complaints",
        ),
    ),
    (
        "public_notice",
        "ck_public_notice_stage",
        "stage",
        (*EARLIER["public_notice"], "plan", "start"),
    ),
)
"""Table, name of the CHECK, column, and the words that the column may hold from now on."""
TITLES = {"disclosure_item": "公告公示", "public_notice": "公示栏的公示"}

COUNTERS = {
    "objections": (sa.Integer(), sa.text("0")),
    "objection_notes": (sa.Text(), sa.text("''")),
    "objections_settled": (sa.Boolean(), sa.true()),
}
"""Columns of a public notice that rows of their own replace, with type and first value."""

EARLIER_COUNT = re.compile(r"原登记 (\d+) 条：(.*)", re.DOTALL)
SETTLED = "处理结果："
notice = sa.table(
    "public_notice",
    *(sa.column(name) for name in ("id", "county_id", "from_on", "to_on", "recorded_by_id")),
    *(sa.column(name, kind) for name, (kind, _start) in COUNTERS.items()),
)
objection = sa.table(
    "objection",
    *(sa.column(name) for name in ("id", "county_id", "notice_id", "received_on", "content")),
    *(sa.column(name) for name in ("answer", "recorded_by_id", "closed_on", "version")),
)


def upgrade() -> None:
    op.create_table(
        "privacy_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("masked", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "asked",
                "granted",
                "refused",
                "withdrawn",
                name="overridestatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "decided_by_id <> asked_by_id", name=op.f("ck_privacy_override_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_privacy_override_county_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_override")),
    )
    with op.batch_alter_table("privacy_override", schema=None) as batch_op:
        batch_op.create_index(
            "ix_privacy_override_county_digest", ["county_id", "digest"], unique=False
        )

    op.create_table(
        "privacy_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("build_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("masked", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["build_id"], ["site_build.id"], name=op.f("fk_privacy_finding_build_id_site_build")
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_privacy_finding_county_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_finding")),
    )
    with op.batch_alter_table("privacy_finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_privacy_finding_build_id"), ["build_id"], unique=False)

    op.create_table(
        "site_bundle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base_number", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "submitted",
                "approved",
                "rejected",
                "delivered",
                "void",
                name="bundlestatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("differences", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("delivered_by_id", sa.Integer(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("decided_by_id <> made_by_id", name=op.f("ck_site_bundle_two_people")),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_site_bundle_county_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_bundle")),
        sa.UniqueConstraint("county_id", "number", name=op.f("uq_site_bundle_county_id_number")),
    )
    op.create_table(
        "bundle_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("bundle_id", sa.Integer(), nullable=False),
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
                "sign_as_finance",
                "sign_as_agriculture",
                "take_back",
                "assign",
                "answer",
                "close",
                "deliver",
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
                "submitted",
                "approved",
                "rejected",
                "delivered",
                "void",
                name="bundlestatus",
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
            ["bundle_id"],
            ["site_bundle.id"],
            name=op.f("fk_bundle_step_bundle_id_site_bundle"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_bundle_step_county_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_step")),
    )
    with op.batch_alter_table("bundle_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bundle_step_bundle_id"), ["bundle_id"], unique=False)

    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "hotline",
                "phone",
                "letter",
                "visit",
                "board",
                "web",
                name="complaintchannel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "received",
                "assigned",
                "answered",
                "closed",
                name="complaintstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("registered_by_id", sa.Integer(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("township_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("assigned_by_id", sa.Integer(), nullable=True),
        sa.Column("assigned_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "true",
                "partly",
                "untrue",
                name="complaintresult",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("closed_by_id <> answered_by_id", name=op.f("ck_complaint_two_people")),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_complaint_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["organization.id"],
            name=op.f("fk_complaint_department_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["disclosure_item.id"], name=op.f("fk_complaint_item_id_disclosure_item")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_complaint_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_complaint_project_id_project")
        ),
        sa.ForeignKeyConstraint(
            ["township_id"], ["organization.id"], name=op.f("fk_complaint_township_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("county_id", "code", name=op.f("uq_complaint_county_id_code")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index("ix_complaint_county_status", ["county_id", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_item_id"), ["item_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_complaint_organization_id"), ["organization_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_complaint_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_township_id"), ["township_id"], unique=False)

    op.create_table(
        "disclosure_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_disclosure_attachment_county_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_file.id"],
            name=op.f("fk_disclosure_attachment_file_id_stored_file"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["disclosure_item.id"],
            name=op.f("fk_disclosure_attachment_item_id_disclosure_item"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_attachment")),
    )
    with op.batch_alter_table("disclosure_attachment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_disclosure_attachment_item_id"), ["item_id"], unique=False
        )

    op.create_table(
        "complaint_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
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
                "sign_as_finance",
                "sign_as_agriculture",
                "take_back",
                "assign",
                "answer",
                "close",
                "deliver",
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
                "received",
                "assigned",
                "answered",
                "closed",
                name="complaintstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor_name", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaint.id"],
            name=op.f("fk_complaint_step_complaint_id_complaint"),
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_complaint_step_county_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_step")),
    )
    with op.batch_alter_table("complaint_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_complaint_step_complaint_id"), ["complaint_id"], unique=False
        )

    op.create_table(
        "disclosure_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "county",
                "township",
                "village",
                name="disclosurelevel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("arisen_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("lapsed_on", sa.Date(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "public_site",
                "website",
                "board",
                "meeting",
                "other",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("photo_id", sa.Integer(), nullable=True),
        sa.Column("met_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "met_on IS NULL OR channel IS NOT NULL", name=op.f("ck_disclosure_duty_met_somewhere")
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["organization.id"],
            name=op.f("fk_disclosure_duty_county_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["organization.id"],
            name=op.f("fk_disclosure_duty_department_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["disclosure_item.id"],
            name=op.f("fk_disclosure_duty_item_id_disclosure_item"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["public_notice.id"],
            name=op.f("fk_disclosure_duty_notice_id_public_notice"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_disclosure_duty_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["stored_file.id"], name=op.f("fk_disclosure_duty_photo_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["township_id"],
            ["organization.id"],
            name=op.f("fk_disclosure_duty_township_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_duty")),
        sa.UniqueConstraint(
            "rule",
            "subject_kind",
            "subject_id",
            "organization_id",
            name=op.f("uq_disclosure_duty_rule_subject_kind_subject_id_organization_id"),
        ),
    )
    with op.batch_alter_table("disclosure_duty", schema=None) as batch_op:
        batch_op.create_index("ix_disclosure_duty_county_year", ["county_id", "year"], unique=False)
        batch_op.create_index(batch_op.f("ix_disclosure_duty_item_id"), ["item_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_disclosure_duty_notice_id"), ["notice_id"], unique=False
        )
        batch_op.create_index("ix_disclosure_duty_open", ["met_on", "due_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_disclosure_duty_organization_id"), ["organization_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_disclosure_duty_township_id"), ["township_id"], unique=False
        )

    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("closed_by_id <> answered_by_id", name=op.f("ck_objection_two_people")),
        sa.ForeignKeyConstraint(
            ["county_id"], ["organization.id"], name=op.f("fk_objection_county_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["public_notice.id"], name=op.f("fk_objection_notice_id_public_notice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objection_notice_id"), ["notice_id"], unique=False)

    with op.batch_alter_table("public_notice") as batch_op:
        batch_op.add_column(sa.Column("photo_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("last_photo_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("last_photo_on", sa.Date(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_public_notice_last_photo_id_stored_file"),
            "stored_file",
            ["last_photo_id"],
            ["id"],
        )
    _give_objections_rows()
    with op.batch_alter_table("public_notice") as batch_op:
        for name in COUNTERS:
            batch_op.drop_column(name)
    for table, name, column, words in WORDS:
        _allow(table, name, column, words)


def downgrade() -> None:
    _refuse_what_has_no_place()
    for table, name, column, _words in WORDS:
        _allow(table, name, column, EARLIER[table])
    with op.batch_alter_table("public_notice") as batch_op:
        for name, (kind, start) in COUNTERS.items():
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=start))
    _count_objections()
    with op.batch_alter_table("public_notice") as batch_op:
        for name in COUNTERS:
            batch_op.alter_column(name, server_default=None)
        batch_op.drop_constraint(
            batch_op.f("fk_public_notice_last_photo_id_stored_file"), type_="foreignkey"
        )
        batch_op.drop_column("last_photo_on")
        batch_op.drop_column("last_photo_id")
        batch_op.drop_column("photo_on")

    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objection_notice_id"))

    op.drop_table("objection")
    with op.batch_alter_table("disclosure_duty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosure_duty_township_id"))
        batch_op.drop_index(batch_op.f("ix_disclosure_duty_organization_id"))
        batch_op.drop_index("ix_disclosure_duty_open")
        batch_op.drop_index(batch_op.f("ix_disclosure_duty_notice_id"))
        batch_op.drop_index(batch_op.f("ix_disclosure_duty_item_id"))
        batch_op.drop_index("ix_disclosure_duty_county_year")

    op.drop_table("disclosure_duty")
    with op.batch_alter_table("complaint_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_step_complaint_id"))

    op.drop_table("complaint_step")
    with op.batch_alter_table("disclosure_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosure_attachment_item_id"))

    op.drop_table("disclosure_attachment")
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_township_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_project_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_organization_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_item_id"))
        batch_op.drop_index("ix_complaint_county_status")

    op.drop_table("complaint")
    with op.batch_alter_table("bundle_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bundle_step_bundle_id"))

    op.drop_table("bundle_step")
    op.drop_table("site_bundle")
    with op.batch_alter_table("privacy_override", schema=None) as batch_op:
        batch_op.drop_index("ix_privacy_override_county_digest")

    op.drop_table("privacy_override")
    with op.batch_alter_table("privacy_finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_privacy_finding_build_id"))

    op.drop_table("privacy_finding")


def _refuse_what_has_no_place() -> None:
    """Notices and items of the kinds that came with this revision are told to the public: none is dropped."""
    connection = op.get_bind()
    for table, words in EARLIER.items():
        column = sa.column(next(place for name, _check, place, _words in WORDS if name == table))
        later = sa.select(sa.func.count()).select_from(sa.table(table)).where(column.not_in(words))
        if count := connection.scalar(later):
            raise RuntimeError(
                f"不能退回 {down_revision}，什么都没有改：有 {count} 条{TITLES[table]}的类别是 {revision} 才有的，"
                "旧的表放不下。请恢复升级以前的备份。"
            )


def _give_objections_rows() -> None:
    """One row for each notice with objections: how many, what they said, and what was answered."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(notice).where(notice.c.objections > 0)).mappings():
        said, _mark, answer = row["objection_notes"].partition(SETTLED)
        connection.execute(
            sa.insert(objection).values(
                county_id=row["county_id"],
                notice_id=row["id"],
                received_on=row["from_on"],
                content=f"原登记 {row['objections']} 条：{said.strip()}",
                answer=answer,
                recorded_by_id=row["recorded_by_id"],
                closed_on=row["to_on"] if row["objections_settled"] else None,
                version=1,
            )
        )


def _count_objections() -> None:
    """The rows of a notice as a number, its notes and whether all of them are closed."""
    connection = op.get_bind()
    found: dict[int, list[sa.RowMapping]] = {}
    for row in connection.execute(sa.select(objection).order_by(objection.c.id)).mappings():
        found.setdefault(row["notice_id"], []).append(row)
    for notice_id, rows in found.items():
        counted = [_counted(row) for row in rows]
        connection.execute(
            sa.update(notice)
            .where(notice.c.id == notice_id)
            .values(
                objections=sum(count for count, _notes in counted),
                objection_notes="\n".join(notes for _count, notes in counted),
                objections_settled=all(row["closed_on"] for row in rows),
            )
        )


def _counted(row: sa.RowMapping) -> tuple[int, str]:
    earlier = EARLIER_COUNT.fullmatch(row["content"])
    count, said = (int(earlier[1]), earlier[2]) if earlier else (1, row["content"])
    answer = f"{SETTLED}{row['answer']}" if row["answer"] else ""
    return count, "\n".join(filter(None, (said, answer)))


def _allow(table: str, name: str, column: str, words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(op.f(name), type_="check")
        batch_op.create_check_constraint(op.f(name), f"{column} IN ({listed})")
