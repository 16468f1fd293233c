"""The rule book: the default is sound, a county's folder overrides it, and every fault is named at once."""

from pathlib import Path

import pytest

from portal.rules import book
from portal.rules.book import BookError
from portal.rules.vocabulary import NoticeLevel, ReportClass

SHANXI = Path(__file__).parents[2] / "docs" / "rulebooks" / "shanxi-2024"


def problems(folder: Path, **files: str) -> tuple[str, ...]:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    with pytest.raises(BookError) as refused:
        book.load(folder)
    return refused.value.problems


def default(name: str) -> str:
    return (book.DEFAULT_FOLDER / f"{name}.toml").read_text("utf-8")


def test_the_default_book_names_its_law() -> None:
    found = book.load()
    assert set(found.deadlines) >= {"fund_allocation", "report_to_group", "disclose_allocation"}
    assert set(found.notices) >= {level.value for level in NoticeLevel}
    assert all(rule.basis for rule in found.deadlines.values())
    assert found.fund_name == "财政衔接推进乡村振兴补助资金"


def test_the_type_tree_maps_many_types_to_three_classes() -> None:
    types = book.load().project_types
    assert types["crop_base"].full_label == "产业发展 / 生产项目 / 种植业基地"
    assert types["small_loan_interest"].report_class is ReportClass.INDUSTRY
    assert types["education"].report_class is ReportClass.OTHER
    assert types["road"].report_class is ReportClass.INFRASTRUCTURE
    assert types["management_fee"].is_leaf
    assert not types["industry"].is_leaf
    assert {t.report_class for t in types.values()} == set(ReportClass)


def test_a_folder_holds_only_what_it_changes() -> None:
    county = book.load(SHANXI)
    assert county.name.startswith("山西省")
    assert county.project_types == book.load().project_types
    assert county.deadlines["fund_allocation"].days == 15


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    text = default("book").replace("\n", "\r\n")
    (tmp_path / "book.toml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert book.load(tmp_path).name == book.load().name


def test_all_faults_are_listed_at_once_with_file_row_and_reason(tmp_path: Path) -> None:
    text = (
        default("deadlines")
        .replace("days = 45", 'days = "45天"')
        .replace('recipients = ["finance_agri"]', 'recipients = ["treasurer"]', 1)
        .replace('stop = "disclosed_on"', 'stop = "disclosd_on"')
    )
    found = problems(
        tmp_path, deadlines=text, notices=default("notices").replace("days = 10", "days = 0")
    )
    start = [line.split("，现在是")[0] for line in found]
    assert start[0] == 'deadlines.toml，rule "fund_allocation"：days 应填大于 0 的整数'
    assert found[0].endswith('现在是 "45天"')
    assert start[1].startswith(
        'deadlines.toml，rule "report_to_group"：recipients 应是 village_clerk'
    )
    assert start[2].startswith('deadlines.toml，rule "disclose_allocation"：stop 应是 allocated_on')
    assert start[3:] == [
        'notices.toml，notice "village"：days 应填大于 0 的整数',
        'notices.toml，notice "township"：days 应填大于 0 的整数',
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        (
            "deadlines",
            "zero_at = 60",
            "zero_at = 45",
            "zero_at 应大于 days，现在 zero_at 是 45，days 是 45",
        ),
        ("deadlines", "points = 5", "", "填了 zero_at，还要填 points"),
        ("deadlines", "points = 5", "points = -1", "points 应填不小于 0 的数字，现在是 -1"),
        ("deadlines", "points = 5", "points = nan", "points 应填不小于 0 的数字，现在是 NaN"),
        (
            "deadlines",
            "days = 45",
            "days = true",
            "days 应填大于 0 的整数，现在是 true",
        ),
        ("deadlines", "days = 45", "days = 4.5", "days 应填大于 0 的整数，现在是 4.5"),
        ("deadlines", "zero_at = 60", "zero_att = 60", "不认识 zero_att"),
        (
            "deadlines",
            "[15, 7, 3, 1, 0]",
            "[15, 7, 7, 0]",
            "reminder_steps 应填递减",
        ),
        (
            "deadlines",
            "[15, 7, 3, 1, 0]",
            "[7, 3]",
            "reminder_steps 应填递减到 0 的整数列表",
        ),
        (
            "deadlines",
            "[15, 7, 3, 1, 0]",
            "[46, 0]",
            "reminder_steps 不能早于起算日",
        ),
        ("deadlines", 'roles = ["approver"]', "roles = []", "roles 应填文字列表"),
        (
            "deadlines",
            'subject = "fund_document"',
            'subject = "cow"',
            "subject 应是 fund_document",
        ),
        ("deadlines", 'code = "report_to_group"', 'code = "fund_allocation"', "重复"),
        (
            "deadlines",
            'code = "report_to_group"',
            'code = "报告"',
            "code 应填小写字母、数字和下划线",
        ),
        ("deadlines", 'label = "公开资金分配结果"', 'label = " "', "label 应填文字"),
        (
            "deadlines",
            'kind = "working"',
            'kind = "workday"',
            "kind 应是 natural、working",
        ),
        ("deadlines", "[[rule]]", "[[rules]]", "缺少 rule"),
        ("limits", "central = 1", "centre = 1", "不认识 centre"),
        (
            "limits",
            '"management_fee"\n',
            '"fee"\n',
            "project_type 不是 project_types.toml 里的 code",
        ),
        ("limits", "floor_percent = 60", "", "缺少 floor_percent"),
        (
            "limits",
            "not_below_last_year = true",
            'not_below_last_year = "是"',
            "应填是（true）或否（false）",
        ),
        ("limits", "[industry_share]", "[[industry_share]]", "应是一张表"),
        ("holidays", "2022-01-03,", "2021-01-03,", "2021-01-03 不在 2022 年"),
        ("holidays", "2022-01-03,", '"1月3日",', "days_off 应填日期列表"),
        (
            "project_types",
            'parent = "industry"',
            'parent = "idustry"',
            "不是上面任何一行的 code",
        ),
        (
            "project_types",
            'label = "种植业基地"',
            'label = "水产养殖"',
            "label 水产养殖 重复",
        ),
        ("project_types", 'report_class = "infrastructure"', "", "缺少 report_class"),
        ("book", "name = ", "names = ", "不认识 names"),
        ("book", "name = ", "name: ", "不合 TOML 的写法"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, name: str, old: str, new: str, reason: str) -> None:
    text = default(name)
    assert old in text
    found = problems(tmp_path, **{name: text.replace(old, new)})
    assert any(reason in line for line in found), found
    assert all(line.startswith(f"{name}.toml") for line in found)


@pytest.mark.parametrize("name", ["deadlines", "holidays", "limits", "notices"])
def test_a_row_without_its_legal_basis_is_refused(tmp_path: Path, name: str) -> None:
    text = default(name)
    lines = [line for line in text.splitlines() if not line.startswith("basis")]
    found = problems(tmp_path, **{name: "\n".join(lines)})
    assert len(found) == text.count("\nbasis = ") > 0
    assert all(line.endswith("缺少 basis") for line in found)


def test_a_misspelt_file_name_is_not_ignored(tmp_path: Path) -> None:
    assert problems(tmp_path, deadline=default("deadlines"))[0].startswith(
        "deadline.toml：不是规则文件"
    )


def test_a_missing_folder_is_not_the_default_book(tmp_path: Path) -> None:
    assert "没有这个文件夹" in problems(tmp_path / "nowhere")[0]


def test_a_file_in_gbk_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_bytes(default("book").encode("gb18030"))
    assert problems(tmp_path) == ("book.toml：不是 UTF-8 编码，请另存为 UTF-8 再试",)
