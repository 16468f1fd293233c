"""What counts as private data and what only looks like it (first form of the corpus)."""

import pytest

from portal.rules.privacy import Private, private_data

PRIVATE = {
    "身份证11010519491231002X": Private.IDENTITY,
    "身份证号：11010519491231002x。": Private.IDENTITY,
    "110105 19491231 002X": Private.IDENTITY,
    "110105-19491231-002X": Private.IDENTITY,
    "１１０１０５１９４９１２３１００２Ｘ": Private.IDENTITY,
    "1101051949\u200b1231002X": Private.IDENTITY,
    "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X": Private.IDENTITY,
    "130503670401001": Private.IDENTITY,
    "联系人13800138000": Private.MOBILE,
    "138-0013-8000": Private.MOBILE,
    "138 0013 8000": Private.MOBILE,
    "１３８００１３８０００": Private.MOBILE,
    "138\u200c0013\u200d8000": Private.MOBILE,
    "1 3 8 0 0 1 3 8 0 0 0": Private.MOBILE,
    "19912345678，16612345678": Private.MOBILE,
    "+86 13912345678": Private.MOBILE,
    "卡号6222021234567890128": Private.ACCOUNT,
    "6222 0212 3456 7890 128": Private.ACCOUNT,
    "6222-0212-3456-7890-128": Private.ACCOUNT,
    "4111111111111111": Private.ACCOUNT,
}
HARMLESS = (
    "财农〔2026〕12号",
    "哈财指（农）〔2023〕192号",
    "阿政批〔2023〕2号，2023-02-06",
    "acheng-2023-01",
    "20230320-1",
    "2022-12-15 至 2023-02-06，共 53 天",
    "2023-03-20 2023-04-05 2023-05-06",
    "1100000.00,1500000.00,12000000.00",
    "563.504288 万元",
    "1 976.00 万元",
    "91230112MA1B2C3D4X",
    "12230112MB0X12345R",
    "0451-53700000",
    "12317、12345、110",
    "(0451)5370 0000",
    "11010519491231002Y",
    "110105194912310021",
    "999999199001011235",
    "12345678901",
    "10800138000",
    "138001380001",
    "4111111111111112",
    "指标代码 2130504、51301",
    "北纬45.5412345678，东经126.9612345678",
    "第1380013号至第8000号",
)


@pytest.mark.parametrize(("text", "kind"), PRIVATE.items())
def test_p4_private_numbers_are_found(text, kind):
    assert [finding.kind for finding in private_data(text)][:1] == [kind]


@pytest.mark.parametrize("text", HARMLESS)
def test_p4_what_only_looks_similar_passes(text):
    assert private_data(text) == ()


def test_p4_duty_telephones_are_allowed_however_they_are_written():
    assert private_data("值班 138 0013 8000", ["13800138000"]) == ()
    assert private_data("值班 13800138000", ["１３８-0013-8000"]) == ()
    assert len(private_data("13800138000 和 13900139000", ["13800138000"])) == 1


def test_a_finding_names_the_kind_and_hides_the_number():
    (finding,) = private_data("电话 13800138000")
    assert finding.masked == "手机号138********"


def test_each_number_is_named_once():
    assert len(private_data("13800138000 138 0013 8000")) == 1
