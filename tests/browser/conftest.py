"""A portal with the small county on a port, and people who come to it with browsers of their own."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests import live
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

    def one(username: str, **options: object) -> Person:
        people.append(Person(browser, portal, username, **options))
        return people[-1]

    yield one
    complaints = {person.username: person.leave() for person in people}
    assert not any(complaints.values()), complaints
