"""The app object: a transaction per request, default-deny permission, headers, and friendly errors.

These are properties of ``Portal``; a view cannot forget them. A view is: load through the scope filter,
read the form, call one operation, redirect or render.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask, Response, abort, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, NotFound, SecurityError

from portal import clock, hx
from portal.audit import recorder
from portal.db import Submission, Unit, db, restart_unit, unit_of_work
from portal.rules.access import SYSTEM, Action, Actor, holds
from portal.rules.broken import RuleBroken

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
RETRYABLE = frozenset({"40001", "40P01"})
LOCKED = frozenset({"55P03"})
URLENCODED = "application/x-www-form-urlencoded"
STATIC_ENDPOINTS = frozenset({"static", "bootstrap.static", "htmx.static"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def requires(*actions: Action) -> Callable[[View], View]:
    """Mark a view: whoever holds any of these actions may open it; rows are scoped by the query."""

    def mark(view: View) -> View:
        view.access = frozenset(actions)  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Mark a view that needs no sign-in; the list of these is short and tested."""
    view.access = frozenset()  # type: ignore[attr-defined]
    return view


def opens_own_units(view: View) -> View:
    """Mark a view that writes in short units of its own, because its traces must outlive a refusal."""
    view.own_units = True  # type: ignore[attr-defined]
    return view


def render(page: str, *, fragment: str | None = None, **context: object) -> str:
    """The page, or only its fragment file when htmx asked for that fragment.

    ``fragment`` is a template path such as ``library/_rows.html``; its root element has the id ``rows``.
    """
    if fragment and hx.wants(fragment.rpartition("/_")[2].removesuffix(".html")):
        return render_template(fragment, **context)
    return render_template(page, **context)


def actor() -> Actor:
    """Whoever sent this request; 401 when nobody is signed in."""
    if g.actor is None:
        abort(401)
    signed_in: Actor = g.actor
    return signed_in


class Portal(Flask):
    """Flask with the five properties that ARCHITECTURE §2 asks for."""

    identify: Callable[[], Actor | None]

    def seal(self) -> None:
        """Refuse to start with a route that says neither who may open it nor that all may."""
        unmarked = [
            endpoint
            for endpoint, view in self.view_functions.items()
            if endpoint not in STATIC_ENDPOINTS and not hasattr(view, "access")
        ]
        if unmarked:
            raise RuntimeError(
                f"routes without @requires or @public: {', '.join(sorted(unmarked))}"
            )

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Name the request, find out who asks, let in only who may, then check the form's token.

        The gate comes first, so that an ended session is told to sign in and not that a token is wrong.
        """
        g.request_id = secrets.token_hex(6)
        g.actor = None
        if request.mimetype == URLENCODED:  # read at once and into memory, unlike a form with files
            request.max_content_length = self.config["MAX_FORM_MEMORY_SIZE"]
        if request.endpoint in STATIC_ENDPOINTS:
            return None
        g.actor = self.identify()
        return self._gate() or super().preprocess_request()

    def _gate(self) -> ResponseReturnValue | None:
        view = self.view_functions.get(request.endpoint or "")
        access: frozenset[Action] = getattr(view, "access", frozenset())
        if not access:
            return None
        if g.actor is None:
            return _ask_to_sign_in()
        if g.actor.must_change_password and Action.CHANGE_OWN_PASSWORD not in access:
            return hx.go_to(url_for("accounts.change_password"))
        if not any(holds(g.actor, action) for action in access):
            abort(403)
        return None

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view in a unit of work: commit below 400, else roll back.

        Doing it here means that a failing commit still meets the error handlers. A transaction that
        PostgreSQL asks to repeat is repeated.
        """
        view = self.view_functions.get(request.endpoint or "")
        if view is None or request.endpoint in STATIC_ENDPOINTS or hasattr(view, "own_units"):
            return super().dispatch_request()
        for attempt in range(3):
            try:
                response = self._dispatch_in_unit()
                if response.status_code >= 400:
                    _record_refusal(response.status_code, "表单没有通过检查")
                return response
            except OperationalError as error:
                if _sqlstate(error) not in RETRYABLE or attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def _dispatch_in_unit(self) -> Response:
        reading = request.method in SAFE_METHODS
        with unit_of_work(
            g.actor or SYSTEM,
            request.endpoint or "",
            read_only=reading,
            request_id=g.request_id,
            ip=request.remote_addr or "",
        ) as unit:
            if not reading and (earlier := _saved_before()):
                return earlier
            response = make_response(super().dispatch_request())
            unit.refused = response.status_code >= 400
            if not reading and not unit.refused:
                _remember_submission(unit, response)
            return response


def _saved_before() -> Response | None:
    """The answer to a form that was saved already: a second click leads to the same place (R2)."""
    key = request.form.get("submission", "")[:64]
    if not key or g.actor is None:
        return None
    db.session.add(Submission(key=key, user_id=g.actor.user_id, saved_at=clock.real_now()))
    try:
        db.session.flush()
    except IntegrityError:
        restart_unit()
        saved = db.session.get(Submission, key)
        return hx.go_to(saved.location if saved and saved.location else url_for("dashboard.home"))
    return None


def _remember_submission(unit: Unit, response: Response) -> None:
    key = request.form.get("submission", "")[:64]
    saved = db.session.get(Submission, key) if key and g.actor else None
    if saved:
        saved.location = response.headers.get("HX-Redirect") or response.location or ""
    db.session.flush()
    if not unit.changes:
        recorder.note("done", request.path)


def _ask_to_sign_in() -> Response:
    """A page goes to the sign-in page and comes back; a fragment is never replaced by it (C5)."""
    expired = 1 if request.method not in SAFE_METHODS else None
    address = url_for("accounts.login", next=_page_in_view(), expired=expired)
    if hx.is_htmx():
        return Response(status=401, headers={"HX-Redirect": address})
    return hx.go_to(address)


def _page_in_view() -> str | None:
    """The page that the person has open: this one, or the one whose form or fragment was asked for."""
    if request.method in SAFE_METHODS and not hx.is_htmx():
        return request.full_path.rstrip("?")
    page = urlsplit(hx.decoded("HX-Current-URL") or request.referrer or "")
    return hx.safe_next(page._replace(scheme="", netloc="", fragment="").geturl())


def _sqlstate(error: OperationalError) -> str:
    return getattr(error.orig, "sqlstate", "") or ""


def _is_locked(error: OperationalError) -> bool:
    return _sqlstate(error) in LOCKED or "database is locked" in str(error.orig)


def _refuse(
    status: int, title: str, message: str, headers: Mapping[str, str] | None = None
) -> Response:
    """A page or a banner fragment that says what happened and what to do."""
    try:
        _record_refusal(status, message)
    except OperationalError as error:
        return _operational(error)
    return _answer("errors/page.html", status, title, message, headers)


def _record_refusal(status: int, message: str) -> None:
    """A refused write, and every denied look, leaves its trace in a unit of its own (B7)."""
    denied = g.get("actor") is not None and status in {403, 404}
    if request.method in SAFE_METHODS and not denied:
        return
    with unit_of_work(
        g.actor or SYSTEM,
        request.endpoint or "unknown",
        request_id=g.request_id,
        ip=request.remote_addr or "",
    ):
        path = request.path.replace("\0", "")[:64]
        recorder.note("refused", path, status=status, reason=message)


HTTP_WORDS = {
    400: ("请求不完整", "表单已过期或内容不完整。请返回上一页，刷新后再提交；填写的内容还在。"),
    401: ("请先登录", "登录已过期。请重新登录，再继续办理。"),
    403: ("没有权限", "您的岗位不能办理这件事。需要办理时，请联系系统管理员。"),
    404: ("没有找到", "没有这个页面，或者它不在您的管辖范围内。"),
    405: ("不能这样打开", "请从页面上的按钮进入。"),
    413: ("文件太大", "一次最多上传 50 MB，单个文件最多 20 MB。请压缩后再上传。"),
}


def _http_error(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):  # a foreign host name: no address can be built, so no page
        return Response("请用本单位公布的网址打开。\n", status=400, mimetype="text/plain")
    status = error.code or 500
    if isinstance(error, CSRFError):
        status = 400
    title, message = HTTP_WORDS.get(status, ("不能办理", "请返回上一页再试。"))
    if isinstance(error, NotFound) and error.description and error.description.endswith("。"):
        message = error.description
    return _refuse(status, title, message)


def _rule_broken(error: RuleBroken) -> Response:
    return _refuse(422, "还不能办理", error.message)


def _stale(_error: StaleDataError) -> Response:
    return _refuse(409, "内容已被他人修改", "别人刚刚保存过。请刷新页面，看过最新内容后再改。")


def _integrity(error: IntegrityError) -> Response:
    log.warning("integrity error %s: %s", g.request_id, str(error.orig).partition("\n")[0])
    return _refuse(409, "没有保存", "数据与已有记录冲突。请刷新页面，核对后再提交。")


def _unsavable(error: DataError | OverflowError) -> Response:
    """A number beyond what a column holds, or a character that no text column takes."""
    log.warning("unsavable value %s: %s", g.request_id, type(error).__name__)
    return _refuse(400, "没有保存", "内容里有不能保存的数字或字符。请返回上一页，改过后再提交。")


def _operational(error: OperationalError) -> Response:
    if _is_locked(error):
        words = "别人正在保存，系统忙。内容没有保存，请过几秒再提交一次。"
        return _refuse_without_trace(503, "请稍后再试", words, {"Retry-After": "5"})
    if "disk is full" in str(error.orig) or _sqlstate(error) == "53100":
        return _refuse_without_trace(507, "磁盘已满", "内容没有保存。请联系系统管理员清理磁盘。")
    return _unexpected(error)


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error %s", g.get("request_id", "-"), exc_info=error)
    words = "没有保存。请把页面上的编号告诉系统管理员。"
    return _refuse_without_trace(500, "出错了", words)


def _refuse_without_trace(
    status: int, title: str, message: str, headers: Mapping[str, str] | None = None
) -> Response:
    """An answer for when the database cannot be relied on, not even to record the refusal."""
    return _answer("errors/bare.html", status, title, message, headers)


def _answer(
    page: str, status: int, title: str, message: str, headers: Mapping[str, str] | None
) -> Response:
    """The page, or for htmx a banner that goes where messages go."""
    template = "errors/_banner.html" if hx.is_htmx() else page
    reference = g.get("request_id", "-")
    body = render_template(template, title=title, message=message, reference=reference)
    response = Response(body, status=status, headers=headers)
    if hx.is_htmx():
        response.headers.update({"HX-Retarget": "#messages", "HX-Reswap": "innerHTML"})
    return response


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint not in STATIC_ENDPOINTS:
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("HX-Request")
    return response


def install(app: Portal) -> None:
    """Register the error handlers and the headers."""
    app.register_error_handler(RuleBroken, _rule_broken)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(DataError, _unsavable)
    app.register_error_handler(OverflowError, _unsavable)
    app.register_error_handler(OperationalError, _operational)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)
    app.after_request(_harden)


def load_or_404(statement: sa.Select[tuple[Any]]) -> Any:  # noqa: ANN401 - whatever is selected
    """The one row of a scoped statement; outside my scope is not found."""
    row = db.session.scalar(statement)
    if row is None:
        abort(404)
    return row
