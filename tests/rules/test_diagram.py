from pathlib import Path

from portal.rules.diagram import page

FLOWS = Path(__file__).parents[2] / "docs" / "flows.md"


def test_the_drawn_flows_are_those_of_the_tables() -> None:
    assert FLOWS.read_text(encoding="utf-8") == page()
