"""The columns of each data file: name, Chinese title, type, unit and meaning. A contract with readers.

Types are those of Frictionless Table Schema. Amounts are yuan with two decimals.
"""

from typing import NamedTuple


class Field(NamedTuple):
    """One column. type: string, integer, number, date or boolean. unit: 元, 天 or nothing."""

    name: str
    title: str
    meaning: str
    type: str = "string"
    unit: str = ""


def _yuan(name: str, title: str, meaning: str) -> Field:
    return Field(name, f"{title}（元）", meaning, "number", "元")


def _day(name: str, title: str, meaning: str) -> Field:
    return Field(name, title, meaning, "date")


def _year(name: str) -> Field:
    return Field(name, "资金年度", "资金年度", "integer")


FIELDS = {
    "projects": (
        Field("code", "项目编号", "项目编号，也是网址 projects/编号.html 的一部分"),
        Field("name", "项目名称", "项目名称"),
        Field("category", "类别", "类别：产业类项目、基础设施类项目、其他类项目"),
        Field("township", "乡镇", "乡镇；不分乡镇的为空"),
        Field("village", "村", "村；没有列明到村的为空"),
        _year("year"),
        _yuan("budget_yuan", "计划投入", "计划投入，元"),
        _yuan("allocated_yuan", "已安排", "已安排资金，元"),
        _yuan("paid_yuan", "已支付", "已支付，元"),
        Field("status", "状态", "现在到哪一步"),
    ),
    "funds": (
        Field("number", "文号", "文号；没有文号的为空"),
        Field("title", "文件标题", "文件标题"),
        Field("tier", "级次", "级次：中央、省级、市级、区级、县级"),
        Field("task", "资金任务", "资金任务；文件没有写明的为空"),
        _year("year"),
        _yuan("amount_yuan", "金额", "金额，元"),
        _day("received_on", "收到日期", "收到文件的日期"),
        _day("allocated_on", "落实日期", "批准落实到项目的日期"),
        Field("days", "用时（天）", "从收到到落实的自然日天数", "integer", "天"),
    ),
    "allocations": (
        Field("fund_number", "文号", "资金文件文号；没有文号的为空"),
        Field("fund_title", "文件标题", "资金文件标题"),
        Field("project_code", "项目编号", "项目编号"),
        Field("project_name", "项目名称", "项目名称"),
        _yuan("amount_yuan", "安排金额", "安排金额，元；负数表示调减"),
        _day("approved_on", "批准日期", "批准日期"),
        Field("approval_number", "批准文号", "批准文件的文号"),
        Field("illustrative", "示意", "true表示来源没有写明拆分，这个金额是示意的", "boolean"),
    ),
    "payments": (
        Field("project_code", "项目编号", "项目编号"),
        Field("project_name", "项目名称", "项目名称"),
        Field(
            "fund_code",
            "资金文件编号",
            "资金文件编号，也是网址 funds/编号.html 的一部分；文件还没有公开的为空",
        ),
        Field("fund_number", "文号", "资金文件文号；没有文号的为空"),
        _day("paid_on", "支付日期", "支付日期"),
        Field("kind", "类型", "类型：预付款、进度款、结算款、质保金、补助补贴"),
        _yuan("amount_yuan", "支付金额", "支付金额，元；负数表示退回"),
    ),
    "notices": (
        Field("code", "编号", "编号，也是网址 notices/编号.html 的一部分"),
        Field("kind", "公开方式", "公告或公示"),
        Field("category", "类别", "类别：资金分配结果、项目库、年度项目计划、公告"),
        Field("title", "标题", "标题；已撤回的为空"),
        _day("published_on", "发布日期", "发布日期"),
        _day("period_from", "公示第一天", "公示第一天；公告为空"),
        _day("period_to", "公示最后一天", "公示最后一天；公告为空"),
        Field("unit", "发布单位", "发布单位"),
        Field("status", "状态", "已发布、已更正、已撤回"),
        _day("withdrawn_on", "撤回日期", "撤回日期；没有撤回的为空"),
    ),
}

TITLES = {
    "projects": "项目",
    "funds": "资金文件",
    "allocations": "资金安排",
    "payments": "支付明细",
    "notices": "公告公示",
}
"""How each kind of row is called."""
