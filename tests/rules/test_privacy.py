"""What counts as private data and what only looks like it (the corpus, as text and as rows)."""

import pytest

from portal.rules.privacy import (
    Finding,
    Private,
    listed_in_rows,
    listed_in_text,
    masked_name,
    names_an_organization,
    private_data,
)
from tests.corpus.privacy import (
    ACHENG,
    COLUMNS,
    DIVIDED,
    HARMLESS,
    HARMLESS_TABLES,
    ID,
    TABLES,
    TEXTS,
    TORN,
)


def kinds(text):
    listed = listed_in_text(text)
    return [finding.kind for finding in private_data(text)] + ([listed.kind] if listed else [])


@pytest.mark.parametrize(("text", "kind"), TEXTS.items())
def test_p4_private_data_is_found(text, kind):
    assert kind in kinds(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_p4_what_only_looks_similar_passes(text):
    assert kinds(text) == []


@pytest.mark.parametrize(("text", "kind"), TORN.items())
def test_p4_a_number_is_found_that_goes_on_in_the_next_line(text, kind):
    assert kind in kinds(text)
    assert kind in kinds(text.replace("\n", " \r\n"))


@pytest.mark.parametrize("text", COLUMNS)
def test_p4_numbers_below_each_other_pass(text):
    assert kinds(text) == []


@pytest.mark.parametrize("cells", DIVIDED)
def test_p4_an_identity_number_is_found_in_several_cells(cells):
    assert kinds("\t".join(cells)) == [Private.IDENTITY]


@pytest.mark.parametrize(
    "text", [f"1. {ID}\n2. {ACHENG}", f"1 {ID} 2 {ACHENG}", f"1-{ID}，{ACHENG}"]
)
def test_p4_a_serial_number_hides_no_number_behind_it(text):
    assert [finding.text for finding in private_data(text)] == [ID, ACHENG]


def test_p4_nothing_goes_on_over_an_empty_line():
    assert private_data(f"{ACHENG[:10]}\n\n{ACHENG[10:]}") == ()


@pytest.mark.parametrize("rows", TABLES.values(), ids=TABLES)
def test_p4_a_list_of_people_is_found(rows):
    assert listed_in_rows(rows).kind is Private.HOUSEHOLDS


@pytest.mark.parametrize("rows", HARMLESS_TABLES.values(), ids=HARMLESS_TABLES)
def test_p4_a_table_of_other_things_passes(rows):
    assert listed_in_rows(rows) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("李明华", "李*"),
        ("欧阳建国", "欧阳*"),
        ("阿依古丽·买买提", "阿*·*"),
        ("刘 大", "刘*"),
        ("张", "*"),
        ("", "*"),
    ],
)
def test_names_are_masked_by_rule(name, shown):
    assert masked_name(name) == shown


def test_p4_a_landline_passes_only_from_the_list_of_duty_telephones():
    assert private_data("值班 0451-53712345", ["0451-5371 2345"]) == ()
    assert private_data("电话：53712345", ["0451-53712345"]) == ()
    assert len(private_data("值班 0451-53712345", ["0451-53712346"])) == 1


@pytest.mark.parametrize("kind", Private)
def test_no_finding_shows_what_it_found(kind):
    for secret in ("13800138000", "李桂兰、王五、赵六", "zhangsan@163.com", "key 第1页"):
        masked = Finding(kind, secret).masked
        assert secret not in masked
        assert masked


def test_p4_duty_telephones_are_allowed_however_they_are_written():
    assert private_data("值班 138 0013 8000", ["13800138000"]) == ()
    assert private_data("值班 13800138000", ["１３８-0013-8000"]) == ()
    assert len(private_data("13800138000 和 13900139000", ["13800138000"])) == 1


def test_a_finding_names_the_kind_and_hides_the_number():
    (finding,) = private_data("电话 13800138000")
    assert finding.masked == "手机号138********"


def test_each_number_is_named_once():
    assert len(private_data("13800138000 138 0013 8000")) == 1


@pytest.mark.parametrize(
    ("contractor", "shown"),
    [
        ("哈尔滨某某建筑工程有限公司", True),
        ("某某建筑（北京）有限公司（联合体）", True),
        ("料甸街民生村股份经济合作社", True),
        ("李四", False),
        ("欧阳建行", False),
        ("李四施工队长王五", False),
        ("", False),
    ],
)
def test_only_the_name_of_a_body_may_stand_on_the_public_site(contractor, shown):
    assert names_an_organization(contractor) is shown
