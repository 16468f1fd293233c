"""The story of whatever goes through a flow: who took which step, when, with what words."""

from datetime import date
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import LabelledColumn
from portal.rules.access import Actor
from portal.rules.workflow import Move


class StepTaken:
    """What each table of steps says; the table adds whose step it is and the status that it led to."""

    id: Mapped[int] = mapped_column(primary_key=True)
    county_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    move: Mapped[Move] = mapped_column(LabelledColumn(Move))
    actor_id: Mapped[int]
    actor_name: Mapped[str] = mapped_column(sa.String(80))
    words: Mapped[str] = mapped_column(sa.Text, default="")
    on: Mapped[date] = mapped_column("taken_on")

    @classmethod
    def by(cls, actor: Actor, on: date, words: str, **facts: object) -> Self:
        """The step of a person on a day; ``facts`` are the county, the move and the table's own columns."""
        said: dict[str, object] = {
            "actor_id": actor.user_id,
            "actor_name": actor.name,
            "words": words.strip(),
            "on": on,
        }
        return cls(**said, **facts)
