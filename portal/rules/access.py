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
    SET_PRIORITIES = "set_priorities", "排定项目优先顺序"

    RECORD_EXECUTION = "record_execution", "登记合同和实施情况"
    REPORT_PROGRESS = "report_progress", "报告实施进度"
    ACCEPT_AT_TOWN = "accept_at_town", "乡镇验收"
    ACCEPT_AT_COUNTY = "accept_at_county", "县级验收"
    PROPOSE_CHANGE = "propose_change", "申请暂缓、变更或终止"
    DECIDE_CHANGE = "decide_change", "审批暂缓、变更或终止"

    VIEW_PAYMENTS = "view_payments", "查看资金支付"
    REQUEST_PAYMENT = "request_payment", "申请支付"
    CHECK_PAYMENT = "check_payment", "审核支付"
    RECORD_PAYMENT = "record_payment", "登记支付和冲销"
    ASSIGN_GATES = "assign_gates", "安排支付审核岗位"

    VIEW_PACE = "view_pace", "查看支出进度"
    TAKE_SNAPSHOT = "take_snapshot", "固定支出进度"
    RECORD_OPENING = "record_opening", "登记启用前的资金支出"
    RETURN_SURPLUS = "return_surplus", "提出收回结余"
    PROPOSE_CLOSING = "propose_closing", "编制年度结账"
    DECIDE_CLOSING = "decide_closing", "审批年度结账"
    ISSUE_PAYMENT_PLAN = "issue_payment_plan", "下达月度用款计划"
    EXPLAIN_PAYMENT_PLAN = "explain_payment_plan", "说明用款计划未完成原因"
    ISSUE_BULLETIN = "issue_bulletin", "编发通报和督办函"
    VIEW_LETTERS = "view_letters", "查看督办函"
    ANSWER_LETTER = "answer_letter", "回复督办函"

    VIEW_PERFORMANCE = "view_performance", "查看绩效管理"
    WRITE_PERFORMANCE = "write_performance", "填报绩效表"
    REVIEW_PERFORMANCE = "review_performance", "审核绩效表"
    WRITE_REGIONAL = "write_regional", "填报区域绩效自评表"
    WRITE_ASSESSMENT = "write_assessment", "编制年度绩效自评"
    SIGN_AS_FINANCE = "sign_as_finance", "财政部门签署年度自评"
    SIGN_AS_AGRICULTURE = "sign_as_agriculture", "农业农村部门签署年度自评"

    VIEW_DEADLINES = "view_deadlines", "查看期限日历"

    VIEW_DISCLOSURES = "view_disclosures", "查看公告公示"
    DRAFT_DISCLOSURE = "draft_disclosure", "起草公告公示"
    APPROVE_DISCLOSURE = "approve_disclosure", "批准公开"
    RECORD_PROOF = "record_proof", "登记公开凭证"

    VIEW_COMPLAINTS = "view_complaints", "查看投诉举报"
    REGISTER_COMPLAINT = "register_complaint", "登记投诉举报"
    ASSIGN_COMPLAINT = "assign_complaint", "交办投诉举报"
    ANSWER_COMPLAINT = "answer_complaint", "办理投诉举报"
    CLOSE_COMPLAINT = "close_complaint", "办结投诉举报"

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
    Action.VIEW_PAYMENTS: Scope.COUNTY,
    Action.VIEW_PACE: Scope.COUNTY,
    Action.VIEW_PERFORMANCE: Scope.COUNTY,
    Action.VIEW_LETTERS: Scope.COUNTY,
    Action.VIEW_FUNDS: Scope.COUNTY,
    Action.VIEW_DISCLOSURES: Scope.COUNTY,
}
_TOWN = _EVERYONE | {
    Action.VIEW_PROJECTS: Scope.TOWNSHIP,
    Action.REVIEW_AT_TOWN: Scope.TOWNSHIP,
    Action.RECORD_NOTICE: Scope.TOWNSHIP,
    Action.VIEW_FUNDS: Scope.COUNTY,
    Action.VIEW_DISCLOSURES: Scope.COUNTY,
    Action.VIEW_PAYMENTS: Scope.TOWNSHIP,
    Action.VIEW_PACE: Scope.COUNTY,
    Action.VIEW_LETTERS: Scope.TOWNSHIP,
    Action.ANSWER_LETTER: Scope.TOWNSHIP,
    Action.REPORT_PROGRESS: Scope.TOWNSHIP,
    Action.VIEW_PERFORMANCE: Scope.TOWNSHIP,
    Action.RECORD_PROOF: Scope.TOWNSHIP,
    Action.VIEW_COMPLAINTS: Scope.TOWNSHIP,
    Action.REGISTER_COMPLAINT: Scope.TOWNSHIP,
    Action.ANSWER_COMPLAINT: Scope.TOWNSHIP,
}

GRANTS: dict[Role, dict[Action, Scope]] = {
    Role.VILLAGE_CLERK: _EVERYONE
    | {
        Action.VIEW_PROJECTS: Scope.OWN,
        Action.APPLY: Scope.OWN,
        Action.RECORD_NOTICE: Scope.OWN,
        Action.VIEW_DISCLOSURES: Scope.COUNTY,
        Action.VIEW_PAYMENTS: Scope.OWN,
        Action.REPORT_PROGRESS: Scope.OWN,
        Action.VIEW_PERFORMANCE: Scope.OWN,
        Action.RECORD_PROOF: Scope.OWN,
    },
    Role.TOWN_REVIEWER: _TOWN
    | {
        Action.APPLY: Scope.OWN,
        Action.RECORD_EXECUTION: Scope.TOWNSHIP,
        Action.PROPOSE_CHANGE: Scope.TOWNSHIP,
        Action.REQUEST_PAYMENT: Scope.TOWNSHIP,
        Action.EXPLAIN_PAYMENT_PLAN: Scope.TOWNSHIP,
        Action.WRITE_PERFORMANCE: Scope.TOWNSHIP,
    },
    Role.TOWN_LEADER: _TOWN
    | {Action.ACCEPT_AT_TOWN: Scope.TOWNSHIP, Action.CHECK_PAYMENT: Scope.TOWNSHIP},
    Role.DEPT_REVIEWER: _COUNTY_READER
    | {
        Action.VIEW_PROJECTS: Scope.DEPARTMENT,
        Action.APPLY: Scope.OWN,
        Action.REVIEW_AT_DEPARTMENT: Scope.DEPARTMENT,
        Action.RECORD_EXECUTION: Scope.DEPARTMENT,
        Action.REPORT_PROGRESS: Scope.DEPARTMENT,
        Action.ACCEPT_AT_COUNTY: Scope.DEPARTMENT,
        Action.PROPOSE_CHANGE: Scope.DEPARTMENT,
        Action.VIEW_PAYMENTS: Scope.DEPARTMENT,
        Action.VIEW_PERFORMANCE: Scope.DEPARTMENT,
        Action.WRITE_PERFORMANCE: Scope.DEPARTMENT,
        Action.REQUEST_PAYMENT: Scope.DEPARTMENT,
        Action.CHECK_PAYMENT: Scope.DEPARTMENT,
        Action.EXPLAIN_PAYMENT_PLAN: Scope.DEPARTMENT,
        Action.VIEW_LETTERS: Scope.DEPARTMENT,
        Action.ANSWER_LETTER: Scope.DEPARTMENT,
        Action.VIEW_COMPLAINTS: Scope.DEPARTMENT,
        Action.ANSWER_COMPLAINT: Scope.DEPARTMENT,
    },
    Role.LEAD_OFFICE: _COUNTY_READER
    | {
        Action.IMPORT_PROJECTS: Scope.COUNTY,
        Action.REMOVE_PROJECT: Scope.COUNTY,
        Action.SET_PRIORITIES: Scope.COUNTY,
        Action.RECORD_EXECUTION: Scope.COUNTY,
        Action.REPORT_PROGRESS: Scope.COUNTY,
        Action.PROPOSE_CHANGE: Scope.COUNTY,
        Action.REQUEST_PAYMENT: Scope.COUNTY,
        Action.ISSUE_BULLETIN: Scope.COUNTY,
        Action.WRITE_PERFORMANCE: Scope.COUNTY,
        Action.WRITE_REGIONAL: Scope.COUNTY,
        Action.WRITE_ASSESSMENT: Scope.COUNTY,
        Action.SIGN_AS_AGRICULTURE: Scope.COUNTY,
        Action.DRAFT_DISCLOSURE: Scope.COUNTY,
        Action.RECORD_PROOF: Scope.COUNTY,
        Action.VIEW_COMPLAINTS: Scope.COUNTY,
        Action.REGISTER_COMPLAINT: Scope.COUNTY,
        Action.ASSIGN_COMPLAINT: Scope.COUNTY,
        Action.ANSWER_COMPLAINT: Scope.COUNTY,
        Action.CLOSE_COMPLAINT: Scope.COUNTY,
        Action.VIEW_OUTBOX: Scope.COUNTY,
    },
    Role.APPROVER: _COUNTY_READER
    | {
        Action.DECIDE_ADMISSION: Scope.COUNTY,
        Action.APPROVE_BATCH: Scope.COUNTY,
        Action.DECIDE_CHANGE: Scope.COUNTY,
        Action.DECIDE_CLOSING: Scope.COUNTY,
        Action.APPROVE_DISCLOSURE: Scope.COUNTY,
        Action.VIEW_COMPLAINTS: Scope.COUNTY,
        Action.CLOSE_COMPLAINT: Scope.COUNTY,
    },
    Role.FINANCE_AGRI: _COUNTY_READER
    | {
        Action.REGISTER_DOCUMENT: Scope.COUNTY,
        Action.DRAFT_BATCH: Scope.COUNTY,
        Action.CHECK_PAYMENT: Scope.COUNTY,
        Action.TAKE_SNAPSHOT: Scope.COUNTY,
        Action.RECORD_OPENING: Scope.COUNTY,
        Action.RETURN_SURPLUS: Scope.COUNTY,
        Action.PROPOSE_CLOSING: Scope.COUNTY,
        Action.ISSUE_PAYMENT_PLAN: Scope.COUNTY,
        Action.ISSUE_BULLETIN: Scope.COUNTY,
        Action.SIGN_AS_FINANCE: Scope.COUNTY,
        Action.DRAFT_DISCLOSURE: Scope.COUNTY,
        Action.RECORD_PROOF: Scope.COUNTY,
        Action.VIEW_OUTBOX: Scope.COUNTY,
    },
    Role.FINANCE_PAYMENT: _COUNTY_READER
    | {Action.CHECK_PAYMENT: Scope.COUNTY, Action.RECORD_PAYMENT: Scope.COUNTY},
    Role.FINANCE_PERF: _COUNTY_READER
    | {Action.REVIEW_PERFORMANCE: Scope.COUNTY, Action.WRITE_ASSESSMENT: Scope.COUNTY},
    Role.AUDITOR: _COUNTY_READER
    | {
        Action.VIEW_OUTBOX: Scope.COUNTY,
        Action.VIEW_AUDIT: Scope.COUNTY,
        Action.VIEW_COMPLAINTS: Scope.COUNTY,
    },
    Role.SYSADMIN: _EVERYONE
    | {
        Action.MANAGE_ACCOUNTS: Scope.COUNTY,
        Action.ASSIGN_GATES: Scope.COUNTY,
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
