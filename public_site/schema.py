"""The complete list of what may become public.

A field that is not named here cannot reach the public site. Amounts are integer fen (1 yuan =
100 fen), dates are calendar days in the county's time zone, texts are plain Chinese text that was
approved for disclosure. `""` is a text that is not known, `None` an amount or day that is not
known. Nothing here names a user of the portal; natural persons are masked before they get here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from public_site.names import checked_blob, checked_code, checked_fen

PHONE = re.compile(r"[0-9][0-9 +-]{2,24}").fullmatch
ADDRESS = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*").fullmatch

CATEGORIES = {"产业类项目": "industry", "基础设施类项目": "infrastructure", "其他类项目": "other"}
"""The county's reporting classes (评分表口径), each with the word used in addresses."""

TIERS = ("中央", "省级", "市级", "区级", "县级")
"""Whose money it is, in the order of the tables."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A duty telephone: `name` says whose (农业农村局), `number` has digits, spaces, + and -."""

    name: str
    number: str

    def __post_init__(self) -> None:
        if not PHONE(self.number):
            raise ValueError(f"电话号码只能有数字、空格、加号和连字符：{self.number!r}")


@dataclass(frozen=True, slots=True)
class Site:
    """What every page shares. Footer facts that are `""` are not shown; none is ever invented.

    title: name of the column (阿城区衔接资金公开). county: name of the county (阿城区).
    fund_name: the fund's official name in these years. host_unit: 主办单位. organizer: 承办单位.
    phones: where to complain, 12317 first. address: of the unit that takes complaints.
    web_address: where the public finds the site (https://gongkai.example.gov.cn/xianjie), without a
    slash at the end; "" = not known: then no page names its own address and there is no feed.
    site_code: 网站标识码. icp: ICP备案号. police: 公安备案号.
    notice: one sentence above every page (示范数据，不是真实公开), `""` for a real site.
    """

    title: str
    county: str
    fund_name: str
    host_unit: str
    phones: tuple[Phone, ...]
    organizer: str = ""
    address: str = ""
    site_code: str = ""
    icp: str = ""
    police: str = ""
    web_address: str = ""
    notice: str = ""

    def __post_init__(self) -> None:
        if self.web_address and not ADDRESS(self.web_address):
            raise ValueError(
                f"网站地址要写成 https://域名/路径，最后不带斜杠：{self.web_address!r}"
            )


@dataclass(frozen=True, slots=True)
class Place:
    """A township or a village. kind: `township` or `village`. parent: a village's township."""

    code: str
    name: str
    kind: str
    parent: str | None = None

    def __post_init__(self) -> None:
        checked_code(self.code)
        if self.kind not in ("township", "village") or (self.parent is None) != (
            self.kind == "township"
        ):
            raise ValueError(f"村要写所属乡镇，乡镇没有上级：{self.code!r}")


@dataclass(frozen=True, slots=True)
class Target:
    """One performance target. group: 数量指标. name: 新建粮库. value: ≥1座, with its unit."""

    group: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class SourceAmount:
    """A part of a project's budget. source: 中央衔接资金. amount: fen."""

    source: str
    amount: int

    def __post_init__(self) -> None:
        checked_fen(self.amount)


@dataclass(frozen=True, slots=True)
class Event:
    """A step in a project's life. on: first day, None = not yet reached. until: last day."""

    title: str
    on: date | None = None
    text: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of the works. name: `photos/<hash>.jpg` on the site, bytes by `SiteData.blob`.

    taken_on: the day it shows. percent: share of the works that was done then. text: what was
    reported with it, `""` = nothing. width, height: pixels.
    """

    name: str
    taken_on: date
    percent: int
    text: str
    width: int
    height: int

    def __post_init__(self) -> None:
        checked_blob(self.name)


@dataclass(frozen=True, slots=True)
class File:
    """A file that a notice brings along. name: `files/<hash>.<ending>` on the site. size: bytes."""

    name: str
    title: str
    size: int

    def __post_init__(self) -> None:
        checked_blob(self.name)


@dataclass(frozen=True, slots=True)
class Achieved:
    """One indicator. target: ≥1座, as declared. value: 1座, as reached; `""` = not reported."""

    group: str
    name: str
    target: str
    value: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The approved self-evaluation (绩效自评) of a project.

    score: of 100, with two decimals (97.50). grade: 优/良/中/差, `""` = not graded.
    """

    year: int
    score: str
    grade: str
    results: tuple[Achieved, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """A published project.

    code: lasting address. category: a key of CATEGORIES. project_type: 产业发展/加工流通.
    township_code: None for a county-wide project. village_codes: every village it serves.
    township, village: as they were approved (新兴村、石发村). site: 实施地点.
    construction_nature: 新建/续建/改扩建/维修. tasks: 建设任务. starts_on, finishes_on: 时间进度.
    responsible_unit: 责任单位. beneficiaries: 受益对象. benefit_linkage: 联农带农机制.
    goal: 绩效目标. budget_by_source: adds up to budget. budget: 计划投入, fen.
    allocated: 已安排, paid: 已支付, fen, on the data's day. status: display word (已入库, 实施中).
    finished: whether the works are done. progress: share of the works that is done, percent, None
    = not reported. events: of the works, in time order, the unreached last; payments are rows of
    their own.
    publisher, published_on: who published it and when. note: what is illustrative in it.
    contracted: 合同价, settled: 结算价 of all its contracts, fen, None = none yet.
    implementing_unit: 实施单位. photos: of the works, in time order. evaluation: of its results,
    None = not published.
    """

    code: str
    name: str
    year: int
    category: str
    project_type: str
    township_code: str | None
    township: str
    village_codes: tuple[str, ...]
    village: str
    site: str
    construction_nature: str
    tasks: str
    starts_on: date | None
    finishes_on: date | None
    responsible_unit: str
    beneficiaries: str
    benefit_linkage: str
    goal: str
    targets: tuple[Target, ...]
    budget_by_source: tuple[SourceAmount, ...]
    budget: int
    allocated: int
    paid: int
    status: str
    finished: bool
    progress: int | None
    events: tuple[Event, ...]
    publisher: str
    published_on: date | None
    note: str = ""
    contracted: int | None = None
    settled: int | None = None
    implementing_unit: str = ""
    photos: tuple[Photo, ...] = ()
    evaluation: Evaluation | None = None

    def __post_init__(self) -> None:
        checked_code(self.code)
        for amount in (self.budget, self.allocated, self.paid):
            checked_fen(amount)
        if self.category not in CATEGORIES:
            raise ValueError(f"项目类别不在公开口径里：{self.category!r}（{self.code}）")


@dataclass(frozen=True, slots=True)
class FundDocument:
    """A published fund document (资金指标文件).

    code: lasting address. number: 文号, None = without. tier: one of TIERS. task: 资金任务.
    amount: fen. received_on: 收文日. allocated_on: day of the approval that placed it on projects.
    days: natural days between the two. limit_days: the county's limit for them.
    allocated: fen placed on projects so far. paid: fen of it that were paid. note: what is
    illustrative in it.
    """

    code: str
    number: str | None
    title: str
    tier: str
    task: str | None
    year: int
    amount: int
    received_on: date | None
    allocated_on: date | None
    days: int | None
    limit_days: int
    allocated: int
    paid: int
    note: str = ""

    def __post_init__(self) -> None:
        checked_code(self.code)
        for amount in (self.amount, self.allocated, self.paid):
            checked_fen(amount)
        if self.tier not in TIERS:
            raise ValueError(f"资金级次不在公开口径里：{self.tier!r}（{self.code}）")


@dataclass(frozen=True, slots=True)
class Allocation:
    """Money of one document placed on one project by one approval.

    amount: fen, negative where an adjustment takes money back. approval_number: of the approving
    paper. illustrative: the split is not in the source.
    """

    fund_code: str
    project_code: str
    amount: int
    approved_on: date | None = None
    approval_number: str | None = None
    illustrative: bool = False

    def __post_init__(self) -> None:
        checked_fen(self.amount)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money of one document that left the treasury for one project.

    amount: fen, negative where it came back. fund_code: None while the document is not public.
    kind: 预付款, 进度款, 结算款, 质保金, 补助补贴.
    """

    project_code: str
    fund_code: str | None
    paid_on: date
    kind: str
    amount: int

    def __post_init__(self) -> None:
        checked_fen(self.amount)


@dataclass(frozen=True, slots=True)
class Correction:
    """A published correction of a notice: when, and what was wrong."""

    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A published notice with the corrected text; `corrections` tells what was changed.

    kind: 公告 (standing) or 公示 (time-limited, objections possible).
    category: 资金来源和规模, 资金分配结果, 项目库, 年度项目计划, 资金项目调整, 计划完成情况,
    绩效目标, 绩效评价结果, 政策制度, 问题整改, 监督举报办理, 公告. body: paragraphs.
    period_from, period_to: first and last day of a 公示.
    unit, phones, address: who takes objections. files: what it brings along.
    """

    code: str
    kind: str
    category: str
    title: str
    body: tuple[str, ...]
    published_on: date
    period_from: date | None
    period_to: date | None
    unit: str
    phones: tuple[Phone, ...]
    address: str
    project_codes: tuple[str, ...] = ()
    fund_codes: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    files: tuple[File, ...] = ()

    def __post_init__(self) -> None:
        checked_code(self.code)
        if self.kind not in ("公告", "公示"):
            raise ValueError(f"公开方式只有公告和公示：{self.kind!r}（{self.code}）")
        if self.kind == "公示" and (self.period_from is None or self.period_to is None):
            raise ValueError(f"公示要写起止日期：{self.code}")


@dataclass(frozen=True, slots=True)
class Mention:
    """A published notice that names a project: what the project's page shows of it.

    category: as of the notice.
    """

    project_code: str
    notice_code: str
    kind: str
    title: str
    published_on: date
    category: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was published and taken back: its address stays and says when and why, nothing else.

    folder: `projects`, `funds` or `notices`.
    """

    folder: str
    code: str
    on: date
    reason: str

    def __post_init__(self) -> None:
        checked_code(self.code)
        if self.folder not in ("projects", "funds", "notices"):
            raise ValueError(f"没有这一类公开内容：{self.folder!r}")


def _terse(kind: type[Any]) -> Callable[[Any], str]:
    """The row's values in order: each page's digest needs it, and dataclasses take three times as long."""
    values = attrgetter(*(field.name for field in fields(kind)))
    return lambda row: f"{kind.__name__}{values(row)!r}"


for _kind in [kind for kind in globals().values() if isinstance(kind, type) and is_dataclass(kind)]:
    _kind.__repr__ = _terse(_kind)  # type: ignore[method-assign]
