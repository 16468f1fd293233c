"""The amounts of a request as they are typed: one cell per fund document, in 万元."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.payments.models import Payment
from portal.rules.broken import RuleBroken
from portal.rules.money import MAX_FEN, MoneyError, in_words, parse_wan, wan_exact

CELL = "amount-"
LONGEST = 40
MOST_CELLS = 200


@dataclass(frozen=True)
class Cells:
    """Amounts by document: as typed, in fen where they can be read, else what is wrong."""

    typed: Mapping[int, str] = field(default_factory=dict)
    amounts: Mapping[int, int] = field(default_factory=dict)
    problems: Mapping[int, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """The sum of what can be read, in fen."""
        return sum(self.amounts.values())

    @property
    def words(self) -> str:
        """The sum in capital numerals; a sum above every fund has none."""
        return in_words(self.total) if self.total <= MAX_FEN else ""

    def parts(self) -> Mapping[int, int]:
        """The fen by document.

        Raises:
            RuleBroken: an amount cannot be read.
        """
        if self.problems:
            raise RuleBroken(f"有 {len(self.problems)} 个金额读不出来，请看表里的说明改正。")
        return self.amounts


def typed_cells(form: Mapping[str, str]) -> Cells:
    """Read the cells ``amount-<document id>``; empty ones are not meant."""
    typed = {
        int(name.removeprefix(CELL)): text.strip()[:LONGEST]
        for name, text in list(form.items())[:MOST_CELLS]
        if name.startswith(CELL) and _is_id(name.removeprefix(CELL)) and text.strip()
    }
    amounts, problems = dict[int, int](), dict[int, str]()
    for document_id, text in typed.items():
        try:
            amounts[document_id] = parse_wan(text)
        except MoneyError as error:
            problems[document_id] = str(error)
    return Cells(typed, amounts, problems)


def cells_of(payment: Payment) -> Cells:
    """The cells of a draft as they were saved."""
    amounts = {part.placement.document_id: part.amount for part in payment.parts}
    return Cells({key: wan_exact(fen) for key, fen in amounts.items()}, amounts)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
