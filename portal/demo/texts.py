"""Texts of the demo's projects, by what their names say. All of it is illustrative and marked so."""

from dataclasses import dataclass

from portal.demo.county import Demo
from portal.rules.vocabulary import ConstructionNature, TargetLevel

MARK = "建设内容、受益对象和绩效目标为示范填写，不是公开资料"


@dataclass(frozen=True)
class Wording:
    """What a project of this sort builds; ``measure`` is name, value and unit of its output target."""

    keyword: str
    project_type: str
    nature: ConstructionNature
    tasks: str
    measure: tuple[str, str, str]
    benefit: str


def wording_for(demo: Demo, name: str) -> Wording:
    """The first wording whose keyword the project's name contains; ``KeyError`` names one without."""
    for row in demo.rows("wordings"):
        if row["keyword"] in name:
            return Wording(
                keyword=row["keyword"],
                project_type=row["project_type"],
                nature=ConstructionNature(row["nature"]),
                tasks=row["tasks"],
                measure=(row["measure"], row["value"], row["unit"]),
                benefit=row["benefit"],
            )
    raise KeyError(f"no demo wording for {name}")


def targets_for(wording: Wording) -> list[tuple[TargetLevel, str, str, str]]:
    """Four targets of a project: output, time, benefit, satisfaction (level, name, value, unit)."""
    name, value, unit = wording.measure
    return [
        (TargetLevel.QUANTITY, name, value, unit),
        (TargetLevel.TIMELINESS, "按期完成率", "100", "%"),
        (TargetLevel.SOCIAL, "受益脱贫（监测）人口数", "27", "人"),
        (TargetLevel.SATISFACTION, "受益群众满意度", "95", "%"),
    ]
