"""Forms of disclosure: beginning, writing, deciding, correcting."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange

from portal.disclosure.models import DisclosureItem
from portal.disclosure.operations import NoticeText
from portal.forms import REQUIRED, DayField, PortalForm, choices_of, line, text
from portal.rules.vocabulary import DisclosureForm


class DocumentsForm(PortalForm):
    documents = SelectMultipleField("资金文件", coerce=int)


class YearForm(PortalForm):
    year = IntegerField("年度", [REQUIRED, NumberRange(2020, 2099, "请填写四位数的年度。")])


class ResultsForm(YearForm):
    """Whose results a notice tells: those of each project, or the county's own assessment."""

    COUNTY = "county"
    about = SelectField(
        "公开什么",
        choices=[
            SelectChoice("projects", "各项目自评结果"),
            SelectChoice(COUNTY, "全县（区）年度评价结果"),
        ],
    )


class AnnouncementForm(PortalForm):
    title = line("标题", required=True)
    form = SelectField("公开方式", choices=choices_of(DisclosureForm))

    def notice_form(self) -> DisclosureForm:
        """公告 or 公示, as chosen."""
        return DisclosureForm.named(self.form.data) or DisclosureForm.ANNOUNCEMENT


class BatchForm(PortalForm):
    batch = SelectField("资金调整批次", coerce=int)


class PolicyForm(PortalForm):
    title = line("标题", required=True, description="文件的全称。")
    number = line("文号", most=60, description="没有文号的不填。")
    words = text("正文或摘要", most=20000, description="一行是一段。文件本身在下一页作为附件上传。")


class RectificationForm(PortalForm):
    title = line("标题", required=True)
    problem = text(
        "发现的问题", required=True, description="写明谁检查发现、是什么问题；不写个人姓名。"
    )
    remedy = text("整改措施", required=True)
    done_on = DayField("整改完成日期", description="还没有完成的不填，初稿里会提示。")


class PeriodForm(PortalForm):
    from_on = DayField("从哪一天", validators=[REQUIRED])
    to_on = DayField("到哪一天", validators=[REQUIRED])


class NoticeForm(PortalForm):
    title = line("标题", required=True)
    form = SelectField(
        "公开方式",
        choices=choices_of(DisclosureForm),
        description="公告长期公开；公示有期限，群众可以提异议。",
    )
    from_on = DayField("公示开始", description="公告不填。")
    to_on = DayField("公示截止", description="当天不算，至少公示 10 天。")
    body = text("正文", most=20000, description="一行是一段。数字来自系统，请核对。")
    unit = line("发布单位", most=80)
    phones = text(
        "联系电话", most=400, description="每行一个：名称、空格、号码。只写值班电话，不写个人手机。"
    )
    address = line("地址", most=200)
    documents = SelectMultipleField("资金文件", coerce=int)
    projects = SelectMultipleField("项目", coerce=int)

    @classmethod
    def of(cls, item: DisclosureItem) -> "NoticeForm":
        """The form filled with an item."""
        form = cls(obj=item)
        form.form.data = item.form.value
        form.documents.data = [document.id for document in item.documents]
        form.projects.data = [project.id for project in item.projects]
        return form

    def notice(self) -> NoticeText:
        """What was written, as the operations take it."""
        names = ("title", "body", "unit", "phones", "address")
        texts: dict[str, Any] = {name: (self[name].data or "").strip() for name in names}
        return NoticeText(
            form=DisclosureForm.named(self.form.data) or DisclosureForm.ANNOUNCEMENT,
            from_on=self.from_on.data,
            to_on=self.to_on.data,
            **texts,
        )


class FileForm(PortalForm):
    title = line("附件名称", required=True, description="群众看到的名称，如“资金管理办法全文”。")
    file = FileField(
        "文件",
        [FileRequired("请选择文件。")],
        description="PDF、Word、Excel 或照片，不超过 20 MB。内容会原样公开。",
    )


class StepForm(PortalForm):
    """``shown``: digest of the content that the page showed; an approval is of nothing else."""

    move = HiddenField()
    shown = HiddenField()
    words = text("意见或理由", most=300)


class CorrectForm(PortalForm):
    reason = text(
        "更正说明", required=True, most=300, description="写明哪里错了、改成什么。群众会看到。"
    )
