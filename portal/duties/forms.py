"""The form of a proof."""

from flask_wtf.file import FileField
from wtforms import SelectField, SelectMultipleField

from portal.forms import REQUIRED, DayField, PortalForm, choices_of, line
from portal.rules.vocabulary import Channel


class ProofForm(PortalForm):
    """One proof for one or many duties; ``duty`` holds their ids."""

    duty = SelectMultipleField("公开任务", coerce=int, validate_choice=False)
    channel = SelectField("渠道", choices=choices_of(Channel), default=Channel.BOARD.value)
    met_on = DayField("实际公开日期", [REQUIRED], description="网页发布或公示栏张贴的那一天。")
    until_on = DayField("张贴到哪天", description="公示栏填写；网页长期公开的不填。")
    address = line(
        "网址或地点", most=300, description="网页填完整网址；公示栏填张贴的地点，如“东村公开栏”。"
    )
    photo = FileField(
        "公示栏照片", description="JPG 或 PNG，不超过 20 MB。公示栏的必须有照片，网页可以不传。"
    )


class RemoveForm(PortalForm):
    """Taking back a proof asks for nothing."""
