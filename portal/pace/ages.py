"""执行率 by the age of the money, over all fund years, and when each document's rest grows older."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.pace.queries import document_figures, fund_years, year_figures
from portal.rules.money import percent
from portal.rules.pace import AgeBand, Pace, band_of, turns


@dataclass(frozen=True)
class Source:
    """One fund document, or a whole year before the portal (``document_id`` None), in fen."""

    name: str
    fund_year: int
    document_id: int | None
    received_on: date | None
    received: int
    paid: int

    @property
    def rest(self) -> int:
        """What is not paid."""
        return self.received - self.paid


@dataclass(frozen=True)
class Age:
    """The money of one band."""

    band: AgeBand
    received: int
    paid: int

    @property
    def rate(self) -> Decimal | None:
        """Percent that is paid; None where the band holds nothing."""
        return percent(self.paid, self.received)


@dataclass(frozen=True)
class Rest:
    """A source with money left, its band, and the next birthdays: (years, day, days left)."""

    source: Source
    band: AgeBand
    birthdays: tuple[tuple[int, date, int], ...]


def sources(county_id: int, day: date) -> list[Source]:
    """All money that had come by ``day``, the oldest first."""
    found = []
    for year in sorted(fund_years(county_id)):
        documents = document_figures(county_id, year, day)
        found += [
            Source(one.name, year, one.document_id, one.received_on, one.received, one.paid)
            for one in documents
        ]
        if not documents and (whole := year_figures(county_id, year, day)).received:
            found.append(
                Source(f"{year} 年（启用前）", year, None, None, whole.received, whole.paid)
            )
    return found


def ages(found: Sequence[Source], pace: Pace, day: date) -> list[Age]:
    """The sums of each band, also of those without money."""
    bands = {band: [0, 0] for band in pace.bands}
    for source in found:
        sums = bands[band_of(pace, source.fund_year, source.received_on, day)]
        sums[0] += source.received
        sums[1] += source.paid
    return [Age(band, *sums) for band, sums in bands.items()]


def rests(found: Sequence[Source], pace: Pace, day: date) -> list[Rest]:
    """Each source with money left, the oldest first."""
    return [
        Rest(
            source,
            band_of(pace, source.fund_year, source.received_on, day),
            _birthdays(source, pace, day),
        )
        for source in found
        if source.rest
    ]


def _birthdays(source: Source, pace: Pace, day: date) -> tuple[tuple[int, date, int], ...]:
    years = [band.years for band in pace.bands if band.years is not None]
    days = [(n, turns(n, source.fund_year, source.received_on, pace.age_start)) for n in years]
    return tuple((n, on, (on - day).days) for n, on in days)
