"""The administrator's pages: the organization tree, accounts, duties."""

import sqlalchemy as sa
from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import selectinload
from wtforms.fields.choices import SelectChoice

from portal import hx
from portal.accounts import operations
from portal.accounts.forms import DutiesForm, OrganizationForm, RenameForm, UserForm
from portal.accounts.models import Organization, User
from portal.accounts.scopes import visible
from portal.db import db
from portal.rules.access import Action
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import OrganizationKind, Role
from portal.web import actor, load_or_404, render, requires

bp = Blueprint("administration", __name__, url_prefix="/accounts")
MANAGE = Action.MANAGE_ACCOUNTS


@bp.get("/")
@requires(MANAGE)
def organizations() -> ResponseReturnValue:
    tree = _organizations()
    people = db.session.scalars(
        visible(sa.select(User), User, actor(), MANAGE)
        .options(selectinload(User.assignments), selectinload(User.organization))
        .order_by(User.username)
    ).all()
    return render("accounts/organizations.html", tree=tree, people=people)


@bp.route("/organizations/new", methods=["GET", "POST"])
@requires(MANAGE)
def add_organization() -> ResponseReturnValue:
    form = OrganizationForm()
    parents = {o.id: o for o in _organizations()}
    form.parent_id.choices = [SelectChoice(o.id, _indented(o)) for o in parents.values()]
    if form.is_submitted() and form.accepts(lambda: _add_organization(form, parents)):
        return hx.go_to(url_for(".organizations"))
    return render("accounts/add_organization.html", form=form), _status(form)


@bp.route("/organizations/<int:organization_id>", methods=["GET", "POST"])
@requires(MANAGE)
def organization(organization_id: int) -> ResponseReturnValue:
    shown: Organization = load_or_404(
        visible(sa.select(Organization), Organization, actor(), MANAGE).where(
            Organization.id == organization_id
        )
    )
    form = RenameForm(obj=shown)
    if form.is_submitted() and form.accepts(
        lambda: operations.rename_organization(shown, form.name.data)
    ):
        return hx.go_to(url_for(".organizations"))
    return render("accounts/organization.html", form=form, organization=shown), _status(form)


@bp.route("/users/new", methods=["GET", "POST"])
@requires(MANAGE)
def add_user() -> ResponseReturnValue:
    form = UserForm()
    tree = {o.id: o for o in _organizations()}
    form.organization_id.choices = [SelectChoice(o.id, _indented(o)) for o in tree.values()]
    passwords: list[str] = []
    if form.is_submitted() and form.accepts(lambda: passwords.append(_add_user(form, tree))):
        return render("accounts/first_password.html", name=form.name.data, password=passwords[0])
    return render("accounts/add_user.html", form=form), _status(form)


@bp.route("/users/<int:user_id>", methods=["GET", "POST"])
@requires(MANAGE)
def user(user_id: int) -> ResponseReturnValue:
    person = _user(user_id)
    form = DutiesForm(roles=[a.role.value for a in person.assignments])
    if form.is_submitted() and form.accepts(lambda: _set_duties(person, form.roles.data)):
        return hx.go_to(url_for(".organizations"))
    return render("accounts/user.html", form=form, person=person), _status(form)


@bp.post("/users/<int:user_id>/password")
@requires(MANAGE)
def reset_password(user_id: int) -> ResponseReturnValue:
    person = _user(user_id)
    password = operations.reset_password(person)
    return render("accounts/first_password.html", name=person.name, password=password)


@bp.post("/users/<int:user_id>/active/<int:active>")
@requires(MANAGE)
def set_active(user_id: int, active: int) -> ResponseReturnValue:
    operations.set_active(_user(user_id), active=bool(active), actor=actor())
    return hx.go_to(url_for(".organizations"))


def _organizations() -> list[Organization]:
    """The tree within reach, each node after its parent."""
    statement = visible(sa.select(Organization), Organization, actor(), MANAGE)
    nodes = db.session.scalars(statement.options(selectinload(Organization.former_names)))
    return sorted(nodes, key=lambda node: [int(part) for part in node.path.strip("/").split("/")])


def _user(user_id: int) -> User:
    statement = visible(sa.select(User), User, actor(), MANAGE).where(User.id == user_id)
    found: User = load_or_404(statement)
    return found


def _add_organization(form: OrganizationForm, parents: dict[int, Organization]) -> None:
    operations.add_organization(
        code=form.code.data,
        kind=OrganizationKind(form.kind.data),
        name=form.name.data,
        parent=parents[form.parent_id.data],
        phone=form.phone.data,
        address=form.address.data,
    )


def _add_user(form: UserForm, tree: dict[int, Organization]) -> str:
    _user_added, password = operations.add_user(
        username=form.username.data,
        name=form.name.data,
        organization=tree[form.organization_id.data],
        roles=[Role(role) for role in form.roles.data],
        phone=form.phone.data,
        email=form.email.data,
    )
    return password


def _set_duties(person: User, roles: list[str]) -> None:
    if person.id == actor().user_id:
        raise RuleBroken("不能改自己的岗位。请由另一位系统管理员办理。", field="roles")
    operations.set_roles(person, [(Role(role), person.organization) for role in roles])


def _indented(organization: Organization) -> str:
    return "　" * (organization.path.count("/") - 2) + organization.name


def _status(form: OrganizationForm | RenameForm | UserForm | DutiesForm) -> int:
    return 422 if form.is_submitted() else 200
