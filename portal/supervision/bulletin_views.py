"""通报: the list, the preview of a day's figures, the issued bulletin and its files."""

import io
from datetime import date

from flask import Blueprint, Response, flash, request, send_file, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.models import Organization
from portal.db import db
from portal.forms import parse_day
from portal.pace.queries import fund_years
from portal.rules.access import Action
from portal.rules.supervision import bulletin_day, next_number, period
from portal.rules.vocabulary import BulletinKind
from portal.supervision import bulletins, operations, papers, queries, sheets, wording
from portal.supervision.forms import BulletinForm, ChosenUnitsForm
from portal.supervision.loading import load_bulletin
from portal.supervision.models import Bulletin
from portal.web import actor, render, requires

bp = Blueprint("bulletins", __name__, url_prefix="/bulletins")

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@requires(Action.VIEW_PACE)
def all_bulletins() -> ResponseReturnValue:
    today, years = clock.today(), fund_years(actor().county_id)
    return render(
        "supervision/bulletins.html",
        bulletins=queries.bulletins_within_reach(actor()),
        days={kind: bulletin_day(kind, today) for kind in BulletinKind},
        years=years,
        period=period,
    )


@bp.get("/preview")
@requires(Action.ISSUE_BULLETIN)
def preview() -> ResponseReturnValue:
    kind, today = _kind(request.args.get("kind")), clock.today()
    numbers = queries.bulletin_numbers(actor().county_id)
    form = BulletinForm(
        formdata=None,
        kind=kind,
        fund_year=request.args.get("fund_year", today.year, type=int),
        day=_asked_day() or bulletin_day(kind, today),
        number=next_number(numbers, queries.rules().bulletin_prefix, today.year),
    )
    return _preview(form)


@bp.post("/")
@requires(Action.ISSUE_BULLETIN)
def issue() -> ResponseReturnValue:
    form, made = BulletinForm(), []
    if not form.accepts(
        lambda: made.append(
            operations.issue_bulletin(
                BulletinKind(form.kind.data),
                form.fund_year.data,
                form.day.data,
                number=form.number.data.strip(),
                words=(form.words.data or "").strip(),
                actor=actor(),
                on=clock.today(),
                seen=form.seen.data or None,
            )
        )
    ):
        return _preview(form), 422
    flash("已印发。数据已固定，以后补记的支付不会改变它。")
    return hx.go_to(url_for("supervision.bulletins.bulletin", bulletin_id=made[0].id))


@bp.get("/<int:bulletin_id>")
@requires(Action.VIEW_PACE)
def bulletin(bulletin_id: int) -> ResponseReturnValue:
    return _page(load_bulletin(bulletin_id), ChosenUnitsForm(formdata=None))


@bp.post("/<int:bulletin_id>/letters")
@requires(Action.ISSUE_BULLETIN)
def draft_letters(bulletin_id: int) -> ResponseReturnValue:
    found, form = load_bulletin(bulletin_id, Action.ISSUE_BULLETIN), ChosenUnitsForm()
    unit_ids = set(request.form.getlist("unit", type=int))
    if not form.accepts(
        lambda: operations.draft_letters(found, unit_ids, actor=actor(), on=clock.today())
    ):
        return _page(found, form), 422
    flash("已起草督办函。请逐份核对后发出。")
    return hx.go_to(url_for("supervision.letters.letters"))


@bp.get("/<int:bulletin_id>/word")
@requires(Action.VIEW_PACE)
def word(bulletin_id: int) -> ResponseReturnValue:
    found = load_bulletin(bulletin_id)
    return _file(papers.bulletin_docx(found), DOCX, f"{found.number}.docx")


@bp.get("/<int:bulletin_id>/excel")
@requires(Action.VIEW_PACE)
def excel(bulletin_id: int) -> ResponseReturnValue:
    found, target = load_bulletin(bulletin_id), io.BytesIO()
    sheets.write_bulletin(bulletins.read(found), target)
    return _file(target.getvalue(), XLSX, f"{found.number}.xlsx")


def _preview(form: BulletinForm) -> str:
    """The figures of the day as they stand now; the form remembers which ones were looked at."""
    who, day = actor(), form.day.data or clock.today()
    office = db.session.get_one(Organization, who.organization_id)
    year = form.fund_year.data or clock.today().year
    figures = bulletins.figures_of(who.county_id, year, day, office=office)
    form.seen.data = bulletins.frozen(figures)[1]
    title = wording.bulletin_title(figures, period(_kind(form.kind.data), day))
    return render(
        "supervision/bulletin_preview.html",
        form=form,
        figures=figures,
        title=title,
        wording=wording,
    )


def _kind(word: str | None) -> BulletinKind:
    return BulletinKind.named(word) or BulletinKind.MONTHLY


def _asked_day() -> date | None:
    """The day in the address, where there is one."""
    try:
        return parse_day(request.args.get("day", ""))
    except ValueError:
        return None


def _page(bulletin: Bulletin, form: ChosenUnitsForm) -> str:
    return render(
        "supervision/bulletin.html",
        bulletin=bulletin,
        figures=bulletins.read(bulletin),
        letters={letter.unit_id: letter for letter in bulletin.letters},
        form=form,
        wording=wording,
    )


def _file(content: bytes, kind: str, name: str) -> Response:
    return send_file(io.BytesIO(content), kind, as_attachment=True, download_name=name)
