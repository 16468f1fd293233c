"""How amounts, days and shares are written: the filters of the templates."""

from datetime import date

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals: 110000050 -> 1100000.50."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{whole}.{rest:02}"


def wan(fen: int | None) -> str:
    """Fen as 万元, two decimals, up to six where they are needed; an unknown amount is a dash."""
    if fen is None:
        return "—"
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), FEN_PER_WAN)
    decimals = f"{rest:06}".rstrip("0")
    return f"{sign}{whole}.{decimals:0<2}"


def percent(part: int, whole: int) -> str:
    """A share with two decimals, half up: 53 of 118 -> 44.92%. Nothing of nothing is a dash."""
    if not whole:
        return "—"
    hundredths = (part * 20_000 + whole) // (whole * 2)
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def width(part: int, whole: int) -> int:
    """The bar class for a share: 0 to 100, at least 1 for what is more than nothing."""
    if part <= 0 or whole <= 0:
        return 0
    return max(1, min(100, part * 100 // whole))


def iso(day: date | None) -> str:
    """A day in tables: 2023-07-16; an unknown day is a dash."""
    return day.isoformat() if day else "—"


def long_day(day: date) -> str:
    """A day in a sentence: 2023年7月16日."""
    return f"{day.year}年{day.month}月{day.day}日"


def used_days(days: int, limit: int) -> str:
    """Days to allocation against their limit: 53天，超过45天期限8天."""
    if days > limit:
        return f"{days}天，超过{limit}天期限{days - limit}天"
    return f"{days}天，在{limit}天期限内"


def dial(number: str) -> str:
    """A telephone number as a tel: link wants it: digits, + and -."""
    return number.replace(" ", "")


FILTERS = {
    "yuan": yuan,
    "wan": wan,
    "percent": percent,
    "width": width,
    "iso": iso,
    "long_day": long_day,
    "used_days": used_days,
    "dial": dial,
}
