"""The base of every form: Chinese messages, a submission key, rules that speak at the field."""

import secrets
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.db import restart_unit
from portal.rules import money
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import Labelled

REQUIRED = InputRequired("请填写这一项。")


class PortalForm(FlaskForm):
    """One intention of one person. Fields are listed; whatever else is posted is ignored (B6).

    ``submission`` is made with the blank form and comes back with it: the second click on the same
    form finds it saved already.
    """

    class Meta:  # noqa: D106 - WTForms looks it up by this name
        locales = ("zh_CN", "zh")

    submission = HiddenField(default=lambda: secrets.token_urlsafe(16))

    def accepts(self, operation: Callable[[], object]) -> bool:
        """Validate, then run the operation; a broken rule becomes a message at its field."""
        if not self.validate():
            return False
        try:
            operation()
        except RuleBroken as broken:
            restart_unit()
            self.refuse(broken)
            return False
        return True

    def refuse(self, broken: RuleBroken) -> None:
        """Show a refusal at the field it belongs to, or above the form."""
        if broken.field and broken.field in self:
            self[broken.field].errors = [*self[broken.field].errors, broken.message]
        else:
            self.form_errors.append(broken.message)


class MoneyField(StringField):
    """An amount in 万元 with up to six decimals; the data is integer fen.

    Full-width digits and correct thousands commas are understood; what was typed is kept on error.
    """

    typed = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; :class:`money.MoneyError` speaks plain Chinese."""
        self.typed = valuelist[0] if valuelist else ""
        self.data: Any = None
        if self.typed.strip():
            self.data = money.parse_wan(self.typed)

    def _value(self) -> str:
        if self.typed:
            return self.typed
        return "" if self.data is None else money.wan_exact(self.data)


class DayField(StringField):
    """A calendar day; ``2023-03-20``, ``2023.3.20``, ``2023年3月20日`` and full-width digits are read."""

    typed = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed, or say how a day is written."""
        self.typed = valuelist[0] if valuelist else ""
        self.data: Any = None
        if self.typed.strip():
            self.data = parse_day(self.typed)

    def _value(self) -> str:
        if self.typed:
            return self.typed
        return self.data.isoformat() if isinstance(self.data, date) else ""


def parse_day(text: str) -> date:
    """A date as people write it; ``ValueError`` says in plain Chinese how to write one."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for mark in "年月./":
        plain = plain.replace(mark, "-")
    try:
        year, month, day = (int(part) for part in plain.rstrip("日").split("-"))
        found = date(year, month, day)
    except ValueError:
        raise ValueError("请写成“2023-03-20”这样的日期。") from None
    if not 1990 <= found.year <= 2099:
        raise ValueError("年份要在 1990 到 2099 之间。")
    return found


def choices_of(kind: type[Labelled], blank: str | None = None) -> list[SelectChoice]:
    """Choices of a select field: database word and label of each member."""
    first = [SelectChoice("", blank)] if blank is not None else []
    return first + [SelectChoice(member.value, member.label) for member in kind]


def line(label: str, *, required: bool = False, most: int = 120, **options: Any) -> Field:  # noqa: ANN401
    """A one-line text field with a length limit."""
    return StringField(label, [*([REQUIRED] if required else []), Length(max=most)], **options)


def text(label: str, *, required: bool = False, most: int = 4000, **options: Any) -> Field:  # noqa: ANN401
    """A text area with a length limit."""
    return TextAreaField(label, [*([REQUIRED] if required else []), Length(max=most)], **options)
