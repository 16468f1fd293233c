"""The treasury's list: upload, the check, a decision for each line, booking."""

import io
from collections.abc import Mapping

import sqlalchemy as sa
from flask import Blueprint, flash, request, send_file, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts.scopes import visible
from portal.db import db
from portal.intake import FileRefused
from portal.intake.signatures import MAX_BYTES
from portal.library.filters import number_in, page_number
from portal.payments import treasury
from portal.payments.forms import BookForm, MatchForm, TreasuryForm
from portal.payments.loading import load_list
from portal.payments.matching import NOT_BOOKED, matches
from portal.payments.models import TreasuryList
from portal.payments.sheets import TABLE
from portal.payments.treasury import Decision
from portal.rules.access import Action
from portal.rules.broken import RuleBroken
from portal.spreadsheets.cells import clean_text
from portal.spreadsheets.checking import CheckedSheet
from portal.spreadsheets.writing import write_template
from portal.web import actor, render, requires

bp = Blueprint("treasury", __name__, url_prefix="/treasury")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE_SIZE = 100


@bp.get("/")
@requires(Action.RECORD_PAYMENT)
def lists() -> ResponseReturnValue:
    statement = sa.select(TreasuryList).order_by(TreasuryList.id.desc()).limit(PAGE_SIZE)
    found = visible(statement, TreasuryList, actor(), Action.RECORD_PAYMENT)
    return render("payments/lists.html", lists=db.session.scalars(found).all())


@bp.get("/template")
@requires(Action.RECORD_PAYMENT)
def template() -> ResponseReturnValue:
    target = io.BytesIO()
    write_template(TABLE, target)
    target.seek(0)
    name = "国库支付清单-模板.xlsx"
    return send_file(target, mimetype=XLSX, as_attachment=True, download_name=name)


@bp.route("/upload", methods=["GET", "POST"])
@requires(Action.RECORD_PAYMENT)
def upload() -> ResponseReturnValue:
    form, checked, stored = TreasuryForm(), list[CheckedSheet](), list[TreasuryList]()
    if request.method == "GET":
        return render("payments/upload.html", form=form, sheet=None)
    if not form.accepts(lambda: stored.append(_store(form, checked))):
        sheet = checked[0] if checked else None
        return render("payments/upload.html", form=form, sheet=sheet), 422
    flash("已上传，没有发现错误。请逐行核对，再入账。")
    return hx.go_to(url_for(".uploaded", list_id=stored[0].id))


@bp.get("/<int:list_id>")
@requires(Action.RECORD_PAYMENT)
def uploaded(list_id: int) -> ResponseReturnValue:
    return _page(load_list(list_id), MatchForm(formdata=None))


@bp.post("/<int:list_id>/match")
@requires(Action.RECORD_PAYMENT)
def match(list_id: int) -> ResponseReturnValue:
    found, form = load_list(list_id), MatchForm()
    if not form.accepts(lambda: treasury.decide(found, _decisions(request.form))):
        return _page(found, form), 422
    flash("已保存核对结果，还没有入账。")
    return hx.go_to(url_for(".uploaded", list_id=found.id, page=page_number(request.args)))


@bp.post("/<int:list_id>/book")
@requires(Action.RECORD_PAYMENT)
def book(list_id: int) -> ResponseReturnValue:
    found, form = load_list(list_id), BookForm()
    if not form.accepts(lambda: treasury.book(found, actor=actor(), on=clock.today())):
        return _page(found, form), 422
    flash("已全部入账。")
    return hx.go_to(url_for(".uploaded", list_id=found.id))


def _store(form: TreasuryForm, checked: list[CheckedSheet]) -> TreasuryList:
    """Check the upload, and keep it where nothing is wrong; the check is left for the page."""
    chosen = form.file.data
    if not chosen or not chosen.filename:
        raise RuleBroken("请选择文件。", field="file")
    content, today = chosen.stream.read(MAX_BYTES + 1), clock.today()
    try:
        county_id = actor().county_id
        sheet = treasury.check_list(content, chosen.filename, county_id=county_id, on=today)
    except FileRefused as refused:
        raise RuleBroken(refused.message, field="file") from refused
    checked.append(sheet)
    return treasury.store_list(sheet, content, chosen.filename, actor=actor(), on=today)


def _decisions(form: Mapping[str, str]) -> dict[int, Decision]:
    """The choice of each line that has one: ``line-<id>``, with ``words-<id>`` where it is passed over."""
    found: dict[int, Decision] = {}
    for name, value in form.items():
        line_id = number_in(name.removeprefix("line-")) if name.startswith("line-") else None
        kind, _dash, chosen = value.partition("-")
        if line_id is None or not value:
            continue
        if kind == NOT_BOOKED:
            found[line_id] = Decision(words=clean_text(form.get(f"words-{line_id}", ""))[:200])
        elif kind == "payment":
            found[line_id] = Decision(payment_id=number_in(chosen))
        else:
            found[line_id] = Decision(placement_id=number_in(chosen))
    return found


def _page(found: TreasuryList, form: MatchForm | BookForm) -> str:
    number, lines = page_number(request.args), found.lines
    shown = lines[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return render(
        "payments/list.html",
        uploaded=found,
        form=form,
        blank=BookForm(formdata=None),
        shown=shown,
        matches=[] if found.booked_on else matches(found, shown),
        number=number,
        pages=-(-len(lines) // PAGE_SIZE),
        decided=sum(treasury.is_decided(line) for line in lines),
        NOT_BOOKED=NOT_BOOKED,
    )
