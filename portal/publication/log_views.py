"""公开日志: what was done for the public, by whom, and its way into the audit log."""

import io

from flask import Blueprint, request, send_file
from flask.typing import ResponseReturnValue

from portal import clock
from portal.publication import log
from portal.publication.sheets import write_log
from portal.rules.access import Action
from portal.web import actor, render, requires

bp = Blueprint("log", __name__, url_prefix="/log")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@requires(Action.VIEW_DISCLOSURES)
def entries() -> ResponseReturnValue:
    wanted, page = log.Wanted.read(request.args), request.args.get("page", "")
    number = int(page) if page.isdecimal() and len(page) < 7 else 1
    return render(
        "publication/log.html",
        found=log.page_of(actor(), wanted, number),
        wanted=wanted,
        kinds=log.KINDS,
    )


@bp.get("/export")
@requires(Action.VIEW_DISCLOSURES)
def export() -> ResponseReturnValue:
    target = io.BytesIO()
    write_log(log.every(actor(), log.Wanted.read(request.args)), target)
    target.seek(0)
    name = f"公开日志-{clock.today()}.xlsx"
    return send_file(target, mimetype=XLSX, as_attachment=True, download_name=name)
