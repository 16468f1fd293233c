"""``flask score`` from two files, without a database."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.performance.commands import score_command
from portal.rules.scoring.scheme import FOLDER

FACTS = Path(__file__).parents[2] / "docs" / "schemes" / "acheng-2023-facts.toml"
SCHEME = FOLDER / "heilongjiang-county-2023.toml"


def run(*arguments):
    return CliRunner().invoke(score_command, [str(argument) for argument in arguments])


def test_score_prints_the_published_sheet_as_json():
    done = run("--scheme", SCHEME, "--facts", FACTS, "--json")
    assert done.exit_code == 0, done.output
    card = json.loads(done.output)
    third, ninth = card["lines"][2], card["lines"][8]
    assert (third["no"], third["computed"], third["claimed"], third["points"]) == (
        "3",
        3.79,
        5.0,
        5.0,
    )
    assert (ninth["computed"], [part["no"] for part in ninth["parts"]]) == (
        8.34,
        ["9.1", "9.2", "9.3"],
    )
    assert (card["total"], card["applicable"], card["normalized"], card["grade"]) == (
        89.34,
        88,
        101.52,
        "优",
    )


def test_score_as_lines_shows_the_working():
    done = run("--scheme", SCHEME, "--facts", FACTS)
    assert "5×（95.13−85）÷15 = 3.38" in done.output
    assert (
        done.output.splitlines()[-1]
        == "合计 89.34，按规则计算 44.13，适用 88.00，折合 101.52，等级 优"
    )


@pytest.mark.parametrize("text", ["indicator = 1", "[[indicator]", "\xff"])
def test_a_file_that_is_no_scheme_is_refused_by_name(tmp_path, text):
    path = tmp_path / "own.toml"
    path.write_bytes(text.encode("latin-1"))
    done = run("--scheme", path, "--facts", FACTS)
    assert (done.exit_code, "own.toml：" in done.output) == (1, True)
