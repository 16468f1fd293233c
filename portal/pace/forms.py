"""Forms: freezing the figures of a day."""

from wtforms import SelectField

from portal.forms import REQUIRED, DayField, PortalForm, line


class SnapshotForm(PortalForm):
    """The years to choose from are the county's own; the view sets them."""

    fund_year = SelectField("资金年度", coerce=int)
    day = DayField("截至日期", [REQUIRED], description="固定这一天结束时的数。")
    reason = line("用途", required=True, most=200, description="例如：报送三季度支出进度。")
