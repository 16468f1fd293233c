"""R13: several officials decide the same project at the same moment; one decision stands."""

import threading

from portal.db import db, unit_of_work
from portal.library import operations
from portal.library.models import ApprovalStep, Project
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import ProjectStatus
from portal.rules.workflow import Move
from tests.applications import DAY, under_decision
from tests.world import World

ITEMS, THREADS = 5, 8


def test_r13_of_eight_decisions_one_wins(either_app):
    world = World()
    with unit_of_work(world.actor("village_clerk"), "test"):
        projects = [under_decision(world) for _ in range(ITEMS)]
        seen = {project.id: project.version for project in projects}
    actors = [world.actor(name) for name in ("approver", "approver2")]
    db.session.remove()
    for project_id, version in seen.items():
        answers = _race(either_app, project_id, version, actors)
        assert answers.count("won") == 1
        assert all("现在的状态是" in answer for answer in answers if answer != "won")
    decided = db.session.query(ApprovalStep).filter(
        ApprovalStep.from_status == ProjectStatus.COUNTY_REVIEW
    )
    assert decided.count() == ITEMS


def _race(app, project_id, version, actors):
    barrier, answers = threading.Barrier(THREADS), []

    def decide(number):
        move = (Move.ADMIT, Move.RETURN_TO_APPLICANT)[number % 2]
        with app.app_context():
            barrier.wait()
            try:
                with unit_of_work(actors[number % 2], "race"):
                    operations.take_step(
                        db.session.get_one(Project, project_id),
                        move,
                        actor=actors[number % 2],
                        on=DAY,
                        words="理由",
                        minutes_number="纪要1号",
                        seen=version,
                    )
                answers.append("won")
            except RuleBroken as refusal:
                answers.append(refusal.message)

    threads = [threading.Thread(target=decide, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == THREADS
    return answers
