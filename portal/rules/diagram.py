"""Draws a flow from its table as a Mermaid diagram, so that the docs cannot drift from the code."""

from typing import Any

from portal.rules import batch_flow, disclosure_flow, project_flow
from portal.rules.access import roles_with
from portal.rules.workflow import Step

FLOWS: dict[str, tuple[Step[Any], ...]] = {
    "项目入库": project_flow.FLOW,
    "资金安排批次": batch_flow.FLOW,
    "公告公示": disclosure_flow.FLOW,
}


def page() -> str:
    """The text of ``docs/flows.md``: each flow as a diagram and who may take its steps."""
    parts = ["# The flows", "", "Generated from `portal/rules/*_flow.py`; a test compares.", ""]
    for title, flow in FLOWS.items():
        parts += [f"## {title}", "", "```mermaid", "stateDiagram-v2"]
        parts += [
            f"    {source.label} --> {step.target.label}: {step.move.label}"
            for step in flow
            for source in step.source
        ]
        parts += ["```", "", "| 步骤 | 从 | 到 | 岗位 |", "|---|---|---|---|"]
        parts += [_row(step) for step in flow]
        parts.append("")
    return "\n".join(parts)


def _row(step: Step[Any]) -> str:
    sources = "、".join(source.label for source in step.source)
    people = "、".join(role.label for role in roles_with(step.by))
    return f"| {step.move.label} | {sources} | {step.target.label} | {people} |"
