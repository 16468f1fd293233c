from pathlib import Path

from portal.rules import diagram, glossary

DOCS = Path(__file__).parents[2] / "docs"


def test_the_drawn_flows_are_those_of_the_tables() -> None:
    assert (DOCS / "flows.md").read_text(encoding="utf-8") == diagram.page()


def test_the_glossary_holds_the_words_of_the_code() -> None:
    assert (DOCS / "glossary.md").read_text(encoding="utf-8") == glossary.page()
