"""How amounts, days and shares are written: the filters of the templates."""

from datetime import date
from functools import lru_cache
from xml.sax.saxutils import escape

CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))
FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
KILO = 1024
FORMS = {"pdf": "PDF", "docx": "Word文档", "xlsx": "Excel表格", "jpg": "图片", "png": "图片"}


@lru_cache(8192)  # the same amounts stand on many pages
def yuan(fen: int) -> str:
    """Fen as yuan with two decimals: 110000050 -> 1100000.50."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{whole}.{rest:02}"


@lru_cache(8192)
def wan(fen: int) -> str:
    """Fen as 万元, two decimals, up to six where they are needed."""
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


def xml_text(text: str) -> str:
    """Text for an XML file, which cannot hold control characters, not even as references."""
    if not text.isprintable():
        text = text.translate(CONTROL)
    return escape(text, {'"': "&quot;"})


def dial(number: str) -> str:
    """A telephone number as a tel: link wants it: digits, + and -."""
    return number.replace(" ", "")


def shorten(text: str, most: int) -> str:
    """A name that fits into a picture: a longer one is cut, its full form stands in the table."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def size(count: int) -> str:
    """Bytes as people know them: 812字节, 35 KB, 1.2 MB."""
    if count < KILO:
        return f"{count}字节"
    if count < KILO * KILO:
        return f"{-(-count // KILO)} KB"
    tenths = -(-count * 10 // (KILO * KILO))
    return f"{tenths // 10}.{tenths % 10} MB"


def form(name: str) -> str:
    """What kind of file it is, by the end of its name."""
    return FORMS[name.rpartition(".")[2]]


FILTERS = {
    "yuan": yuan,
    "wan": wan,
    "percent": percent,
    "width": width,
    "iso": iso,
    "long_day": long_day,
    "used_days": used_days,
    "dial": dial,
    "shorten": shorten,
    "size": size,
    "form": form,
}
