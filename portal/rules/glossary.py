"""Writes ``docs/glossary.md`` from the vocabulary: the one word of the code for each word of the field."""

import inspect

from portal.rules import access, deadlines, vocabulary, workflow
from portal.rules.vocabulary import Labelled

MODULES = (vocabulary, access, workflow, deadlines)


def page() -> str:
    """The text of the glossary: each closed list with its database words and Chinese labels."""
    parts = ["# Glossary", "", "Generated from the enums of `portal/rules/`; a test compares."]
    for kind in _lists():
        parts += ["", f"## {kind.__name__}", "", "| word | 中文 |", "|---|---|"]
        parts += [f"| `{member.value}` | {member.label} |" for member in kind]
    return "\n".join([*parts, ""])


def _lists() -> list[type[Labelled]]:
    return [
        kind
        for module in MODULES
        for kind in vars(module).values()
        if inspect.isclass(kind)
        and issubclass(kind, Labelled)
        and kind is not Labelled
        and kind.__module__ == module.__name__
    ]
