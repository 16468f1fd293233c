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
    ANNOUNCEMENT = "announcement", "公告公示"


class DisclosureForm(Labelled):
    """公告 stands; 公示 hangs for a period in which people may object."""

    ANNOUNCEMENT = "announcement", "公告"
    PUBLIC_NOTICE = "public_notice", "公示"


class BuildState(Labelled):
    """A run of the public site's generator."""

    WAITING = "waiting", "等待生成"
    BUILT = "built", "已生成"
    BLOCKED = "blocked", "没有生成"


class NoticeLevel(Labelled):
    """Where a public notice (公示) hangs."""

    VILLAGE = "village", "村级公示"
    TOWNSHIP = "township", "乡镇公示"


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


class Comparison(Labelled):
    """How a target's achieved value is held against the declared one."""

    AT_LEAST = "ge", "≥"
    AT_MOST = "le", "≤"
    EXACTLY = "eq", "＝"


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
