"""Draws a flow from its table as a Mermaid diagram, so that the docs cannot drift from the code."""

from typing import Any

from portal.rules import (
    assessment_flow,
    batch_flow,
    bundle_flow,
    change_flow,
    closing_flow,
    complaint_flow,
    disclosure_flow,
    payment_flow,
    performance_flow,
    project_flow,
)
from portal.rules.access import roles_with
from portal.rules.workflow import Step

FLOWS: dict[str, tuple[Step[Any], ...]] = {
    "项目入库": project_flow.FLOW,
    "资金安排批次": batch_flow.FLOW,
    "项目变更": change_flow.FLOW,
    "资金支付": payment_flow.FLOW,
    "年度结账": closing_flow.FLOW,
    "绩效表": performance_flow.FLOW,
    "年度绩效自评": assessment_flow.FLOW,
    "公告公示": disclosure_flow.FLOW,
    "移交包": bundle_flow.FLOW,
    "监督举报": complaint_flow.FLOW,
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
