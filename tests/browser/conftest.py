"""Portals on ports, and people who come to them with browsers of their own."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests import live
from tests.browser.demo import Demo, demo_county
from tests.browser.pages import Person


@pytest.fixture
def portal(app: Flask) -> Iterator[str]:
    """The address of the small county's portal."""
    with live.portal(app) as address:
        yield address


@pytest.fixture
def arrive(browser: Browser, portal: str) -> Iterator[Callable[..., Person]]:
    """``arrive("approver")``: this person signs in; at the end nobody's browser may have complained."""
    people: list[Person] = []

    def one(username: str) -> Person:
        people.append(Person(browser, portal, username))
        return people[-1]

    yield one
    complaints = {person.username: person.leave() for person in people}
    assert not any(complaints.values()), complaints


@pytest.fixture(scope="session")
def march(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo county on the day on which it opens, 2023-03-20."""
    with demo_county(tmp_path_factory.mktemp("march") / "instance", None) as demo:
        yield demo


@pytest.fixture(scope="session")
def year_end(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo county at the end of its year, when every clock has stopped."""
    day = date(2023, 12, 31)
    with demo_county(tmp_path_factory.mktemp("year-end") / "instance", day) as demo:
        yield demo
