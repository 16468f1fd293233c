"""What a poster says: a project's notice with the fields of its stage (F8), or a notice of the county.

Units are named, people and their telephones are not; the whole text is searched for private numbers before
it is shown, because what hangs on a board cannot be taken back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.accounts.models import Organization
from portal.boards.codes import picture_of
from portal.boards.works import works_rows
from portal.db import db
from portal.disclosure.models import NOTICES, PROJECTS, DisclosedRecord, DisclosureItem
from portal.disclosure.queries import site_address, snapshots_of
from portal.library.models import Project, PublicNotice
from portal.rules.broken import RuleBroken
from portal.rules.money import wan, wan_exact
from portal.rules.privacy import listed_in_text, private_data
from portal.rules.vocabulary import DisclosureStatus, NoticeLevel, NoticeStage
from portal.wording import plain_day

HOTLINE = "12317"
TITLES = {
    NoticeStage.APPLICATION: "项目申报公示",
    NoticeStage.PLAN: "年度项目计划公示",
    NoticeStage.START: "项目实施前公示",
    NoticeStage.COMPLETION: "项目竣工公示",
}
SUBJECTS = {
    NoticeStage.APPLICATION: "申报",
    NoticeStage.PLAN: "列入年度计划",
    NoticeStage.START: "实施安排",
    NoticeStage.COMPLETION: "竣工和结算",
}
_SOURCES = (
    ("中央衔接资金", "central_amount"),
    ("省级衔接资金", "provincial_amount"),
    ("省级财政资金", "provincial_other_amount"),
    ("市级资金", "municipal_amount"),
    ("县级资金", "county_amount"),
    ("其他资金", "other_amount"),
)
NO_ADDRESS = "还没有登记公开网站的地址，海报上没有二维码。请批准人在“公开网站”里填写网站地址。"
NOT_PUBLIC = "这个项目还没有公开网页，海报上没有二维码。公开以后再打印就有。"


@dataclass(frozen=True)
class Contact:
    """Who takes objections: the office, its duty telephones (name, number) and its address."""

    office: str
    phones: tuple[tuple[str, str], ...]
    address: str


@dataclass(frozen=True)
class Line:
    """One project of a county's notice; the amount in 万元, as it is written."""

    name: str
    place: str
    amount: str


@dataclass(frozen=True)
class Poster:
    """A sheet for the board. ``rows`` are field and text, ``lines`` the projects of a county's notice.

    ``link`` is the public page behind the QR code; where it is empty, ``no_code`` says why to whoever prints.
    """

    title: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    from_on: date | None
    to_on: date | None
    contact: Contact
    signed_by: str
    signed_on: date | None
    note: str
    link: str
    no_code: str

    @property
    def code(self) -> str:
        """The address of the picture of the link's QR code; empty where there is none."""
        return picture_of(self.link) if self.link else ""

    def texts(self) -> Iterator[tuple[str, str]]:
        """Everything on the sheet: the name of its place, and the text."""
        yield "标题", self.title
        yield from (("正文", paragraph) for paragraph in self.paragraphs)
        yield from self.rows
        yield from (("项目表", f"{one.name} {one.place}") for one in self.lines)
        yield "受理单位和地址", f"{self.contact.office} {self.contact.address}"


def poster_of_notice(notice: PublicNotice, today: date) -> Poster:
    """The poster of a project's notice; money and works as they stand ``today``.

    Raises:
        RuleBroken: there is a private number on it; the message names the place.
    """
    project = notice.project
    done = notice.stage is NoticeStage.COMPLETION
    link, no_code = _project_link(project)
    return _checked(
        Poster(
            title=TITLES[notice.stage],
            paragraphs=(_lead(notice),),
            rows=(
                ("项目名称", project.name),
                *(works_rows(project, today) if done else _planned(project)),
            ),
            lines=(),
            from_on=notice.from_on,
            to_on=notice.to_on,
            contact=_contact(project),
            signed_by=_poster_of(notice).name,
            signed_on=notice.from_on,
            note=project.illustrative,
            link=link,
            no_code=no_code,
        )
    )


def poster_of_item(item: DisclosureItem) -> Poster:
    """The poster of a county's notice, as it was approved.

    Raises:
        RuleBroken: the public does not see it (any more), or there is a private number on it.
    """
    if not item.standing:
        raise RuleBroken(f"“已公开”的内容才能打印海报，现在是“{item.status.label}”。")
    snapshots = snapshots_of(item)
    notice = next(one.content for one in snapshots if one.folder == NOTICES)
    base = site_address(item.county_id)
    return _checked(
        Poster(
            title=notice["title"],
            paragraphs=tuple(notice["body"]),
            rows=(),
            lines=tuple(
                Line(
                    one.content["name"],
                    one.content["village"] or one.content["township"] or one.content["site"],
                    wan(one.content["budget"]),
                )
                for one in snapshots
                if one.folder == PROJECTS
            ),
            from_on=item.from_on,
            to_on=item.to_on,
            contact=Contact(
                notice["unit"],
                tuple((name, number) for name, number in notice["phones"]),
                notice["address"],
            ),
            signed_by=notice["unit"],
            signed_on=item.published_on,
            note="",
            link=f"{base}/notices/{item.code}.html" if base else "",
            no_code=NO_ADDRESS,
        )
    )


def _checked(poster: Poster) -> Poster:
    phones = [number for _name, number in poster.contact.phones]
    for place, text in poster.texts():
        people = listed_in_text(text)
        if found := (*private_data(text, phones), *([people] if people else ())):
            where = place.replace("\n", "")
            raise RuleBroken(f"“{where}”里有{found[0].masked}，不能张贴。请先改掉，再打印。")
    return poster


def _lead(notice: PublicNotice) -> str:
    days = (notice.to_on - notice.from_on).days
    return (
        f"按照财政衔接推进乡村振兴补助资金项目公告公示的要求，现将{notice.project.name}"
        f"{SUBJECTS[notice.stage]}情况予以公示，公示期 {days} 天。"
        "对公示内容有异议的，请在公示期内向下列单位反映。"
    )


def _planned(project: Project) -> tuple[tuple[str, str], ...]:
    """The fields before the works begin (F8)."""
    benefit = "\n".join(filter(None, (project.beneficiaries, project.benefit_linkage)))
    return (
        ("资金来源", _sources(project)),
        ("建设内容", project.tasks),
        ("实施期限", _period(project)),
        ("绩效目标", project.goal),
        ("实施单位及\n责任单位", _units(project)),
        ("受益对象和\n联农带农机制", benefit),
    )


def _sources(project: Project) -> str:
    parts = [
        f"{title} {wan_exact(amount)} 万元"
        for title, column in _SOURCES
        if (amount := getattr(project, column))
    ]
    return f"计划投入 {wan_exact(project.budget)} 万元" + (
        f"，其中{'、'.join(parts)}" if parts else ""
    )


def _period(project: Project) -> str:
    if not (project.start_on and project.finish_on):
        return ""
    return f"{plain_day(project.start_on)}至{plain_day(project.finish_on)}"


def _units(project: Project) -> str:
    implementing = project.implementing_unit or project.organization.name
    return f"实施单位：{implementing}\n责任单位：{project.responsible_unit or implementing}"


def _poster_of(notice: PublicNotice) -> Organization:
    """Whose board it is."""
    project = notice.project
    if notice.level is NoticeLevel.TOWNSHIP and project.township:
        return project.township
    return project.villages[0] if len(project.villages) == 1 else project.organization


def _contact(project: Project) -> Contact:
    """The township answers objections, and its department too; both with their office telephones."""
    offices = [one for one in (project.township, project.department) if one]
    phones = tuple((one.name, one.phone) for one in offices if one.phone)
    first = offices[0] if offices else project.organization
    return Contact(first.name, phones, first.address)


def _project_link(project: Project) -> tuple[str, str]:
    """The project's public page, or why there is none to point at."""
    base = site_address(project.county_id)
    if not base:
        return "", NO_ADDRESS
    statement = (
        sa.select(DisclosedRecord.id)
        .join(DisclosureItem, DisclosureItem.id == DisclosedRecord.item_id)
        .where(
            DisclosedRecord.county_id == project.county_id,
            DisclosedRecord.folder == PROJECTS,
            DisclosedRecord.code == project.code,
            DisclosureItem.status == DisclosureStatus.PUBLISHED,
        )
    )
    if db.session.scalar(statement.limit(1)) is None:
        return "", NOT_PUBLIC
    return f"{base}/projects/{project.code}.html", ""
