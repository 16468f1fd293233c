"""The tree of project types (项目类型) and the class each is reported in."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from portal.rules.tables import Row
from portal.rules.vocabulary import ReportClass


@dataclass(frozen=True)
class ProjectType:
    """One node of the tree; ``path`` holds the labels from the top, a project names a leaf.

    ``report_class`` is the county's own reporting class; many types map to one.
    """

    code: str
    label: str
    path: tuple[str, ...]
    report_class: ReportClass
    is_leaf: bool

    @property
    def full_label(self) -> str:
        """The whole path in one line: ``产业发展 / 生产项目 / 种植业基地``."""
        return " / ".join(self.path)


def read_project_types(rows: list[Row]) -> Mapping[str, ProjectType]:
    """Build the tree from its rows, parents before children; a child inherits the reporting class."""
    types: dict[str, ProjectType] = {}
    for row in rows:
        node = _node(row, types)
        if node.code in types:
            row.wrong(f"code {node.code} is used twice")
        elif node.label in {known.label for known in types.values()}:
            row.wrong(f"label {node.label} is used twice; spreadsheets find a type by its label")
        types[node.code] = node
    return MappingProxyType(types)


def _node(row: Row, types: dict[str, ProjectType]) -> ProjectType:
    code, label = row.code(), row.text("label")
    parent = _parent(row, types)
    if parent is not None and not row.has("report_class"):
        report_class = parent.report_class
    else:
        report_class = row.member("report_class", ReportClass)
    row.close()
    path = (*parent.path, label) if parent else (label,)
    return ProjectType(code, label, path, report_class, is_leaf=True)


def _parent(row: Row, types: dict[str, ProjectType]) -> ProjectType | None:
    """Find the parent and note in the tree that it is no leaf any more."""
    if not row.has("parent"):
        return None
    code = row.text("parent")
    if code not in types:
        row.wrong(f'parent "{code}" is not the code of a row above')
        return None
    found = types[code]
    types[code] = ProjectType(
        found.code, found.label, found.path, found.report_class, is_leaf=False
    )
    return types[code]
