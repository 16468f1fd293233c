"""The tree of project types (项目类型) and the class each is reported in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from portal.rules.tables import Row
from portal.rules.vocabulary import ReportClass


@dataclass(frozen=True)
class ProjectType:
    """One node of the tree; ``path`` holds the labels from the top, a project names a leaf.

    ``report_class`` is the county's own reporting class; many types map to one. ``needs_contract`` says
    whether its money is paid on a contract; subsidies, interest and fees are not.
    """

    code: str
    label: str
    path: tuple[str, ...]
    report_class: ReportClass
    needs_contract: bool
    is_leaf: bool

    @property
    def full_label(self) -> str:
        """The whole path in one line: ``产业发展 / 生产项目 / 种植业基地``."""
        return " / ".join(self.path)


def read_project_types(rows: list[Row]) -> Mapping[str, ProjectType]:
    """Build the tree from its rows, parents before children; a child inherits class and contract."""
    types: dict[str, ProjectType] = {}
    for row in rows:
        node = _node(row, types)
        if node.code in types:
            row.wrong(f"code {node.code} 重复")
        elif node.label in {known.label for known in types.values()}:
            row.wrong(f"label {node.label} 重复；导入表格按名称找类型，名称不能相同")
        types[node.code] = node
    return MappingProxyType(types)


def _node(row: Row, types: dict[str, ProjectType]) -> ProjectType:
    code, label = row.code(), row.text("label")
    parent = _parent(row, types)
    if parent is not None and not row.has("report_class"):
        report_class = parent.report_class
    else:
        report_class = row.member("report_class", ReportClass)
    needs_contract = row.flag("contract") if row.has("contract") else _inherited(parent)
    row.close()
    path = (*parent.path, label) if parent else (label,)
    return ProjectType(code, label, path, report_class, needs_contract, is_leaf=True)


def _inherited(parent: ProjectType | None) -> bool:
    return parent is None or parent.needs_contract


def _parent(row: Row, types: dict[str, ProjectType]) -> ProjectType | None:
    """Find the parent and note in the tree that it is no leaf any more."""
    if not row.has("parent"):
        return None
    code = row.text("parent")
    if code not in types:
        row.wrong(f'parent "{code}" 不是上面任何一行的 code')
        return None
    found = types[code]
    types[code] = replace(found, is_leaf=False)
    return types[code]
