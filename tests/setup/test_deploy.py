"""The examples for running it for real fit the code they configure."""

from pathlib import Path

import pytest

from portal import config

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.fixture
def example(tmp_path):
    lines = (DEPLOY / "portal.env.example").read_text(encoding="utf-8").splitlines()
    pairs = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return pairs | {"PORTAL_INSTANCE": str(tmp_path / "instance")}


def test_l8_the_example_settings_are_accepted_in_production(example):
    settings = config.load(example)
    assert settings["PRODUCTION"]
    assert settings["SESSION_COOKIE_NAME"] == "__Host-portal"
    assert settings["SMTP"].host == "smtp.example.gov.cn"


def test_every_setting_of_the_example_is_read(example):
    shown = Path(config.__file__).read_text(encoding="utf-8")
    unknown = {name for name in example if name not in shown}
    assert unknown == set()


def test_l9_the_proxy_overwrites_every_header_that_the_portal_trusts():
    nginx = (DEPLOY / "nginx" / "portal.conf").read_text(encoding="utf-8")
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in nginx
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in nginx
    assert "proxy_set_header X-Forwarded-Host $host;" in nginx


def test_p8_portal_and_public_site_have_different_host_names():
    names = [
        line.split()[1].rstrip(";")
        for file in ("portal.conf", "public-site.conf")
        for line in (DEPLOY / "nginx" / file).read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("server_name")
    ]
    assert sorted(set(names)) == ["gongkai.example.gov.cn", "portal.example.gov.cn"]
