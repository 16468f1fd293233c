"""Signing in and out, and one's own password."""

from datetime import datetime

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.accounts import operations, passwords, sessions
from portal.accounts.forms import ChangePasswordForm, LoginForm
from portal.accounts.models import User
from portal.accounts.queries import administrators
from portal.audit import recorder
from portal.db import db, unit_of_work
from portal.rules.access import GRANTS, Action, Scope
from portal.rules.vocabulary import Role
from portal.web import actor, opens_own_units, public, render, requires

bp = Blueprint("accounts", __name__)


@bp.route("/login", methods=["GET", "POST"])
@public
@opens_own_units
def login() -> ResponseReturnValue:
    form = LoginForm()
    if form.validate_on_submit():
        answer = _sign_in(form)
        if answer:
            return answer
    status = 200 if request.method == "GET" else 422
    return render("accounts/login.html", form=form, administrators=administrators()), status


def _sign_in(form: LoginForm) -> Response | None:
    user, wait_until = sessions.authenticate(
        form.username.data.strip(), form.password.data, request.remote_addr or ""
    )
    if wait_until:
        form.form_errors.append(_wait_words(wait_until))
    elif user is None:
        form.form_errors.append("用户名或密码不对。请检查大小写后再试。")
    else:
        with unit_of_work(sessions.actor_of(user), "sign_in", ip=request.remote_addr or ""):
            if passwords.outdated(user.password_hash):
                user.password_hash = passwords.hash_password(form.password.data)
            sessions.start(user)
        return hx.go_to(hx.safe_next(request.args.get("next")) or url_for("dashboard.home"))
    return None


@bp.post("/logout")
@requires(Action.SEE_HOME)
def logout() -> ResponseReturnValue:
    sessions.end_current()
    return hx.go_to(url_for("accounts.login"))


@bp.route("/password", methods=["GET", "POST"])
@requires(Action.CHANGE_OWN_PASSWORD)
@opens_own_units
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    if request.method == "GET":
        return render("accounts/password.html", form=form)
    username, address = _username(), request.remote_addr or ""
    if until := sessions.claim_attempt(username, address):
        form.form_errors.append(_wait_words(until))
    else:
        saved = _change_password(form, address)
        if not form.old.errors:
            sessions.forgive_attempt(username, address)
        if saved:
            return hx.go_to(url_for("dashboard.home"))
    with unit_of_work(actor(), "accounts.change_password", ip=address):
        recorder.note("refused", request.path)
    return render("accounts/password.html", form=form), 422


def _change_password(form: ChangePasswordForm, address: str) -> bool:
    """A guess at the old password is counted in a unit of its own, so the change has one too."""
    with unit_of_work(actor(), "accounts.change_password", ip=address) as unit:
        user = db.session.get_one(User, actor().user_id)
        saved = form.accepts(
            lambda: operations.change_password(user, old=form.old.data, new=form.new.data)
        )
        unit.refused = not saved
        if saved:
            sessions.start(user)
    return saved


def _username() -> str:
    return db.session.get_one(User, actor().user_id).username


def _wait_words(until: datetime) -> str:
    at = until.astimezone(clock.SHANGHAI).strftime("%H:%M")
    return f"输错次数太多，请在 {at} 以后再试，或联系系统管理员。"


@bp.get("/permissions")
@requires(Action.SEE_PERMISSIONS)
def permissions() -> ResponseReturnValue:
    mine = actor().roles
    return render(
        "accounts/permissions.html",
        grants=GRANTS,
        roles=sorted(Role, key=lambda role: role not in mine),
        mine=mine,
        actions=list(Action),
        Scope=Scope,
    )
