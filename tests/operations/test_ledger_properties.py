"""No sequence of real operations breaks the ledger: one at a time, and many people at once."""

import os
import random
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import date, timedelta
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from portal.audit.queries import broken_links
from portal.db import db, unit_of_work
from portal.ledger_health import ledger_problems
from portal.rules.access import SYSTEM
from portal.rules.broken import RuleBroken
from tests import ledger
from tests.office import DEEDS, Nothing, Office, disorder
from tests.operations.test_unit_of_work_together import at_once
from tests.world import World

ROUNDS = int(os.environ.get("PORTAL_FAULT_ROUNDS", "50"))
WAN = 1_000_000
Deed = Callable[[Office, int, int, int], None]
START = (
    (Office.register, 0, 100 * WAN),
    (Office.register, 1, 50 * WAN),
    (Office.admit, 0, 80 * WAN),
    (Office.admit, 1, 80 * WAN),
    (Office.draft, 0, 0),
    (Office.allocate, 0, 40 * WAN),
    (Office.hand_in, 0, 0),
    (Office.decide, 0, 0),
    (Office.request, 0, 10 * WAN),
    (Office.submit, 0, 0),
    (Office.check, 0, 0),
    (Office.pay, 0, 0),
)
LIFE: tuple[tuple[Deed, int, int, int], ...] = (
    (Office.book, 0, 30, 2 * WAN),
    (Office.request, 0, 30, 3 * WAN),
    (Office.submit, 0, 30, 0),
    (Office.check, 0, 30, 0),
    (Office.pay, 0, 30, 0),
    (Office.reverse, 0, 30, 0),
    (Office.draft, 1, 30, 0),
    (Office.take_back, 0, 30, WAN),
    (Office.hand_in, 0, 30, 0),
    (Office.decide, 0, 30, 0),
    (Office.draft, 0, 30, 0),
    (Office.allocate, 0, 30, WAN),
    (Office.change_line, 0, 31, 2 * WAN),
    (Office.hand_in, 0, 30, 0),
    (Office.decide, 0, 30, 0),
    (Office.sign, 0, 31, 20 * WAN),
    (Office.finish, 0, 30, 0),
    (Office.give_back, 0, 30, 0),
    (Office.hand_in, 0, 30, 0),
    (Office.decide, 0, 30, 0),
)
"""What follows on :data:`START`, so that each deed gets to its end once."""
WAYS: tuple[tuple[tuple[Deed, int], ...], ...] = (
    ((Office.draft, 30), (Office.allocate, 30), (Office.hand_in, 30), (Office.decide, 30)),
    ((Office.draft, 30), (Office.take_back, 30), (Office.hand_in, 30), (Office.decide, 30)),
    ((Office.draft, 30), (Office.allocate, 31), (Office.change_line, 31), (Office.hand_in, 30)),
    ((Office.request, 30), (Office.submit, 30), (Office.check, 30), (Office.pay, 30)),
    ((Office.sign, 31), (Office.finish, 30), (Office.give_back, 30), (Office.hand_in, 30)),
    ((Office.book, 30), (Office.reverse, 30)),
    ((Office.close, 31), (Office.close, 31)),
)
"""What usually follows each other, each with the number that lets it through."""
AMOUNTS = st.one_of(
    st.integers(1, 60).map(lambda wan: wan * WAN),
    st.integers(1, 60 * WAN),
)


NUMBERS = st.integers(0, 59)


class Ledger(RuleBasedStateMachine):
    """All examples share a database: each is one unit of work that is refused at its end."""

    done: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.whole = unit_of_work(SYSTEM, "test")
        self.whole.__enter__().refused = True
        self.office = Office(World(), lambda _actor: nullcontext(), ledger.TODAY)

    def teardown(self) -> None:
        self.whole.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        """Money that is placed and partly paid, so that every deed finds something to do."""
        for deed, n, amount in START:
            deed(self.office, n, 30, amount)

    @rule(deed=st.sampled_from(DEEDS), n=NUMBERS, m=NUMBERS, amount=AMOUNTS)
    def act(self, deed: Deed, n: int, m: int, amount: int) -> None:
        """One deed; where it is refused nothing of it stays."""
        try:
            with db.session.begin_nested():
                deed(self.office, n, m, amount)
        except (RuleBroken, Nothing):
            return
        self.done[deed.__name__] += 1

    @rule(n=NUMBERS, amount=AMOUNTS, way=st.sampled_from(WAYS))
    def go(self, n: int, amount: int, way: tuple[tuple[Deed, int], ...]) -> None:
        """So that much gets to its end."""
        for deed, m in way:
            self.act(deed, n, m, amount)

    @rule()
    def new_year(self) -> None:
        """The year is over and may be closed."""
        self.office.today = date(self.office.today.year + 1, 1, 5)

    @rule(days=st.integers(1, 60))
    def wait(self, days: int) -> None:
        """Time goes by."""
        self.office.today += timedelta(days)

    @invariant()
    def in_order(self) -> None:
        """Added up by hand, and as ``verify`` does."""
        assert disorder() == []
        assert list(ledger_problems()) == []


def test_every_deed_gets_to_its_end(either_app):
    """What the sequences at random are made of really happens: none of it is refused here."""
    office = Office(World(), lambda actor: unit_of_work(actor, "test"), ledger.TODAY)
    for deed, n, amount in START:
        deed(office, n, 30, amount)
    for deed, n, m, amount in LIFE:
        deed(office, n, m, amount)
    office.today = date(2024, 1, 5)
    office.close(1, 31, 0)
    office.close(1, 31, 0)
    done = {deed for deed, *_ in START} | {deed for deed, *_ in LIFE} | {Office.close}
    assert set(DEEDS) == done
    assert disorder() == []
    assert list(ledger_problems()) == []


def test_no_sequence_of_deeds_breaks_the_ledger(either_app):
    Ledger.done = Counter()
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=max(ROUNDS // 10, 1),
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Ledger.done


def test_many_people_at_once_do_not_break_the_ledger(either_app):
    """Six people in transactions of their own, while a year is over and somebody tries to close it."""
    begun = Office(World(), lambda actor: unit_of_work(actor, "test"), ledger.TODAY)
    for deed, n, amount in START:
        deed(begun, n, 30, amount)
    done = Counter[str]()

    def work(number: int) -> None:
        dice = random.Random(number)
        office = Office(World(), lambda actor: unit_of_work(actor, "test"), date(2024, 1, 10))
        for _ in range(max(ROUNDS // 2, 1)):
            way = dice.choice((*WAYS, ((dice.choice(DEEDS), dice.randrange(60)),)))
            n, amount = dice.randrange(60), dice.randrange(1, 40) * WAN + dice.randrange(2)
            for deed, m in way:
                with suppress(RuleBroken, Nothing):
                    deed(office, n, m, amount)
                    done[deed.__name__] += 1

    at_once(either_app, work, 6)
    db.session.rollback()
    assert disorder() == []
    assert list(ledger_problems()) == []
    assert list(broken_links()) == []
    assert {"pay", "decide", "close"} <= done.keys()
