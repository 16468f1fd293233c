"""The page on which the lead office puts a year's projects in order."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, hx
from portal.forms import PortalForm
from portal.library import priorities, queries
from portal.library.forms import PlacesForm, PlacesTableForm
from portal.rules.access import Action
from portal.web import actor, render, requires

bp = Blueprint("priorities", __name__, url_prefix="/priorities")


@bp.get("")
@requires(Action.SET_PRIORITIES)
def ranking() -> ResponseReturnValue:
    return _page()


@bp.post("")
@requires(Action.SET_PRIORITIES)
def save() -> ResponseReturnValue:
    form, places = PlacesForm(), priorities.typed_places(request.form)
    return _saved(form, lambda: places) or (_page(form=form, typed=places), 422)


@bp.post("/paste")
@requires(Action.SET_PRIORITIES)
def paste() -> ResponseReturnValue:
    form, projects = PlacesTableForm(), priorities.ranked(actor(), _year())
    saved = _saved(form, lambda: priorities.pasted_places(form.table.data or "", projects))
    return saved or (_page(table=form), 422)


def _saved(form: PortalForm, places: Callable[[], Mapping[int, str]]) -> ResponseReturnValue | None:
    if not form.accepts(lambda: priorities.set_priorities(places(), _year(), actor=actor())):
        return None
    flash("已保存优先顺序。分解表按这个顺序排列。")
    return hx.go_to(url_for("library.priorities.ranking", year=_year()))


def _page(
    form: PlacesForm | None = None,
    table: PlacesTableForm | None = None,
    typed: Mapping[int, str] = MappingProxyType({}),
) -> str:
    return render(
        "library/priorities.html",
        form=form or PlacesForm(formdata=None),
        table=table or PlacesTableForm(formdata=None),
        projects=priorities.ranked(actor(), _year()),
        typed=typed,
        problems={one: priorities.place_problem(text) for one, text in typed.items()},
        year=_year(),
        years=queries.years(actor()),
    )


def _year() -> int:
    return request.args.get("year", type=int) or clock.today().year
