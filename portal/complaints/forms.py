"""The forms of a complaint: intake, assignment, answer, end."""

from flask_wtf.file import MultipleFileField
from wtforms import SelectField
from wtforms.validators import InputRequired

from portal.complaints.operations import Intake
from portal.forms import REQUIRED, DayField, PortalForm, choices_of, line, text
from portal.rules.vocabulary import ComplaintChannel, ComplaintResult


class IntakeForm(PortalForm):
    channel = SelectField("来源", choices=choices_of(ComplaintChannel))
    received_on = DayField("收到日期", [REQUIRED])
    content = text("反映的内容", required=True, description="写事情，不写反映人的姓名和电话。")
    scans = MultipleFileField(
        "来信扫描件",
        description="可不传。先遮住姓名、电话、住址，再扫描或拍照；JPG、PNG 或 PDF，可选多个。",
    )
    contact = line(
        "联系方式",
        most=200,
        description="可不填。加密保存，只给领导小组办公室和正在办理的单位看，办结时删去。",
    )
    project = line("项目编码或名称", description="与哪个项目有关，名称要写全；不清楚的不填。")

    def intake(self) -> Intake:
        """What was typed."""
        channel = ComplaintChannel(self.channel.data)
        return Intake(channel, self.received_on.data, self.content.data, self.contact.data or "")


class AssignForm(PortalForm):
    office = SelectField("承办单位", [InputRequired("请选择承办单位。")])
    words = text("交办意见", most=500)


class AnswerForm(PortalForm):
    result = SelectField(
        "办理结果",
        [InputRequired("请选择办理结果。")],
        choices=choices_of(ComplaintResult, blank="请选择"),
    )
    answer = text("核查情况和答复内容", required=True)


class CloseForm(PortalForm):
    summary = text(
        "公开摘要",
        required=True,
        most=2000,
        description="反映了什么、查明了什么、怎么处理的；不写任何人的姓名、电话、住址。",
    )


class ReturnForm(PortalForm):
    words = text("退回理由", required=True, most=500)


class LookForm(PortalForm):
    """Asks for nothing."""
