"""SECURITY D6: the zip rules, before any parser sees the file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from portal.files.checks import inspect_upload
from portal.intake import FileRefused
from portal.spreadsheets.precheck import check_workbook
from tests.corpus import archives, workbooks

HONEST = workbooks.xlsx([["乡镇"], ["红星镇"]])
CASES: dict[str, tuple[Callable[[], bytes], str]] = {
    "parent folder": (lambda: archives.with_member(HONEST, "../evil"), "内部结构异常"),
    "absolute": (lambda: archives.with_member(HONEST, "/etc/evil"), "内部结构异常"),
    "backslash": (lambda: archives.with_member(HONEST, "..\\evil"), "内部结构异常"),
    "drive": (lambda: archives.with_member(HONEST, "C:evil"), "内部结构异常"),
    "symbolic link": (lambda: archives.with_symlink(HONEST), "内部结构异常"),
    "duplicate": (lambda: archives.with_duplicate(HONEST), "内部结构异常"),
    "encrypted": (lambda: archives.with_encrypted_flag(HONEST), "密码"),
    "false size": (lambda: archives.with_false_size(HONEST, "xl/workbook.xml"), "已损坏"),
    "truncated": (lambda: HONEST[: len(HONEST) // 2], "已损坏"),
    "2001 members": (lambda: archives.many_members(HONEST, 2_001), "2000"),
    "billion laughs": (workbooks.billion_laughs, "内部结构异常"),
    "external file": (lambda: workbooks.external_entity("file:///etc/passwd"), "内部结构异常"),
    "external address": (lambda: workbooks.external_entity("http://evil.test/"), "内部结构异常"),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    "gate",
    [check_workbook, lambda content: inspect_upload(content, "表.xlsx")],
    ids=["import", "upload"],
)
def test_d6_an_archive_against_the_rules_is_refused(
    case: str, gate: Callable[[bytes], object]
) -> None:
    build, reason = CASES[case]
    with pytest.raises(FileRefused, match=reason):
        gate(build())


def test_d6_an_honest_archive_passes_both_gates() -> None:
    check_workbook(HONEST)
    assert inspect_upload(HONEST, "表.xlsx").content == HONEST


def test_d6_two_hundred_megabytes_of_zeros_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="100 MB"):
        check_workbook(archives.sparse_archive(tmp_path))
