"""What every page of the public site shares: kept as settings of the county, never invented."""

from dataclasses import fields

import sqlalchemy as sa
from flask import current_app

from portal.accounts.models import Organization
from portal.db import Setting, db
from portal.disclosure.snapshots import phones_of
from portal.rules.broken import RuleBroken
from portal.rules.privacy import private_data
from public_site.schema import ADDRESS, Phone, Site

SAMPLE = "示范数据，不是真实公开"
FACTS = tuple(field.name for field in fields(Site) if field.name not in ("county", "notice"))


def facts_of(county: Organization) -> dict[str, str]:
    """The shared facts as text, one per name in ``FACTS``; ``phones`` has a telephone a line."""
    prefix = _key(county, "")
    statement = sa.select(Setting.key, Setting.value).where(Setting.key.startswith(prefix))
    kept = {key.removeprefix(prefix): value for key, value in db.session.execute(statement)}
    defaults = {
        "title": f"{county.name}衔接资金公开",
        "fund_name": current_app.extensions["book"].fund_name,
        "phones": "监督电话 12317",
    }
    return {name: kept.get(name, defaults.get(name, "")) for name in FACTS}


def site_of(county: Organization) -> Site:
    """The shared facts as the site takes them."""
    facts = facts_of(county)
    phones = tuple(Phone(*phone) for phone in phones_of(facts.pop("phones")))
    notice = SAMPLE if current_app.config["DEMO"] else ""
    return Site(county=county.name, phones=phones, notice=notice, **facts)


def save_facts(county: Organization, facts: dict[str, str]) -> None:
    """Keep the facts; :class:`RuleBroken` where a telephone is none or something private is in them."""
    try:
        numbers = [number for _name, number in phones_of(facts["phones"])]
    except ValueError as error:
        raise RuleBroken(str(error), field="phones") from None
    if facts["web_address"].strip() and not ADDRESS(facts["web_address"].strip()):
        raise RuleBroken("网站地址写成 https://域名/路径，最后不带斜杠。", field="web_address")
    for name in FACTS:
        if found := private_data(facts[name], numbers):
            raise RuleBroken(f"这里有{found[0].masked}，不能公开，请删去。", field=name)
        db.session.merge(Setting(key=_key(county, name), value=facts[name].strip()))
    db.session.flush()


def _key(county: Organization, name: str) -> str:
    return f"site.{county.id}.{name}"
