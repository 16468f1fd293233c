"""The treasury's list of payments (国库支付清单): its columns under the names that systems give them."""

from portal.spreadsheets.columns import Column, Table
from portal.spreadsheets.kinds import DAY, YUAN, text

TABLE = Table(
    "国库支付清单",
    (
        Column("paid_on", "支付日期", DAY, required=True, aliases=("清算日期", "记账日期", "日期")),
        Column(
            "voucher_number",
            "凭证号",
            text(80),
            required=True,
            width=18,
            aliases=("支付凭证号", "凭证编号", "支付单号"),
        ),
        Column(
            "payee",
            "收款人",
            text(120),
            required=True,
            width=28,
            aliases=("收款人名称", "收款人全称", "收款单位"),
        ),
        Column(
            "amount", "金额", YUAN, required=True, aliases=("支付金额", "金额(元)", "支付金额(元)")
        ),
        Column("summary", "摘要", text(200), width=28, aliases=("用途", "资金用途")),
        Column("document_number", "指标文号", text(80), width=22, aliases=("文号", "指标来源文号")),
        Column("project_name", "项目名称", text(120), width=28, aliases=("项目",)),
    ),
    note="单位：元",
)
