"""Pages: 支出进度."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.pace import ages, curve, queries, snapshot_views
from portal.pace.choices import chosen, rules
from portal.pace.queries import PAGE_SIZE, PostingFilter
from portal.rules.access import Action
from portal.rules.vocabulary import FundingTier, PaceMethod
from portal.web import actor, render, requires

bp = Blueprint("pace", __name__, url_prefix="/pace")
bp.register_blueprint(snapshot_views.bp)


@bp.get("/")
@requires(Action.VIEW_PACE)
def overview() -> ResponseReturnValue:
    choice, county_id, pace = chosen(), actor().county_id, rules()
    found = curve.moments(county_id, choice.year, choice.day)
    drawn = (found, choice.year, choice.day, choice.method, pace.checkpoints)
    documents = queries.document_figures(county_id, choice.year, choice.day)
    sources = ages.sources(county_id, choice.day)
    return render(
        "pace/overview.html",
        choice=choice,
        years=queries.fund_years(county_id),
        methods=PaceMethod,
        figures=queries.year_figures(county_id, choice.year, choice.day),
        chart=curve.chart(*drawn),
        rows=curve.rows(*drawn),
        documents=documents,
        tiers=queries.tiers_of(documents),
        units=queries.unit_figures(county_id, choice.year, choice.day),
        ages=ages.ages(sources, pace, choice.day),
        rests=ages.rests(sources, pace, choice.day),
        rules=pace,
    )


@bp.get("/projects")
@requires(Action.VIEW_PACE)
def projects() -> ResponseReturnValue:
    choice, county_id, page = chosen(), actor().county_id, _page()
    unit_id = request.args.get("unit", type=int)
    found = queries.project_figures(county_id, choice.year, choice.day, unit_id)
    return render(
        "pace/projects.html",
        choice=choice,
        lines=found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        total=queries.Spending(sum(p.allocated for p in found), sum(p.paid for p in found)),
        units=queries.unit_figures(county_id, choice.year, choice.day),
        unit_id=unit_id,
        number=page,
        pages=_pages(len(found)),
        count=len(found),
    )


@bp.get("/postings")
@requires(Action.VIEW_PACE)
def postings() -> ResponseReturnValue:
    choice, county_id, page, narrowed = chosen(), actor().county_id, _page(), _filter()
    lines, count, amount = queries.postings(county_id, choice.year, choice.day, narrowed, page)
    return render(
        "pace/postings.html",
        choice=choice,
        lines=lines,
        count=count,
        amount=amount,
        number=page,
        pages=_pages(count),
        narrowed=queries.words_of(county_id, narrowed),
        keep={name: request.args[name] for name in FILTERS if request.args.get(name)},
    )


FILTERS = ("document", "tier", "unit", "project")


def _filter() -> PostingFilter:
    return PostingFilter(
        document_id=request.args.get("document", type=int),
        tier=FundingTier.named(request.args.get("tier")),
        unit_id=request.args.get("unit", type=int),
        project_id=request.args.get("project", type=int),
    )


def _page() -> int:
    return max(1, min(request.args.get("page", 1, type=int), 1_000_000))


def _pages(count: int) -> int:
    return max(1, -(-count // PAGE_SIZE))
