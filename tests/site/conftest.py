"""A small site, built once for the tests that only look at it."""

from pathlib import Path

import pytest
from published import Published, published

from public_site import build


@pytest.fixture(scope="session")
def data() -> Published:
    return published(60)


@pytest.fixture(scope="session")
def site(data: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "public"
    build(data, out)
    return out
