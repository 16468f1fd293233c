"""A small plan table with every kind of column, used by the tests of import and export."""

from datetime import date

from portal.spreadsheets.columns import Column, Table
from portal.spreadsheets.kinds import DAY, INTEGER, WAN, choice, text

CATEGORIES = {"产业发展": "industry", "乡村建设行动": "construction"}
PLAN = Table(
    "2023年项目计划安排表",
    (
        Column("serial", "序号", INTEGER, width=6),
        Column("township", "乡镇", required=True),
        Column("name", "项目名称", text(60), required=True, width=30, hint="与立项批复一致"),
        Column("category", "项目子类型", choice(CATEGORIES), aliases=("项目类型",)),
        Column("planned", "计划投入资金", WAN, required=True),
        Column("central", "中央衔接资金", WAN, group="资金来源"),
        Column("province", "省级衔接资金", WAN, group="资金来源"),
        Column("starts_on", "开工日期", DAY),
        Column("remark", "备注"),
    ),
    note="单位：万元",
)
RECORDS: list[dict[str, object]] = [
    {
        "serial": 1,
        "township": "红星镇",
        "name": "冷库（一期）",
        "category": "industry",
        "planned": 563_504_288,
        "central": 1,
        "province": None,
        "starts_on": date(2023, 3, 24),
        "remark": "第一行\n第二行",
    },
    {
        "serial": 2,
        "township": "料甸镇",
        "name": "=1+1",
        "category": "construction",
        "planned": 10**13,
        "central": None,
        "province": 0,
        "starts_on": None,
        "remark": "+8613800000000",
    },
]
TITLES = [column.title for column in PLAN.columns]
ROW = [1, "红星镇", "冷库", "产业发展", 12.5, 10, 2.5, "2023-03-24", ""]
VISITS = Table("走访", (Column("township", "乡镇", required=True), Column("day", "日期", DAY)))
