"""How values are written in pages: filters and globals of the templates."""

from collections.abc import Callable
from datetime import date, datetime

from flask import Flask, current_app, g

from portal import clock
from portal.accounts.scopes import may
from portal.db import Base
from portal.mail import queries as mail
from portal.rules import money
from portal.rules.access import Action, Actor, holds

WEEKDAYS = "一二三四五六日"


def install(app: Flask) -> None:
    """Register filters (``wan``, ``yuan``, ``day``, ``moment``) and globals (``allowed``, ``today``)."""
    filters: dict[str, Callable[..., str]] = {
        "wan": lambda fen: "—" if fen is None else money.wan(fen),
        "wan_exact": lambda fen: "—" if fen is None else money.wan_exact(fen),
        "yuan": lambda fen: "—" if fen is None else money.yuan(fen),
        "in_words": money.in_words,
        "day": lambda day: day.isoformat() if day else "—",
        "long_day": long_day,
        "plain_day": plain_day,
        "moment": moment,
    }
    app.jinja_env.filters |= filters
    app.jinja_env.globals |= {
        "Action": Action,
        "allowed": allowed,
        "today": clock.today,
        "unread": unread,
        "demo_day": demo_day,
    }
    app.context_processor(lambda: {"me": g.get("actor")})


def long_day(day: date) -> str:
    """A date in running text: 2023年3月20日 星期一."""
    return f"{plain_day(day)} 星期{WEEKDAYS[day.weekday()]}"


def plain_day(day: date) -> str:
    """A date as official papers write it: 2023年3月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment(instant: datetime | None) -> str:
    """An instant in county time: 2023-03-20 09:12."""
    return instant.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M") if instant else "—"


def allowed(action: Action, row: Base | None = None) -> bool:
    """Whether the person on this page may do this (on this row): buttons ask the same table."""
    me: Actor | None = g.get("actor")
    if me is None:
        return False
    return holds(me, action) if row is None else may(me, action, row)


def unread() -> int:
    """How many messages wait for the person on this page."""
    return mail.unread_count(g.actor.user_id) if g.get("actor") else 0


def demo_day() -> str | None:
    """The name of the demo that this database holds, or ``None`` for a real county."""
    demo: str | None = current_app.config["DEMO"]
    return demo
