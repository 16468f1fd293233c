"""支付凭证号: one number is booked once in a county."""

import unicodedata

import sqlalchemy as sa

from portal.db import db
from portal.payments.models import Payment
from portal.rules.broken import RuleBroken
from portal.rules.money import wan_exact
from portal.spreadsheets.cells import clean_text


def tidy_voucher(typed: str) -> str:
    """The number in its one form: plain signs, without blanks."""
    return "".join(unicodedata.normalize("NFKC", clean_text(typed)).split())


def booked_with(county_id: int, number: str) -> Payment | None:
    """The payment that bears this voucher's number."""
    return db.session.scalar(
        sa.select(Payment).filter_by(county_id=county_id, voucher_number=number).limit(1)
    )


def free_voucher(county_id: int, typed: str) -> str:
    """The number in its one form; ask under the lock of the county.

    Raises:
        RuleBroken: it is missing, or another payment bears it.
    """
    number = tidy_voucher(typed)
    if not number:
        raise RuleBroken("请填写支付凭证号。", field="voucher_number")
    if other := booked_with(county_id, number):
        raise RuleBroken(
            f"凭证号“{number}”已经登记在 {other.code}：{other.payee}，{wan_exact(other.amount)} 万元，"
            f"{other.paid_on} 支付。请核对凭证号。",
            field="voucher_number",
        )
    return number
