"""A made-up county of any size, computed row by row, so that it needs no memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from public_site.schema import (
    CATEGORIES,
    Allocation,
    Event,
    FundDocument,
    Mention,
    Notice,
    Payment,
    Phone,
    Place,
    Project,
    Site,
    SourceAmount,
    Target,
    Withdrawn,
)
from public_site.source import Span

A_YEAR = 500
A_BATCH = 50
TOWNSHIPS = 20
VILLAGES = 10
NAMES = "东西南北上下大小新富"
WAN = 1_000_000
PAYMENTS = (("a", 9, "预付款", (3, 6)), ("a", 16, "进度款", (3, 15)), ("b", 18, "进度款", (3, 15)))
"""Of each project: tier, 万元, kind, and month and day of a payment."""
HOTLINE = Phone("监督电话", "12317")


@dataclass(frozen=True)
class County:
    """A `SiteData` of `size` projects: 500 a year, 50 to a batch of two fund documents."""

    size: int

    @property
    def site(self) -> Site:
        return Site(
            title="某县衔接资金公开",
            county="某县",
            fund_name="财政衔接推进乡村振兴补助资金",
            host_unit="某县农业农村局",
            phones=(HOTLINE, Phone("县农业农村局", "0451-53700000")),
            organizer="某县财政局",
            address="某县解放大街1号",
        )

    @property
    def day(self) -> date:
        return date(2024, 3, 20)

    def places(self) -> Iterator[Place]:
        for t in range(TOWNSHIPS):
            yield Place(f"t{t:02}", f"{NAMES[t % 10]}{NAMES[t // 10]}镇", "township")
            for v in range(VILLAGES):
                yield Place(f"t{t:02}-v{v}", f"{NAMES[v]}{NAMES[t % 10]}村", "village", f"t{t:02}")

    def funds(self) -> Iterator[FundDocument]:
        for batch in range(self._batches()):
            members = min(A_BATCH, self.size - batch * A_BATCH)
            for tier, slug, wan in (("中央", "a", 30), ("省级", "b", 20)):
                paid = sum(amount for of, amount, *_ in PAYMENTS if of == slug)
                yield _fund(batch, tier, members * wan * WAN, members * paid * WAN)

    def withdrawn(self) -> Iterator[Withdrawn]:
        yield Withdrawn("notices", "n-withdrawn", date(2024, 2, 1), "正文写错，已另行发布")

    def project_spans(self, size: int) -> Iterator[Span]:
        for first in range(0, self.size, size):
            yield Span(project_code(first), project_code(min(first + size, self.size) - 1))

    def projects(self, span: Span) -> Iterator[Project]:
        return map(_project, self._within(span))

    def allocations(self, span: Span) -> Iterator[Allocation]:
        for i in self._within(span):
            for tier, wan in (("a", 30), ("b", 20)):
                fund = f"f-{i // A_BATCH:05}-{tier}"
                approved_on = date(_year(i), 3, 1)
                yield Allocation(fund, project_code(i), wan * WAN, approved_on, "会议纪要第3号")

    def payments(self, span: Span) -> Iterator[Payment]:
        for i in self._within(span):
            for tier, wan, kind, (month, day) in PAYMENTS:
                fund, paid_on = f"f-{i // A_BATCH:05}-{tier}", date(_year(i), month, day)
                yield Payment(project_code(i), fund, paid_on, kind, wan * WAN)

    def mentions(self, span: Span) -> Iterator[Mention]:
        for i in self._within(span):
            notice = _notice(i // A_BATCH, self.size)
            yield Mention(
                project_code(i),
                notice.code,
                notice.kind,
                notice.title,
                notice.published_on,
                notice.category,
            )

    def notice_spans(self, size: int) -> Iterator[Span]:
        for first in range(0, self._batches(), size):
            yield Span(f"n-{first:05}", f"n-{min(first + size, self._batches()) - 1:05}")

    def notices(self, span: Span) -> Iterator[Notice]:
        for batch in range(self._batches()):
            if span.first <= f"n-{batch:05}" <= span.last:
                yield _notice(batch, self.size)

    def blob(self, name: str) -> bytes:
        raise ValueError(f"no photo and no file: {name}")

    def _batches(self) -> int:
        return -(-self.size // A_BATCH)

    def _within(self, span: Span) -> range:
        first = int(span.first[2:]) if span.first else 0
        last = int(span.last[2:]) if span.last[0] == "p" else self.size - 1
        return range(first, min(last, self.size - 1) + 1)


def project_code(i: int) -> str:
    return f"p-{i:06}"


def _year(i: int) -> int:
    return 2024 - i // A_YEAR % 20


def _fund(batch: int, tier: str, amount: int, paid: int) -> FundDocument:
    year = _year(batch * A_BATCH)
    received = date(year, 1, 4)
    days = 10 + batch % 50
    return FundDocument(
        code=f"f-{batch:05}-{'a' if tier == '中央' else 'b'}",
        number=f"某财指（农）〔{year}〕{batch + 1}号",
        title=f"关于下达{year}年{tier}财政衔接推进乡村振兴补助资金的通知（第{batch + 1}批）",
        tier=tier,
        task="巩固拓展脱贫攻坚成果和乡村振兴任务",
        year=year,
        amount=amount,
        received_on=received,
        allocated_on=received + timedelta(days),
        days=days,
        limit_days=45,
        allocated=amount,
        paid=paid,
    )


def _notice(batch: int, size: int) -> Notice:
    year = _year(batch * A_BATCH)
    members = range(batch * A_BATCH, min((batch + 1) * A_BATCH, size))
    return Notice(
        code=f"n-{batch:05}",
        kind="公示",
        category="资金分配结果",
        title=f"{year}年第{batch + 1}批衔接资金分配结果公示",
        body=("根据资金文件，现将分配结果公示如下。", "如有异议，请在公示期内反映。"),
        published_on=date(year, 3, 15),
        period_from=date(year, 3, 15),
        period_to=date(year, 3, 25),
        unit="某县农业农村局",
        phones=(HOTLINE,),
        address="某县解放大街1号",
        project_codes=tuple(map(project_code, members)),
        fund_codes=(f"f-{batch:05}-a", f"f-{batch:05}-b"),
    )


def _project(i: int) -> Project:
    township, village = i % TOWNSHIPS, i // TOWNSHIPS % VILLAGES
    where = f"{NAMES[township % 10]}{NAMES[township // 10]}镇"
    village_name = f"{NAMES[village]}{NAMES[township % 10]}村"
    year = _year(i)
    return Project(
        code=project_code(i),
        name=f"{where}{village_name}第{i}号粮食烘干塔续建项目",
        year=year,
        category=tuple(CATEGORIES)[i % 3],
        project_type="产业发展/加工流通/仓储保鲜冷链",
        township_code=f"t{township:02}",
        township=where,
        village_codes=(f"t{township:02}-v{village}",),
        village=village_name,
        site=f"{where}{village_name}",
        construction_nature="续建",
        tasks="续建烘干塔1座，日处理玉米300吨，配套输送带、除尘设备和地面硬化800平方米。",
        starts_on=date(year, 4, 12),
        finishes_on=date(year, 10, 30),
        responsible_unit=f"{where}人民政府",
        beneficiaries="脱贫户12户27人，监测户2户5人",
        benefit_linkage="设备归村集体，每年租金6.6万元，其中60%分给脱贫户和监测户；用工优先用本村人，约8人。",
        goal="项目建成后提高粮食烘干能力，增加村集体和农户收入。",
        targets=(
            Target("数量指标", "续建烘干塔", "≥1座"),
            Target("质量指标", "验收合格率", "=100%"),
            Target("经济效益指标", "村集体年收入", "≥6.6万元"),
            Target("满意度指标", "受益群众满意度", "≥95%"),
        ),
        budget_by_source=(
            SourceAmount("中央衔接资金", 30 * WAN),
            SourceAmount("省级衔接资金", 20 * WAN),
        ),
        budget=50 * WAN,
        allocated=50 * WAN,
        paid=sum(wan for _tier, wan, *_ in PAYMENTS) * WAN,
        status="实施中",
        finished=False,
        progress=80,
        events=(
            Event("入库", date(year - 1, 11, 20), "县委农村工作领导小组审定"),
            Event("资金安排", date(year, 3, 1), "会议纪要第3号"),
            Event("分配结果公示", date(year, 3, 15), "", date(year, 3, 25)),
            Event("开工", date(year, 4, 12)),
            Event("完工"),
        ),
        publisher="某县农业农村局",
        published_on=date(year, 3, 15),
    )
