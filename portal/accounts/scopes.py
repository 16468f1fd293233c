"""The second reader of ``GRANTS``: which rows an actor may reach.

``visible`` is used by every list and by every load by id; ``may`` asks the same of one loaded row, for
buttons and workflow steps. A model says in ``scope_columns`` which column carries which scope.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from portal.db import Base
from portal.rules.access import Action, Actor, Duty, Scope, reaches


def visible(
    statement: sa.Select[Any], model: type[Base], actor: Actor, action: Action
) -> sa.Select[Any]:
    """The statement, narrowed to the rows of ``model`` on which the actor may do this."""
    columns: Mapping[Scope, str] = model.scope_columns  # type: ignore[attr-defined]
    conditions = [
        _among(getattr(model, columns[scope]), _reach(scope, duty))
        for scope, duty in reaches(actor, action)
        if scope in columns
    ]
    return statement.where(sa.or_(sa.false(), *conditions))


def _among(column: sa.ColumnElement[int], ids: tuple[int, ...]) -> sa.ColumnElement[bool]:
    """Most reach over one organization; an IN of one is slower to build and to send."""
    return column == ids[0] if len(ids) == 1 else column.in_(ids)


def may(actor: Actor, action: Action, row: Base) -> bool:
    """Whether the actor may do this on this row."""
    columns: Mapping[Scope, str] = row.scope_columns  # type: ignore[attr-defined]
    return any(
        getattr(row, columns[scope]) in _reach(scope, duty)
        for scope, duty in reaches(actor, action)
        if scope in columns
    )


def _reach(scope: Scope, duty: Duty) -> tuple[int, ...]:
    return duty.county_ids if scope is Scope.COUNTY else (duty.organization_id,)
