"""Forms of the boards, one per intention of one person."""

from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from portal.forms import REQUIRED, DayField, PortalForm, choices_of, line, text
from portal.rules.vocabulary import NoticeLevel, NoticeStage


class NoticeForm(PortalForm):
    stage = SelectField("公示事项", choices=choices_of(NoticeStage))
    level = SelectField("公示级别", choices=choices_of(NoticeLevel))
    from_on = DayField("开始日期", [REQUIRED], description="张贴的那一天。")
    to_on = DayField("结束日期", [REQUIRED])
    place = line("张贴地点", required=True)
    photo = FileField(
        "公示照片", description="今天或以后张贴的可以不传：先登记、打印、张贴，再到“公示栏”拍照。"
    )

    def offer(self, stages: tuple[NoticeStage, ...], levels: tuple[NoticeLevel, ...]) -> None:
        """Leave only what can be chosen now by this person."""
        self.stage.choices = [SelectChoice(one.value, one.label) for one in stages]
        self.level.choices = [SelectChoice(one.value, one.label) for one in levels]


class PhotoForm(PortalForm):
    photo = FileField("公示栏照片", [FileRequired("请拍一张公示栏的照片。")])


class ObjectionForm(PortalForm):
    received_on = DayField("收到日期", [REQUIRED])
    content = text(
        "异议内容",
        required=True,
        most=1000,
        description="只写反映的事，不写反映人的姓名和电话。",
    )


class AnswerForm(PortalForm):
    """One of several on a page: :meth:`for_row` gives its field and label an id of their own."""

    answer = text("答复", required=True, most=1000)

    def for_row(self, row_id: int) -> "AnswerForm":
        """This form, its field named after the objection."""
        self.answer.id = self.answer.label.field_id = f"answer-{row_id}"
        return self


class CloseForm(PortalForm):
    """Only the button."""
