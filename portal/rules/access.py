"""Who may do what: role -> action -> scope. The only place where authority is written (DOMAIN §2).

Two readers and nothing else: the route gate, and ``accounts.scopes`` for every list and every load by
id. Buttons, the page "谁能做什么" and the tests ask the same table.
"""

from dataclasses import dataclass

from portal.rules.vocabulary import Labelled, Role


class Action(Labelled):
    """What can be permitted; the label is what the audit log and the permission page show."""

    SEE_HOME = "see_home", "查看今天要做的事"
    CHANGE_OWN_PASSWORD = "change_own_password", "修改自己的密码"
    SEE_PERMISSIONS = "see_permissions", "查看谁能做什么"

    VIEW_PROJECTS = "view_projects", "查看项目库"
    APPLY = "apply", "申报和修改项目"
    RECORD_NOTICE = "record_notice", "登记村级、乡镇公示"
    REVIEW_AT_TOWN = "review_at_town", "乡镇审核"
    REVIEW_AT_DEPARTMENT = "review_at_department", "部门审查"
    DECIDE_ADMISSION = "decide_admission", "审定入库"
    REMOVE_PROJECT = "remove_project", "项目出库"
    IMPORT_PROJECTS = "import_projects", "导入项目计划表"

    VIEW_FUNDS = "view_funds", "查看资金文件"
    REGISTER_DOCUMENT = "register_document", "登记资金文件"
    DRAFT_BATCH = "draft_batch", "编制资金安排批次"
    APPROVE_BATCH = "approve_batch", "批复资金安排批次"

    VIEW_DEADLINES = "view_deadlines", "查看期限日历"

    VIEW_DISCLOSURES = "view_disclosures", "查看公告公示"
    DRAFT_DISCLOSURE = "draft_disclosure", "起草公告公示"
    APPROVE_DISCLOSURE = "approve_disclosure", "批准公开"

    VIEW_OUTBOX = "view_outbox", "查看发信箱"
    RESEND_MAIL = "resend_mail", "重发邮件"
    VIEW_AUDIT = "view_audit", "查看审计日志"
    MANAGE_ACCOUNTS = "manage_accounts", "管理单位和账号"


class Scope(Labelled):
    """Over which rows a grant reaches, seen from the organization the duty is held at."""

    OWN = "own", "本单位"
    TOWNSHIP = "township", "本乡镇"
    DEPARTMENT = "department", "本行业"
    COUNTY = "county", "全县（区）"


@dataclass(frozen=True)
class Duty:
    """A role held at one organization; ``county_ids`` are the counties that lie below it."""

    role: Role
    organization_id: int
    county_ids: tuple[int, ...]


@dataclass(frozen=True)
class Actor:
    """Whoever is acting: a signed-in person, or a job (``user_id`` 0, no duties)."""

    user_id: int
    name: str
    organization_id: int
    county_id: int
    duties: tuple[Duty, ...] = ()
    session_id: int | None = None
    must_change_password: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        """The person's roles, wherever they are held."""
        return frozenset(duty.role for duty in self.duties)


SYSTEM = Actor(user_id=0, name="系统", organization_id=0, county_id=0)

_EVERYONE = {
    Action.SEE_HOME: Scope.OWN,
    Action.CHANGE_OWN_PASSWORD: Scope.OWN,
    Action.SEE_PERMISSIONS: Scope.OWN,
    Action.VIEW_DEADLINES: Scope.COUNTY,
}
_COUNTY_READER = _EVERYONE | {
    Action.VIEW_PROJECTS: Scope.COUNTY,
    Action.VIEW_FUNDS: Scope.COUNTY,
    Action.VIEW_DISCLOSURES: Scope.COUNTY,
}
_TOWN = _EVERYONE | {
    Action.VIEW_PROJECTS: Scope.TOWNSHIP,
    Action.REVIEW_AT_TOWN: Scope.TOWNSHIP,
    Action.RECORD_NOTICE: Scope.TOWNSHIP,
    Action.VIEW_FUNDS: Scope.COUNTY,
    Action.VIEW_DISCLOSURES: Scope.COUNTY,
}

GRANTS: dict[Role, dict[Action, Scope]] = {
    Role.VILLAGE_CLERK: _EVERYONE
    | {
        Action.VIEW_PROJECTS: Scope.OWN,
        Action.APPLY: Scope.OWN,
        Action.RECORD_NOTICE: Scope.OWN,
        Action.VIEW_DISCLOSURES: Scope.COUNTY,
    },
    Role.TOWN_REVIEWER: _TOWN | {Action.APPLY: Scope.OWN},
    Role.TOWN_LEADER: _TOWN,
    Role.DEPT_REVIEWER: _COUNTY_READER
    | {
        Action.VIEW_PROJECTS: Scope.DEPARTMENT,
        Action.APPLY: Scope.OWN,
        Action.REVIEW_AT_DEPARTMENT: Scope.DEPARTMENT,
    },
    Role.LEAD_OFFICE: _COUNTY_READER
    | {
        Action.IMPORT_PROJECTS: Scope.COUNTY,
        Action.REMOVE_PROJECT: Scope.COUNTY,
        Action.DRAFT_DISCLOSURE: Scope.COUNTY,
        Action.VIEW_OUTBOX: Scope.COUNTY,
    },
    Role.APPROVER: _COUNTY_READER
    | {
        Action.DECIDE_ADMISSION: Scope.COUNTY,
        Action.APPROVE_BATCH: Scope.COUNTY,
        Action.APPROVE_DISCLOSURE: Scope.COUNTY,
    },
    Role.FINANCE_AGRI: _COUNTY_READER
    | {
        Action.REGISTER_DOCUMENT: Scope.COUNTY,
        Action.DRAFT_BATCH: Scope.COUNTY,
        Action.DRAFT_DISCLOSURE: Scope.COUNTY,
        Action.VIEW_OUTBOX: Scope.COUNTY,
    },
    Role.FINANCE_PAYMENT: _COUNTY_READER,
    Role.FINANCE_PERF: _COUNTY_READER,
    Role.AUDITOR: _COUNTY_READER
    | {Action.VIEW_OUTBOX: Scope.COUNTY, Action.VIEW_AUDIT: Scope.COUNTY},
    Role.SYSADMIN: _EVERYONE
    | {
        Action.MANAGE_ACCOUNTS: Scope.COUNTY,
        Action.VIEW_OUTBOX: Scope.COUNTY,
        Action.RESEND_MAIL: Scope.COUNTY,
    },
}


def holds(actor: Actor, action: Action) -> bool:
    """Whether any duty of the actor grants the action, over whatever scope."""
    return any(action in GRANTS[duty.role] for duty in actor.duties)


def reaches(actor: Actor, action: Action) -> tuple[tuple[Scope, Duty], ...]:
    """Each scope over which the actor may do this, with the duty that gives it."""
    return tuple(
        (GRANTS[duty.role][action], duty) for duty in actor.duties if action in GRANTS[duty.role]
    )


def roles_with(action: Action) -> tuple[Role, ...]:
    """The roles to which the table grants the action, in the order of the table."""
    return tuple(role for role, grants in GRANTS.items() if action in grants)
