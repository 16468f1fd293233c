"""Forms of signing in and of administering organizations and accounts."""

from wtforms import PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import EqualTo, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput

from portal.forms import REQUIRED, PortalForm, choices_of, line
from portal.rules.vocabulary import OrganizationKind, Role

ADDRESS = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z"


def role_boxes() -> SelectMultipleField:
    """Boxes to tick: a list of many is chosen from with a key held down, which few people know."""
    return SelectMultipleField(
        "岗位", [REQUIRED], choices=choices_of(Role), option_widget=CheckboxInput()
    )


class LoginForm(PortalForm):
    username = StringField("用户名", [REQUIRED, Length(max=80)])
    password = PasswordField("密码", [REQUIRED, Length(max=200)])


class ChangePasswordForm(PortalForm):
    old = PasswordField("原密码", [REQUIRED, Length(max=200)])
    new = PasswordField(
        "新密码",
        [REQUIRED, Length(max=200)],
        description="至少 12 位，大写、小写、数字、符号中至少三种。",
    )
    again = PasswordField("再输一次新密码", [REQUIRED, EqualTo("new", "两次输入不一样。")])


class OrganizationForm(PortalForm):
    parent_id = SelectField("上级单位", coerce=int)
    kind = SelectField("类别", choices=choices_of(OrganizationKind))
    code = StringField(
        "单位编码",
        [REQUIRED, Regexp(r"[a-z0-9-]{1,64}\Z", message="只用小写字母、数字和连字符。")],
        description="小写字母、数字和连字符，定了不再改。",
    )
    name = line("单位名称", required=True, most=80)
    phone = line("值班电话", most=40)
    address = line("地址", most=200)


class RenameForm(PortalForm):
    name = line("新名称", required=True, most=80)


class UserForm(PortalForm):
    organization_id = SelectField("所在单位", coerce=int)
    username = StringField(
        "用户名",
        [REQUIRED, Regexp(r"[a-z0-9_.-]{2,40}\Z", message="2 到 40 位小写字母、数字、点或横线。")],
    )
    name = line("姓名", required=True, most=40)
    phone = line("电话", most=40)
    email = StringField(
        "电子邮箱", [Optional(), Length(max=120), Regexp(ADDRESS, message="邮箱地址不完整。")]
    )
    roles = role_boxes()


class DutiesForm(PortalForm):
    roles = role_boxes()
