"""The forms of what every page of the public site shares, and of bundles."""

from wtforms import Field, HiddenField

from portal.forms import DayField, PortalForm, line, text
from portal.publication.site_facts import FACTS


class BuildForm(PortalForm):
    """Asks for nothing."""


class MakeBundleForm(PortalForm):
    """Asks for nothing."""


class BundleStepForm(PortalForm):
    move = HiddenField()
    words = text("意见或理由", most=300)
    delivered_on = DayField("移交日期")


class SiteFactsForm(PortalForm):
    title = line("网站名称", required=True)
    fund_name = line("资金名称", required=True)
    host_unit = line("主办单位")
    organizer = line("承办单位")
    phones = text("监督电话", required=True, most=400, description="每行一个：名称、空格、号码。")
    address = line("受理地址", most=200)
    site_code = line("网站标识码", most=40)
    icp = line("ICP 备案号", most=60)
    police = line("公安备案号", most=60)
    web_address = line(
        "网站地址",
        most=200,
        description="公众打开网站的地址，如 https://gongkai.example.gov.cn，最后不带斜杠。填了才有订阅和网站地图。",
    )

    def facts(self) -> dict[str, str]:
        """The text of each fact."""
        return {name: (self[name].data or "").strip() for name in FACTS}

    @property
    def shown(self) -> list[Field]:
        """The fields in the order of the page."""
        return [self[name] for name in FACTS]
