"""What an address of these pages chooses: the fund year, the day, and the reading of the pace."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import current_app, request

from portal import clock
from portal.pace.queries import fund_years
from portal.rules.money import round2
from portal.rules.pace import Pace, pace_of
from portal.rules.vocabulary import PaceMethod
from portal.web import actor


@dataclass(frozen=True)
class Choice:
    """A fund year as it stood on a day, held against one reading of the pace."""

    year: int
    day: date
    method: PaceMethod

    @property
    def pace(self) -> Decimal:
        """The pace of the day in percent."""
        return round2(100 * pace_of(self.method, self.year, self.day))

    @property
    def address(self) -> dict[str, str | int]:
        """The arguments that lead back here."""
        return {"year": self.year, "day": self.day.isoformat(), "method": self.method.value}


def chosen() -> Choice:
    """The choice in the address; for what is missing or makes no sense the latest year and today."""
    years = fund_years(actor().county_id)
    year = request.args.get("year", type=int)
    return Choice(
        year=year if year in years else next(iter(years), clock.today().year),
        day=_day(request.args.get("day", "")),
        method=PaceMethod.named(request.args.get("method")) or rules().method,
    )


def rules() -> Pace:
    """The county's table of the pace."""
    pace: Pace = current_app.extensions["book"].pace
    return pace


def _day(text: str) -> date:
    """No later than today: what has not happened yet has no figures."""
    try:
        return min(date.fromisoformat(text), clock.today())
    except ValueError:
        return clock.today()
