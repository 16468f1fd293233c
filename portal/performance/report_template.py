"""The shipped template of the self-evaluation report, and a county's own in its place.

The structure is that of published reports (阿城 2023). It is written here, part by part, so that the layout
of official papers stands in one place; the county changes it in Word.
"""

from functools import cache
from pathlib import Path

from portal.documents.official import OfficialDocument
from portal.rules.broken import RuleBroken

FILE_NAME = "report-template.docx"
"""How a county names its own template, in the folder of its rule tables (``PORTAL_RULEBOOK``)."""


def template_bytes(folder: Path | None) -> bytes:
    """The county's own template from its rule folder, else the shipped one.

    Raises:
        RuleBroken: the county's file cannot be read.
    """
    own = folder / FILE_NAME if folder else None
    if own is None or not own.exists():
        return shipped_template()
    try:
        return own.read_bytes()
    except OSError as error:
        raise RuleBroken(f"报告模板 {FILE_NAME} 无法读取，请管理员检查规则文件夹") from error


@cache
def shipped_template() -> bytes:
    """The template with every placeholder that a report needs, in the layout of GB/T 9704."""
    paper = OfficialDocument("财政衔接推进乡村振兴补助资金绩效自评报告")
    paper.title("{{县}}{{年度}}年度{{资金名称}}绩效自评报告")
    _basics(paper)
    _work(paper)
    paper.heading("三、评价结论及分析")
    paper.paragraph(
        "按照评分依据（{{评分依据}}），{{县}}{{年度}}年度总体得分{{总得分}}分，适用分值{{适用分值}}分，"
        "折合后得分为{{折合得分}}分，绩效评级为“{{等级}}”。其中：{{分组得分}}。"
    )
    paper.paragraph("{{得分明细表}}")
    paper.heading("四、得分情况").paragraph("{{逐项说明}}")
    paper.heading("五、主要经验及做法").paragraph("{{主要经验及做法}}")
    paper.heading("六、存在的问题").paragraph("{{存在的问题}}")
    paper.heading("七、下一步工作打算").paragraph("{{下一步工作打算}}")
    paper.closing("{{财政部门}}　　{{农业农村部门}}", "{{签署日期}}")
    return paper.bytes()


def _basics(paper: OfficialDocument) -> None:
    paper.heading("一、项目基本情况").heading("（一）项目主要内容", 2)
    paper.paragraph(
        "{{县}}{{年度}}年共收到{{资金名称}}{{资金总额}}万元，其中：{{资金构成}}。\n"
        "{{年度}}年{{资金名称}}安排{{安排总额}}万元，共计安排至{{项目数}}个项目，其中：{{项目构成}}。"
    )
    paper.heading("（二）项目预算资金投入情况", 2).paragraph("{{资金分配表}}")
    paper.heading("（三）预算资金使用情况", 2)
    paper.paragraph(
        "{{县}}{{年度}}年共收到{{资金名称}}{{资金总额}}万元，截至{{截止日期}}，累计支出{{已付}}万元，"
        "剩余{{剩余}}万元，预算执行率为{{执行率}}。"
    )
    paper.heading("（四）绩效目标", 2).paragraph("{{绩效目标}}")


def _work(paper: OfficialDocument) -> None:
    paper.heading("二、绩效评价工作情况")
    paper.heading("（一）绩效评价对象、范围", 2).paragraph("{{评价对象和范围}}")
    paper.heading("（二）绩效评价原则", 2).paragraph("{{评价原则}}")
    paper.heading("（三）绩效评价工作过程", 2).paragraph("{{评价工作过程}}")
