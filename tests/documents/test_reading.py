"""A report read from Word and from text says the same."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document

from portal.documents.reading import read_report
from portal.intake import FileRefused
from portal.performance.commands import crosscheck_command
from portal.rules.crosscheck.check import crosscheck
from portal.rules.crosscheck.text import Report, Table, read_text

REPORTS = Path(__file__).parents[1] / "corpus" / "reports"


def as_word(report: Report) -> bytes:
    """The same paragraphs and tables in Word."""
    document = Document()
    for block in report.blocks:
        if isinstance(block, Table):
            add_table(document, block)
        else:
            document.add_paragraph(block.text)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def add_table(document, table):
    """A row with fewer cells than the others spans columns from its first cell on."""
    width = max(len(row) for row in table.rows)
    made = document.add_table(len(table.rows), width)
    for row, texts in zip(made.rows, table.rows, strict=True):
        cells = row.cells
        merged = cells[0].merge(cells[width - len(texts)])
        for cell, text in zip((merged, *cells[width - len(texts) + 1 :]), texts, strict=True):
            cell.text = text


@pytest.mark.parametrize("name", ["acheng-2023", "jingyu-2023", "xiangyuan-2024"])
def test_word_and_text_give_the_same_findings(name):
    report = read_text((REPORTS / f"{name}.txt").read_text(encoding="utf-8"))
    word = crosscheck(read_report(as_word(report)))
    assert [f.arithmetic for f in word.findings] == [
        f.arithmetic for f in crosscheck(report).findings
    ]


def test_merged_cells_of_a_word_table_are_read_once():
    document = Document()
    table = document.add_table(4, 3)
    for row, texts in zip(
        table.rows, ["类别 项目 金额", "产业 甲 10", "产业 乙 20", "合计 合计 31"], strict=True
    ):
        for cell, text in zip(row.cells, texts.split(), strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0)).text = "产业"
    table.cell(3, 0).merge(table.cell(3, 1)).text = "合计"
    content = BytesIO()
    document.save(content)
    report = read_report(content.getvalue())
    assert report.tables[0].rows[1:] == (("产业", "甲", "10"), ("", "乙", "20"), ("合计", "31"))
    assert [f.arithmetic for f in crosscheck(report).findings] == ["2 项相加 = 30，写的是 31"]


def test_text_of_an_old_windows_machine_is_read():
    assert (
        read_report("共10万元，其中甲7万元、乙2.9万元。".encode("gb18030"))
        .paragraphs[0]
        .text.startswith("共10")
    )


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"PK\x03\x04broken", b"a\0b"])
def test_other_files_are_refused(content):
    with pytest.raises(FileRefused):
        read_report(content)


def test_the_command_prints_findings_as_json():
    done = CliRunner().invoke(crosscheck_command, [str(REPORTS / "xiangyuan-2024.txt"), "--json"])
    outcome = json.loads(done.output)
    assert done.exit_code == 0
    assert [finding["recomputed"] for finding in outcome["findings"]] == ["99.98%", "85.01%"]
    assert set(outcome["findings"][0]) == {"place", "kind", "claim", "recomputed", "arithmetic"}


def test_a_file_that_cannot_be_read_ends_with_an_error(tmp_path):
    path = tmp_path / "report.docx"
    path.write_bytes(b"PK\x03\x04broken")
    done = CliRunner().invoke(crosscheck_command, [str(path)])
    assert (done.exit_code, "report.docx: " in done.output) == (1, True)
