"""资金 of the forms: what the ledger says of the whole and of each source, and as it was handed in.

Fen. The ledger holds the special fund only: what other money a project has is planned in the library, and
whether it came or was spent is not known here. What is not known is None and stays an empty cell.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.library.models import Project
from portal.pace.queries import Figures, fund_years, project_figures, tier_figures, year_figures
from portal.performance.models import FormAmount, PerformanceForm
from portal.rules.money import percent
from portal.rules.performance_tables import last_day_of
from portal.rules.vocabulary import FormKind, FormStatus, FundingTier, MoneySource


@dataclass(frozen=True)
class SourceAmounts:
    """One source's 年初预算数, 全年预算数（A） and 全年执行数（B）; None where the ledger does not know."""

    source: MoneySource
    initial: int | None = None
    budget: int | None = None
    executed: int | None = None

    @property
    def rate(self) -> Decimal | None:
        """B ÷ A in percent; None where one of the two is not known or nothing is placed."""
        if self.budget is None or self.executed is None:
            return None
        return percent(self.executed, self.budget)


@dataclass(frozen=True)
class Amounts:
    """年初预算数, 全年预算数（A） and 全年执行数（B） of a form, and of its sources."""

    initial: int
    budget: int
    executed: int
    sources: tuple[SourceAmounts, ...] = ()

    @property
    def rate(self) -> Decimal | None:
        """B ÷ A in percent; None where nothing is placed."""
        return percent(self.executed, self.budget)

    @property
    def has_gaps(self) -> bool:
        """Whether the ledger does not know an amount of a source."""
        return any(None in {one.initial, one.budget, one.executed} for one in self.sources)


def amounts_of(form: PerformanceForm, today: date) -> Amounts:
    """The money of a form: as it was when it was handed in, before that as the ledger has it."""
    if form.status is FormStatus.DRAFT:
        return ledger_amounts(form, counted_on(form, today))
    return Amounts(
        form.initial_amount,
        form.budget_amount,
        form.executed_amount,
        tuple(
            SourceAmounts(one.source, one.initial_amount, one.budget_amount, one.executed_amount)
            for one in form.amounts
        ),
    )


def keep_amounts(form: PerformanceForm, on: date) -> None:
    """Write into a form what the ledger says, as it is handed in on a day."""
    found = ledger_amounts(form, counted_on(form, on))
    form.initial_amount, form.budget_amount = found.initial, found.budget
    form.executed_amount = found.executed
    kept = {one.source: one for one in form.amounts}
    for one in found.sources:
        if one.source not in kept:
            form.amounts.append(FormAmount(county_id=form.county_id, source=one.source))
            kept[one.source] = form.amounts[-1]
        row = kept[one.source]
        row.initial_amount, row.budget_amount = one.initial, one.budget
        row.executed_amount = one.executed


def ledger_amounts(form: PerformanceForm, day: date) -> Amounts:
    """What the ledger says by a day: the plan, what is placed and what is paid of that, by source.

    A declaration names the plan alone. A regional form counts the county's money of the year; what came is
    its plan as well as its budget.
    """
    if form.project is None:
        return _of_county(form.county_id, form.year, day)
    if form.kind is FormKind.DECLARATION:
        this_year = _placed(form.project, [form.year], day)
        return Amounts(form.project.budget, this_year.allocated, this_year.paid)
    return _of_project(form.project, form.year, day)


def counted_on(form: PerformanceForm, today: date) -> date:
    """The day of the figures: today, but no later than the end of what the form covers."""
    months = form.month if form.kind is FormKind.MONITORING and form.month else 12
    return min(today, last_day_of(form.year, months))


def _of_project(project: Project, year: int, day: date) -> Amounts:
    """This year's money beside what earlier years left over; the plan is what they did not place."""
    earlier = [one for one in fund_years(project.county_id) if one < year]
    then = _placed(project, earlier, date(year - 1, 12, 31))
    now, of_year = _placed(project, earlier, day), _placed(project, [year], day)
    planned = max(project.budget - project.other_amount - then.allocated, 0)
    left = then.allocated - then.paid
    carried = SourceAmounts(MoneySource.CARRIED_OVER)
    if then.allocated:
        carried = SourceAmounts(MoneySource.CARRIED_OVER, left, left, now.paid - then.paid)
    return Amounts(
        planned + left + project.other_amount,
        of_year.allocated + left,
        of_year.paid + now.paid - then.paid,
        (
            SourceAmounts(MoneySource.THIS_YEAR, planned, of_year.allocated, of_year.paid),
            carried,
            SourceAmounts(MoneySource.OTHER, project.other_amount),
        ),
    )


def _of_county(county_id: int, year: int, day: date) -> Amounts:
    """The county's money of the year by the budget that it comes from."""
    whole = year_figures(county_id, year, day)
    tiers = tier_figures(county_id, year, day)
    central = [tiers[tier] for tier in tiers if tier is FundingTier.CENTRAL]
    local = [tiers[tier] for tier in tiers if tier is not FundingTier.CENTRAL]
    return Amounts(
        whole.received,
        whole.received,
        whole.paid,
        (
            _received(MoneySource.CENTRAL, central),
            _received(MoneySource.LOCAL, local),
            SourceAmounts(MoneySource.OTHER),
        ),
    )


def _received(source: MoneySource, figures: Iterable[Figures]) -> SourceAmounts:
    found = list(figures)
    if not found:
        return SourceAmounts(source)
    received = sum(one.received for one in found)
    return SourceAmounts(source, received, received, sum(one.paid for one in found))


def _placed(project: Project, years: Iterable[int], day: date) -> Figures:
    """What a day has placed on a project and paid for it of these years' money."""
    found = [
        one
        for year in years
        for one in project_figures(project.county_id, year, day)
        if one.project_id == project.id
    ]
    return Figures(
        allocated=sum(one.allocated for one in found), paid=sum(one.paid for one in found)
    )
