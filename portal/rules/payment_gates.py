"""The chain of checks of a payment (F11): which gates a county has, and whom that takes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from portal.rules.vocabulary import Role


@dataclass(frozen=True)
class Gate:
    """One check: its code in the ledger, the word people use, and the role that may sit there."""

    code: str
    label: str
    role: Role


@dataclass(frozen=True)
class Gates:
    """``payment_gates.toml``: the gates in their order.

    With ``different_people`` nobody passes two gates of one round, nor one of a payment of their own.
    """

    gates: tuple[Gate, ...]
    different_people: bool
    basis: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in the order of the chain."""
        return tuple(gate.code for gate in self.gates)

    def next_after(self, passed: Collection[str]) -> Gate | None:
        """The first gate that is not passed yet; None when all are.

        It is asked of the codes and not of the last one passed, so that a payment under way finds its
        place also after the county has changed its chain.
        """
        return next((gate for gate in self.gates if gate.code not in passed), None)


def short_of_people(gates: Gates, people: Mapping[str, Collection[int]]) -> tuple[Gate, ...]:
    """The gates for which nobody is left when each takes another person; ``people`` by code of gate.

    A payment can pass only if every gate finds somebody of its own (a matching of gates and people).
    """
    if not gates.different_people:
        return tuple(gate for gate in gates.gates if not people.get(gate.code))
    seated: dict[int, Gate] = {}
    return tuple(gate for gate in gates.gates if not _seat(gate, people, seated, set()))


def _seat(
    gate: Gate, people: Mapping[str, Collection[int]], seated: dict[int, Gate], tried: set[int]
) -> bool:
    """Find a person for the gate; whoever sits elsewhere may move to another gate of theirs."""
    for person in people.get(gate.code, ()):
        if person in tried:
            continue
        tried.add(person)
        if person not in seated or _seat(seated[person], people, seated, tried):
            seated[person] = gate
            return True
    return False
