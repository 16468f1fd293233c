"""Bulletins and letters as Word files in the official layout."""

from portal.documents.official import Align, OfficialDocument
from portal.rules.money import wan_exact
from portal.supervision import bulletins, wording
from portal.supervision.bulletins import Figures
from portal.supervision.models import Bulletin, SupervisionLetter

_NAME, _FIGURE, _WORD = Align.LEFT, Align.RIGHT, Align.CENTER


def bulletin_docx(bulletin: Bulletin) -> bytes:
    """A bulletin: the county, the ranking, the month's plan, the slow projects, what is asked."""
    figures = bulletins.read(bulletin)
    paper = OfficialDocument(bulletin.title).number(bulletin.number).title(bulletin.title)
    paper.addressee("各乡镇（街道），各有关部门").paragraph(wording.summary(figures))
    paper.heading("一、各单位支出进度").paragraph(wording.ranking(figures))
    _ranking(paper, figures)
    paper.heading("二、当月用款计划完成情况").paragraph(wording.plan(figures))
    if figures.plans:
        _plans(paper, figures)
    paper.heading("三、支出慢的项目").paragraph(wording.slow(figures))
    if figures.slow:
        _slow(paper, figures)
    if bulletin.words:
        paper.heading("四、有关要求").paragraph(bulletin.words)
    return paper.signature(figures.office, bulletin.issued_on).bytes()


def letter_docx(letter: SupervisionLetter, bulletin: Bulletin) -> bytes:
    """A letter to one unit; the day of a draft is left open."""
    figures = bulletins.read(bulletin)
    title = wording.letter_title(figures)
    paper = OfficialDocument(title).number(letter.number).title(title)
    paper.addressee(letter.unit.name).paragraph(letter.body)
    paper.paragraph(wording.closing(letter.answer_by_on))
    return paper.signature(figures.office, letter.issued_on).bytes()


def _ranking(paper: OfficialDocument, figures: Figures) -> None:
    paper.table(
        ("名次", "单位", "安排资金", "已支出", "支出进度（%）", "与序时进度相比（百分点）"),
        [
            (
                str(unit.rank),
                unit.name,
                wan_exact(unit.allocated),
                wan_exact(unit.paid),
                unit.rate,
                wording.compared(unit),
            )
            for unit in figures.units
        ],
        widths=(8, 23, 19, 18, 14, 18),
        align=(_WORD, _NAME, _FIGURE, _FIGURE, _FIGURE, _WORD),
        caption="各单位支出进度排名（单位：万元）",
    )


def _plans(paper: OfficialDocument, figures: Figures) -> None:
    assert figures.plan is not None
    paper.table(
        ("单位", "当月计划额", "实际额", "完成（%）"),
        [
            (one.name, wan_exact(one.planned), wan_exact(one.paid), one.share)
            for one in (*figures.plans, figures.plan)
        ],
        widths=(40, 22, 22, 16),
        align=(_NAME, _FIGURE, _FIGURE, _FIGURE),
        caption=f"{figures.month}用款计划完成情况（单位：万元）",
    )


def _slow(paper: OfficialDocument, figures: Figures) -> None:
    paper.table(
        ("序号", "项目", "责任单位", "安排资金", "已支出", "支出进度（%）"),
        [
            (
                str(number),
                project.name,
                project.unit,
                wan_exact(project.allocated),
                wan_exact(project.paid),
                project.rate,
            )
            for number, project in enumerate(figures.slow, start=1)
        ],
        widths=(8, 29, 17, 17, 15, 14),
        align=(_WORD, _NAME, _NAME, _FIGURE, _FIGURE, _FIGURE),
        caption="支出慢的项目（单位：万元）",
    )
