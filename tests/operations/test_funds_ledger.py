"""The ledger under random use: it agrees with a model, whatever is tried in whatever order (R14)."""

import os
import random
from dataclasses import dataclass, field

import pytest

from portal.db import db, unit_of_work
from portal.funds import allocating, operations
from portal.funds.models import Allocation, AllocationBatch, FundDocument
from portal.library.models import Project
from portal.rules.broken import RuleBroken
from portal.rules.workflow import Move
from tests import ledger
from tests.ledger import TODAY, wan
from tests.world import World

ACTS = 6 * int(os.environ.get("PORTAL_FAULT_ROUNDS", "50"))


@dataclass
class Model:
    """What a clerk with pencil and paper would know."""

    world: World
    dice: random.Random
    documents: list[FundDocument]
    projects: list[Project]
    batches: list[AllocationBatch]
    lines: dict[int, tuple[int, int, int, int]] = field(default_factory=dict)
    refusals: int = 0

    def arranged(self, place: int, row_id: int) -> int:
        return sum(line[3] for line in self.lines.values() if line[place] == row_id)

    def fits(self, document, project, amount, without=0) -> bool:
        rest = document.amount - self.arranged(1, document.id) + without
        gap = project.budget - self.arranged(2, project.id) + without
        return 0 < amount <= min(rest, gap)

    def attempt(self, expected: bool, act) -> object | None:
        """Do it for real; it must be refused exactly where the model says so."""
        try:
            with unit_of_work(self.world.actor("finance_agri"), "test"):
                done = act()
        except RuleBroken:
            self.refusals += 1
            assert not expected
            return None
        assert expected
        return done

    def allocate(self) -> None:
        batch, document, project = map(
            self.dice.choice, (self.batches, self.documents, self.projects)
        )
        key = (batch.id, document.id, project.id)
        amount = self.dice.choice([0, -5, wan(1), wan(7), wan("33.333333"), project.budget])
        twice = any(line[:3] == key for line in self.lines.values())
        actor = self.world.actor("finance_agri")
        line = self.attempt(
            not twice and self.fits(document, project, amount),
            lambda: allocating.allocate(batch, document, project, amount=amount, actor=actor),
        )
        if line:
            self.lines[line.id] = (*key, amount)

    def change(self) -> None:
        if not self.lines:
            return
        line_id = self.dice.choice(list(self.lines))
        *key, before = self.lines[line_id]
        line = db.session.get_one(Allocation, line_id)
        amount = self.dice.choice([0, before + 1, before * 2, max(before // 2, 1), wan(100)])
        expected = self.fits(line.document, line.project, amount, without=before)
        actor = self.world.actor("finance_agri")
        self.attempt(expected, lambda: allocating.change_line(line, amount=amount, actor=actor))
        if expected:
            self.lines[line_id] = (key[0], key[1], key[2], amount)

    def void(self) -> None:
        if not self.lines:
            return
        line_id = self.dice.choice(list(self.lines))
        line = db.session.get_one(Allocation, line_id)
        self.attempt(True, lambda: allocating.void_line(line))
        self.attempt(False, lambda: allocating.void_line(line))
        del self.lines[line_id]

    def correct(self) -> None:
        document = self.dice.choice(self.documents)
        amount = self.dice.choice([wan(40), wan(100), self.arranged(1, document.id)])
        written = ledger.paper(document.number, "1")
        written = type(written)(**vars(written) | {"amount": amount})
        self.attempt(
            amount > 0 and amount >= self.arranged(1, document.id),
            lambda: operations.correct_document(document, written, on=TODAY),
        )

    def give_up(self) -> None:
        batch = self.dice.choice(self.batches)
        actor = self.world.actor("finance_agri")
        self.attempt(
            True,
            lambda: operations.take_step(batch, Move.VOID, actor=actor, on=TODAY, words="重编"),
        )
        self.lines = {key: line for key, line in self.lines.items() if line[0] != batch.id}
        self.batches[self.batches.index(batch)] = ledger.add_batch(self.world)

    def check(self) -> None:
        kept = {
            line.id: (line.batch_id, line.document_id, line.project_id, line.amount)
            for line in db.session.query(Allocation).filter_by(void=False)
        }
        assert kept == self.lines
        assert ledger.differences() == []


@pytest.mark.parametrize("seed", [1, 2])
def test_r14_random_use_never_leaves_the_books(world, seed):
    model = Model(
        world,
        random.Random(seed),
        [ledger.add_document(world, f"{n}号", 100) for n in range(3)],
        [ledger.add_project(world, f"项目{n}", 20 + 15 * n) for n in range(5)],
        [ledger.add_batch(world) for _ in range(2)],
    )
    acts = [model.allocate] * 6 + [model.change] * 3 + [model.void, model.correct, model.give_up]
    for number in range(ACTS):
        model.dice.choice(acts)()
        if number % 10 == 0:
            model.check()
    model.check()
    assert model.lines
    assert model.refusals > ACTS // 20
