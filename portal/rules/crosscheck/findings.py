"""What a cross-check says: a contradiction with its arithmetic, or a remark on what nobody can verify."""

from dataclasses import dataclass

from portal.rules.vocabulary import Labelled


class Kind(Labelled):
    """What sort of figures contradict each other."""

    SUM = "sum", "合计与分项"
    SHARE = "share", "比例"
    REST = "rest", "结余"
    GROWTH = "growth", "增减"
    COUNT = "count", "数量"
    DAYS = "days", "天数"
    POINTS = "points", "得分"


@dataclass(frozen=True)
class Finding:
    """A contradiction: ``claim`` quotes the report, ``arithmetic`` shows the operands."""

    place: str
    kind: Kind
    claim: str
    recomputed: str
    arithmetic: str


@dataclass(frozen=True)
class Remark:
    """Something a reader should look at that is no contradiction of figures."""

    place: str
    words: str


@dataclass(frozen=True)
class Outcome:
    """Everything that a cross-check found, in the order of the report."""

    findings: tuple[Finding, ...]
    remarks: tuple[Remark, ...]
