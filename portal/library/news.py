"""What the applicant hears: each step that somebody else takes arrives in the inbox."""

from portal.library.models import ApprovalStep, Project
from portal.mail.operations import tell


def tell_applicant(project: Project, step: ApprovalStep) -> None:
    """Tell whoever applied what was decided, by whom, with what words; nobody is told of their own act."""
    applicant = project.submitted_by_id or project.created_by_id
    if applicant == step.actor_id:
        return
    lines = [
        f"{step.organization_name} {step.actor_name} 于 {step.on} 办理了“{step.move.label}”。",
        f"现在的状态：{step.to_status.label}。",
    ]
    if step.words:
        lines.append(f"意见：{step.words}")
    tell(
        applicant,
        subject=f"{project.name}：{step.move.label}",
        body="\n".join(lines),
        dedupe_key=f"project_step:{step.id}",
    )
