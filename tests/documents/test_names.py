import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.files.names import MAX_LENGTH, display_name, extension
from tests.corpus.filenames import NAMES


@pytest.mark.parametrize(("raw", "shown"), NAMES.items())
def test_d4_names_are_shown_clean_and_stay_chinese(raw: str, shown: str) -> None:
    assert display_name(raw) == shown


def test_d4_the_corpus_holds_forty_names() -> None:
    assert len(NAMES) >= 40


@given(st.text())
def test_d4_every_name_is_short_visible_and_no_path(raw: str) -> None:
    shown = display_name(raw)
    assert 0 < len(shown) <= MAX_LENGTH
    assert not set(shown) & set('/\\:*?"<>|;')
    assert not {unicodedata.category(mark) for mark in shown} & {"Cc", "Cf", "Cs"}
    assert display_name(shown) == shown


@pytest.mark.parametrize(
    ("name", "ending"),
    [("表.XLSX", "xlsx"), ("a.pdf.exe", "exe"), ("无", ""), (".htaccess", ""), ("表. pdf ", "pdf")],
)
def test_the_extension_is_what_follows_the_last_dot(name: str, ending: str) -> None:
    assert extension(name) == ending
