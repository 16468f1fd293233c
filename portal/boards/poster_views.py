"""Posters to be printed: as a page by the browser, as PDF where that is possible."""

import io
from pathlib import Path

from flask import Blueprint, abort, current_app, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.boards.loading import load_item, load_notice
from portal.boards.posters import HOTLINE, Poster, poster_of_item, poster_of_notice
from portal.boards.printing import can_print, pdf_of
from portal.rules.access import Action
from portal.web import render, requires

bp = Blueprint("posters", __name__)
SIZE = "<any(a4,a3):size>"
NOTICE = f"/<int:project_id>/notices/<int:notice_id>/poster/{SIZE}"
ITEM = f"/items/<int:item_id>/poster/{SIZE}"


@bp.get(NOTICE)
@requires(Action.VIEW_PROJECTS)
def notice(project_id: int, notice_id: int, size: str) -> ResponseReturnValue:
    found = load_notice(project_id, notice_id)
    address = url_for("boards.notice", project_id=project_id, notice_id=notice_id)
    of = {"project_id": project_id, "notice_id": notice_id}
    return _page(poster_of_notice(found, clock.today()), size, "notice", of, address)


@bp.get(f"{NOTICE}.pdf")
@requires(Action.VIEW_PROJECTS)
def notice_pdf(project_id: int, notice_id: int, size: str) -> ResponseReturnValue:
    return _pdf(poster_of_notice(load_notice(project_id, notice_id), clock.today()), size)


@bp.get(ITEM)
@requires(Action.VIEW_DISCLOSURES)
def item(item_id: int, size: str) -> ResponseReturnValue:
    address = url_for("disclosure.item", item_id=item_id)
    return _page(poster_of_item(load_item(item_id)), size, "item", {"item_id": item_id}, address)


@bp.get(f"{ITEM}.pdf")
@requires(Action.VIEW_DISCLOSURES)
def item_pdf(item_id: int, size: str) -> ResponseReturnValue:
    return _pdf(poster_of_item(load_item(item_id)), size)


def _page(poster: Poster, size: str, view: str, of: dict[str, int], back: str) -> str:
    return render(
        "boards/poster.html",
        poster=poster,
        hotline=HOTLINE,
        size=size,
        view=f"boards.posters.{view}",
        of=of,
        back=back,
        can_print=can_print(),
    )


def _pdf(poster: Poster, size: str) -> ResponseReturnValue:
    if not can_print():
        abort(404, "这里不能生成 PDF，请打开海报页，用浏览器打印。")
    page = render_template("boards/poster_paper.html", poster=poster, hotline=HOTLINE, size=size)
    assert current_app.static_folder
    folder = Path(current_app.static_folder)
    sheets = ("poster.css", f"poster-{size}.css", "poster-pdf.css")
    style = "".join((folder / name).read_text("utf-8") for name in sheets)
    name = f"{poster.title}（{size.upper()}）.pdf"
    return send_file(
        io.BytesIO(pdf_of(page, style)), "application/pdf", as_attachment=True, download_name=name
    )
