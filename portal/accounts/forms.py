"""Forms of signing in and of administering organizations and accounts."""

from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import EqualTo, Length

from portal.forms import REQUIRED, PortalForm


class LoginForm(PortalForm):
    username = StringField("用户名", [REQUIRED, Length(max=80)])
    password = PasswordField("密码", [REQUIRED, Length(max=200)])
    save = SubmitField("登录")


class ChangePasswordForm(PortalForm):
    old = PasswordField("原密码", [REQUIRED, Length(max=200)])
    new = PasswordField(
        "新密码",
        [REQUIRED, Length(max=200)],
        description="至少 12 位，大写、小写、数字、符号中至少三种。",
    )
    again = PasswordField("再输一次新密码", [REQUIRED, EqualTo("new", "两次输入不一样。")])
    save = SubmitField("保存新密码")
