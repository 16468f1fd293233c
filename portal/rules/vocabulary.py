"""One word per concept: the enums of the field. Value = database word, label = the Chinese word."""

from enum import Enum
from typing import Self


class Labelled(str, Enum):
    """A closed list whose members carry the word that is shown to people.

    ``Role("auditor")`` finds a member by its database word; ``Role.AUDITOR.label`` is its title.
    """

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    def __str__(self) -> str:
        return str.__str__(self)

    @classmethod
    def named(cls, word: str | None) -> Self | None:
        """The member with this database word, or None: for words that came from outside."""
        return next((member for member in cls if member.value == word), None)


class Role(Labelled):
    """What a person does in the fund's chain (DOMAIN §2)."""

    VILLAGE_CLERK = "village_clerk", "村级经办人"
    TOWN_REVIEWER = "town_reviewer", "乡镇审核人"
    TOWN_LEADER = "town_leader", "乡镇分管领导"
    DEPT_REVIEWER = "dept_reviewer", "行业部门审查人"
    LEAD_OFFICE = "lead_office", "领导小组办公室"
    APPROVER = "approver", "领导小组审定人"
    FINANCE_AGRI = "finance_agri", "财政农业股"
    FINANCE_PAYMENT = "finance_payment", "财政支付中心"
    FINANCE_PERF = "finance_perf", "财政绩效股"
    AUDITOR = "auditor", "审计监督（只读）"
    SYSADMIN = "sysadmin", "系统管理员"


class OrganizationKind(Labelled):
    PREFECTURE = "prefecture", "市（州）"
    COUNTY = "county", "县（区）"
    DEPARTMENT = "department", "县直部门"
    TOWNSHIP = "township", "乡镇（街道）"
    VILLAGE = "village", "村"


class FundingTier(Labelled):
    """资金级次: whose budget the money comes from."""

    CENTRAL = "central", "中央"
    PROVINCIAL = "provincial", "省级"
    MUNICIPAL = "municipal", "市级"
    COUNTY = "county", "区级"


class FundTask(Labelled):
    """任务方向: the purpose the money was issued for."""

    CONSOLIDATION = "consolidation", "巩固拓展脱贫攻坚成果和乡村振兴任务"
    ETHNIC = "ethnic", "少数民族发展任务"
    WORK_RELIEF = "work_relief", "以工代赈任务"
    STATE_FARM = "state_farm", "欠发达国有农场巩固提升任务"
    STATE_FOREST = "state_forest", "欠发达国有林场巩固提升任务"


class ReportClass(Labelled):
    """The class a county reports in; many project types map to one class."""

    INDUSTRY = "industry", "产业类项目"
    INFRASTRUCTURE = "infrastructure", "基础设施类项目"
    OTHER = "other", "其他类项目"


class ConstructionNature(Labelled):
    NEW = "new", "新建"
    CONTINUED = "continued", "续建"
    EXTENDED = "extended", "改扩建"
    REPAIR = "repair", "维修"


class ProjectStatus(Labelled):
    DRAFT = "draft", "草稿"
    TOWN_REVIEW = "town_review", "乡镇审核中"
    DEPT_REVIEW = "dept_review", "部门审查中"
    COUNTY_REVIEW = "county_review", "领导小组审定中"
    ADMITTED = "admitted", "已入库"
    RETURNED = "returned", "已退回"
    REJECTED = "rejected", "未通过"
    REMOVED = "removed", "已出库"


class BatchStatus(Labelled):
    """An allocation batch (资金安排批次) from the finance office's draft to the approval."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审批"
    APPROVED = "approved", "已批复"
    VOIDED = "voided", "已作废"


class ChangeKind(Labelled):
    """What is asked of the leading group about a project under way (P3)."""

    SUSPEND = "suspend", "暂缓实施"
    RESUME = "resume", "恢复实施"
    CHANGE = "change", "变更内容"
    TERMINATE = "terminate", "终止实施"


class ChangeStatus(Labelled):
    SUBMITTED = "submitted", "待审批"
    APPROVED = "approved", "已批准"
    REJECTED = "rejected", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"


class Phase(Labelled):
    """How far the works of a project are: computed from the facts on record, never stored (P3)."""

    NOT_STARTED = "not_started", "未开工"
    TENDERING = "tendering", "招标采购中"
    CONTRACTED = "contracted", "已签合同"
    UNDER_WAY = "under_way", "实施中"
    FINISHED = "finished", "已完工"
    ACCEPTED = "accepted", "已验收"
    SETTLED = "settled", "已结算"
    SUSPENDED = "suspended", "暂缓实施"
    TERMINATED = "terminated", "已终止"


class ContractKind(Labelled):
    WORKS = "works", "施工合同"
    GOODS = "goods", "采购合同"
    SERVICE = "service", "服务合同（设计、监理等）"


class TenderMethod(Labelled):
    """How the contractor was found."""

    PUBLIC = "public", "公开招标"
    INVITED = "invited", "邀请招标"
    CONSULTED = "consulted", "竞争性磋商、谈判或询价"
    SINGLE = "single", "单一来源"
    DIRECT = "direct", "限额以下直接发包"
    SELF_BUILT = "self_built", "村民自建、以工代赈"


class AcceptanceLevel(Labelled):
    """The three looks at finished work, from below."""

    SELF = "self", "自检"
    TOWNSHIP = "township", "乡镇验收"
    COUNTY = "county", "县级验收"


class PaymentKind(Labelled):
    """付款类型 (F11); a subsidy goes to households and needs no contract."""

    ADVANCE = "advance", "预付款"
    PROGRESS = "progress", "进度款"
    SETTLEMENT = "settlement", "结算款"
    RETENTION = "retention", "质保金"
    SUBSIDY = "subsidy", "补助补贴"


class PaymentStatus(Labelled):
    """A payment from the request through the gates to the treasury."""

    DRAFT = "draft", "草稿"
    CHECKING = "checking", "审核中"
    APPROVED = "approved", "待支付"
    PAID = "paid", "已支付"
    VOIDED = "voided", "已作废"


class PaymentOrigin(Labelled):
    """Where a payment entered the ledger: by a request, from the treasury's list, or to undo another."""

    REQUEST = "request", "申请支付"
    TREASURY = "treasury", "国库清单补登"
    REVERSAL = "reversal", "冲销"


class PaceMethod(Labelled):
    """序时进度: how much of the year counts as gone on a day (DOMAIN §6, three readings)."""

    DAY = "day", "按天"
    HALF_MONTH = "half_month", "按半月"
    MONTH_END = "month_end", "按月末"


class BulletinKind(Labelled):
    MONTHLY = "monthly", "月通报"
    TEN_DAY = "ten_day", "旬通报"
    WEEKLY = "weekly", "周通报"


class ClosingStatus(Labelled):
    """The closing of a year: figured, then approved by somebody else."""

    SUBMITTED = "submitted", "待审批"
    CLOSED = "closed", "已结账"
    REJECTED = "rejected", "未通过"


class DisclosureStatus(Labelled):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审批"
    PUBLISHED = "published", "已公开"
    SUPERSEDED = "superseded", "已更正"
    WITHDRAWN = "withdrawn", "已撤回"


class DisclosureKind(Labelled):
    FUND_ALLOCATION = "fund_allocation", "资金分配结果"
    LIBRARY = "library", "项目库"
    ANNUAL_PLAN = "annual_plan", "年度项目计划"
    FUND_RECEIPT = "fund_receipt", "资金来源和规模"
    ADJUSTMENT = "adjustment", "资金项目调整"
    COMPLETION = "completion", "计划完成情况"
    TARGETS = "targets", "绩效目标"
    PERFORMANCE = "performance", "绩效评价结果"
    POLICY = "policy", "政策制度"
    RECTIFICATION = "rectification", "问题整改"
    COMPLAINTS = "complaints", "监督举报办理"
    ANNOUNCEMENT = "announcement", "公告公示"


class DisclosureForm(Labelled):
    """公告 stands; 公示 hangs for a period in which people may object."""

    ANNOUNCEMENT = "announcement", "公告"
    PUBLIC_NOTICE = "public_notice", "公示"


class DisclosureLevel(Labelled):
    """三级公开: where the public is told."""

    COUNTY = "county", "县级"
    TOWNSHIP = "township", "乡镇"
    VILLAGE = "village", "村级"


class DisclosureEvent(Labelled):
    """What happened that the public has to hear of (DOMAIN P6)."""

    RECEIVED = "received", "收到资金文件"
    ALLOCATED = "allocated", "资金落实到项目"
    ADMITTED = "admitted", "项目入库"
    PLANNED = "planned", "项目列入年度计划"
    ADJUSTED = "adjusted", "资金项目调整"
    STARTED = "started", "项目开工"
    COMPLETED = "completed", "项目完工"
    TARGETS_APPROVED = "targets_approved", "绩效目标批复"
    EVALUATED = "evaluated", "项目自评完成"
    ASSESSED = "assessed", "年度评价上报"


class Channel(Labelled):
    """Where something was made public."""

    PUBLIC_SITE = "public_site", "公开网站"
    WEBSITE = "website", "政府网站"
    BOARD = "board", "公示栏"
    MEETING = "meeting", "村民会议"
    OTHER = "other", "其他方式"


class ComplaintChannel(Labelled):
    """How a complaint reached the county."""

    HOTLINE = "hotline", "12317"
    PHONE = "phone", "电话"
    LETTER = "letter", "来信"
    VISIT = "visit", "来访"
    BOARD = "board", "公示栏意见"
    WEB = "web", "网上"


class ComplaintStatus(Labelled):
    """A complaint from its intake to the summary that the public may read."""

    RECEIVED = "received", "已登记"
    ASSIGNED = "assigned", "办理中"
    ANSWERED = "answered", "已答复待办结"
    CLOSED = "closed", "已办结"


class ComplaintResult(Labelled):
    TRUE = "true", "属实"
    PARTLY = "partly", "部分属实"
    UNTRUE = "untrue", "不属实"


class OverrideStatus(Labelled):
    """A request to let through what the privacy gate found."""

    ASKED = "asked", "待批准"
    GRANTED = "granted", "已同意"
    REFUSED = "refused", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"


class BundleStatus(Labelled):
    """A bundle for the county's own portal, from its making to the hand-over."""

    SUBMITTED = "submitted", "待批准"
    APPROVED = "approved", "已批准"
    REJECTED = "rejected", "未批准"
    DELIVERED = "delivered", "已移交"
    VOID = "void", "已作废"


class BuildState(Labelled):
    """A run of the public site's generator."""

    WAITING = "waiting", "等待生成"
    BUILT = "built", "已生成"
    BLOCKED = "blocked", "没有生成"


class NoticeLevel(Labelled):
    """Where a public notice (公示) hangs."""

    VILLAGE = "village", "村级公示"
    TOWNSHIP = "township", "乡镇公示"


class NoticeStage(Labelled):
    """What a notice on the board is about, from the application to the work before its last money."""

    APPLICATION = "application", "申报公示"
    PLAN = "plan", "年度计划公示"
    START = "start", "实施前公示"
    COMPLETION = "completion", "竣工公示"


class BoardPhoto(Labelled):
    """Which photo of a board: with the notice freshly hung, and on its last day."""

    FIRST = "first", "第一天的照片"
    LAST = "last", "最后一天的照片"


class TargetGroup(Labelled):
    """一级绩效指标: what the weights of a self-evaluation are given to (F6)."""

    OUTPUT = "output", "产出指标"
    BENEFIT = "benefit", "效益指标"
    SATISFACTION = "satisfaction", "满意度指标"


class TargetLevel(Labelled):
    """二级绩效指标 of the target declaration form (F4)."""

    QUANTITY = "quantity", "数量指标"
    QUALITY = "quality", "质量指标"
    TIMELINESS = "timeliness", "时效指标"
    COST = "cost", "成本指标"
    ECONOMIC = "economic", "经济效益指标"
    SOCIAL = "social", "社会效益指标"
    ECOLOGICAL = "ecological", "生态效益指标"
    SUSTAINED = "sustained", "可持续影响指标"
    SATISFACTION = "satisfaction", "服务对象满意度指标"

    @property
    def group(self) -> TargetGroup:
        """The first level that this second one belongs to."""
        if self is TargetLevel.SATISFACTION:
            return TargetGroup.SATISFACTION
        of_output = {self.QUANTITY, self.QUALITY, self.TIMELINESS, self.COST}
        return TargetGroup.OUTPUT if self in of_output else TargetGroup.BENEFIT


class Comparison(Labelled):
    """How a target's achieved value is held against the declared one."""

    AT_LEAST = "ge", "≥"
    AT_MOST = "le", "≤"
    EXACTLY = "eq", "＝"


class FormKind(Labelled):
    """The forms of a project's performance chain (F4, F5, F6) and the county's own (F6b)."""

    DECLARATION = "declaration", "绩效目标申报表"
    MONITORING = "monitoring", "绩效运行监控表"
    SELF_EVALUATION = "self_evaluation", "项目支出绩效自评表"
    REGIONAL = "regional", "转移支付区域绩效自评表"


class FormStatus(Labelled):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"
    APPROVED = "approved", "已审核"


class DutyState(Labelled):
    """Where a form that a project owes stands: not asked for yet, missing, or in the flow."""

    AHEAD = "ahead", "未到时间"
    MISSING = "missing", "待填报"
    LATE = "late", "逾期未报"
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"
    APPROVED = "approved", "已审核"


class Likelihood(Labelled):
    """完成目标可能性 of a monitored indicator (F5)."""

    CERTAIN = "certain", "确定能"
    POSSIBLE = "possible", "有可能"
    IMPOSSIBLE = "impossible", "完全不可能"


class DeviationCause(Labelled):
    """偏差原因 (F5)."""

    MONEY = "money", "经费保障"
    RULES = "rules", "制度保障"
    STAFF = "staff", "人员保障"
    EQUIPMENT = "equipment", "硬件条件保障"
    OTHER = "other", "其他"


class MoneySource(Labelled):
    """资金来源 of a self-evaluation: of a project by year (F6), of the county by budget (F6b)."""

    THIS_YEAR = "this_year", "本年财政拨款"
    CARRIED_OVER = "carried_over", "上年结转资金"
    CENTRAL = "central", "中央财政资金"
    LOCAL = "local", "地方资金"
    OTHER = "other", "其他资金"


class ManagementAspect(Labelled):
    """资金管理情况 of the regional form (F6b)."""

    DISTRIBUTION = "distribution", "分配科学性"
    TIMELINESS = "timeliness", "下达及时性"
    COMPLIANCE = "compliance", "拨付合规性"
    USE = "use", "使用规范性"
    ACCURACY = "accuracy", "执行准确性"
    PERFORMANCE = "performance", "预算绩效管理情况"
    RESPONSIBILITY = "responsibility", "支出责任履行情况"


class AssessmentStatus(Labelled):
    """The yearly self-assessment from the gathering of facts to the version that was sent up."""

    OPEN = "open", "编制中"
    SIGNED = "signed", "一方已签"
    SUBMITTED = "submitted", "已上报"


class FactOrigin(Labelled):
    """Where a fact of an assessment comes from."""

    LEDGER = "ledger", "账上数据"
    ENTERED = "entered", "人工填报"
    MISSING = "missing", "还没有数据"


class AttachmentCategory(Labelled):
    MINUTES = "minutes", "村民代表大会记录"
    NOTICE_PHOTO = "notice_photo", "公示照片"
    LAND = "land", "用地手续"
    DESIGN = "design", "设计与概算"
    ENVIRONMENT = "environment", "环评材料"
    OTHER = "other", "其他材料"


class MailState(Labelled):
    QUEUED = "queued", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发送"
    RETRY = "retry", "等待重试"
    FAILED = "failed", "发送失败"
