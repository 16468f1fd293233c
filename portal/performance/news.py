"""What the writer of a form hears: it came back, or it was approved."""

from portal.mail.operations import tell
from portal.performance.models import FormStep, PerformanceForm
from portal.performance.wording import title_of
from portal.rules.workflow import Move

TOLD = {Move.RETURN: "被退回，请修改后再提交", Move.APPROVE: "已审核通过"}


def tell_writer(form: PerformanceForm, step: FormStep) -> None:
    """Tell whoever wrote the form last; nobody is told of their own act."""
    if step.move not in TOLD or step.actor_id == form.written_by_id:
        return
    lines = [f"{step.actor_name} 于 {step.on} 办理了“{step.move.label}”。"]
    if step.words:
        lines.append(f"意见：{step.words}")
    tell(
        form.written_by_id,
        subject=f"{title_of(form)}{TOLD[step.move]}",
        body="\n".join(lines),
        dedupe_key=f"form_step:{step.id}",
    )
