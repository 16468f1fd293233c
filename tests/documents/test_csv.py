"""CSV in every encoding that a county's computers write, and out as RFC 4180 with a byte order mark."""

import io

import pytest

from portal.intake import FileRefused
from portal.spreadsheets.checking import check_file
from portal.spreadsheets.writing import write_csv
from tests.documents.plan import PLAN, RECORDS

LINES = '乡镇,项目名称,计划投入资金,备注\r\n红星镇,冷库㐂,12.5,"有,逗号"\r\n'


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_every_encoding_separator_and_line_end_is_recognised(
    encoding: str, separator: str, line_end: str
) -> None:
    text = "乡镇,项目名称,计划投入资金\r\n红星镇,冷库,12.5\r\n"
    content = text.replace(",", separator).replace("\r\n", line_end).encode(encoding)
    assert check_file(PLAN, content, "表.csv").rows[0].values == {
        "township": "红星镇",
        "name": "冷库",
        "planned": 12_500_000,
    }


def test_gbk_and_quotes() -> None:
    row = check_file(PLAN, LINES.encode("gb18030"), "表.CSV").rows[0]
    assert (row.values["name"], row.values["remark"]) == ("冷库㐂", "有,逗号")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (LINES.encode() + b'"x', "引号"),
        (LINES.encode() + b'a"b,"c"d\n', "引号"),
        (LINES.encode() + b"\x00\x01\x02", "不是文字"),
        (b"\xff\xfe\x00\xd8\x00", "不是文字"),
        (LINES.encode() + "乡".encode("utf-16-le") + b"\xff\xff\xff", "不是文字"),
        (LINES.encode() + b"x" * 200_000, "内容过长"),
    ],
    ids=["open quote", "stray quote", "NUL", "cut UTF-16", "mixed", "long cell"],
)
def test_damaged_text_is_refused_with_advice(content: bytes, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        check_file(PLAN, content, "表.csv")


def test_short_rows_end_in_empty_cells() -> None:
    content = "乡镇,项目名称,计划投入资金,备注\n红星镇,冷库,1\n".encode()
    assert check_file(PLAN, content, "表.csv").rows[0].values["remark"] is None


def exported(records: list[dict[str, object]]) -> bytes:
    target = io.BytesIO()
    write_csv(PLAN, records, target)
    return target.getvalue()


def test_d8_a_csv_comes_back_as_it_was_written() -> None:
    content = exported(RECORDS)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 1 + len(RECORDS)
    checked = check_file(PLAN, content, "表.csv")
    assert not checked.errors
    assert [row.values for row in checked.rows] == RECORDS


@pytest.mark.parametrize("mark", list("=+-@＝＋－＠"))
def test_d8_no_text_of_a_csv_runs_as_a_formula(mark: str) -> None:
    record = {**RECORDS[0], "name": f"{mark}cmd|' /C calc'!A0"}
    content = exported([record])
    assert f"'{mark}cmd" in content.decode("utf-8-sig")
    assert check_file(PLAN, content, "表.csv").rows[0].values["name"] == record["name"]


def test_d8_numbers_in_a_csv_are_plain() -> None:
    assert "1,红星镇" in exported(RECORDS).decode("utf-8-sig")
    assert "0.000001" in exported(RECORDS).decode("utf-8-sig")
