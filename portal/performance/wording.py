"""How a form is called."""

from portal.performance.models import PerformanceForm
from portal.rules.vocabulary import FormKind


def heading_of(form: PerformanceForm) -> str:
    """The title on the paper: 2023年1—7月绩效运行监控表."""
    months = f"1—{form.month}月" if form.kind is FormKind.MONITORING else "度"
    return f"{form.year}年{months}{form.kind.label}"


def title_of(form: PerformanceForm) -> str:
    """The same with whose form it is, for lists and messages."""
    return f"{form.project.name}：{heading_of(form)}" if form.project else heading_of(form)
