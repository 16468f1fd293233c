"""Finds lists of people: several rows that pair a personal name with an amount, an age, a relation, a house.

A masked name (张*, 李某某) is no name, and a list of officials with their offices is no list of households.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from portal.rules.privacy.findings import Finding, households
from portal.rules.privacy.people import looks_like_person, surely_person, tells_of_person

Row = Sequence[str]

_NAME_HEAD = re.compile(
    "^(?:序号)?(?:项目|企业|公司)?(?:姓名|户主|户名|农户|种植户|养殖户|受益人|受益户|脱贫户|监测户|监测对象|贫困户"
    "|帮扶对象|补助对象|家庭成员|村民|务工村民|务工人员|脱贫人口|领款人|领取人|收款人|持卡人|持证人|申请人"
    "|被补助人|残疾人|(?:成员|学生|人员)(?=姓名))(?:姓名|名称)?$"
)
_PEOPLE_HEAD = re.compile("姓名|户|村民|对象|个人|人员?$")
_PLACE_HEAD = re.compile("(?:乡镇|街道|村|屯|组|地|地点|类别|类型|性质|数)$")
"""What is told of people is no name: 农户所在乡镇."""
_IN_OFFICE = re.compile("负责人|责任人|联系人|经办人|法人|代表人|监督人")
"""Such people are named for their office: 项目负责人 beside an amount tells nothing about a household."""
_NUMBER_HEAD = re.compile(
    "身份证|证件号|公民身份|手机|联系电话|电话|银行|账号|帐号|卡号|开户行|一卡通"
)
_OFFICE_HEAD = re.compile("职务|职称|岗位|工作单位|所在单位|分工")
_PERSONAL_HEAD = re.compile(
    "金额|补助|补贴|奖补|年龄|关系|住址|地址|人口|身份证|账号|帐号|卡号|组别|性别|出生|民族|残疾|病|收入|土地|面积"
)
_THING_HEAD = re.compile(
    "乡镇|街道|村|项目|单位|类别|类型|地点|名称|品种|作物|内容|指标|科目|来源|年度|文号|级次|区域|公司|企业"
    "|部门|机构|产品|文件|标题|状态|栏目|施工|承接|设备|材料"
)
_RELATION = (
    "户主|本人|配偶|丈夫|妻子?|夫|长子|次子|三子|儿子?|长女|次女|三女|女儿?|父亲?|母亲?|儿媳|女婿|孙子|孙女|外孙"
    "|外孙女|兄|弟|姐|妹|祖父|祖母|之子|之女|之妻|之夫|侄子?"
)
_OF_PERSON = re.compile(
    rf"(?:{_RELATION})|[男女]|[0-9]{{1,3}}岁|.*(?:[0-9一二三四五六七八九十]+组|屯|社区)[^。]{{0,8}}[0-9]*号?"
    r"|[¥￥]?[0-9][0-9,]*(?:\.[0-9]+)?(?:元|万元|岁|人|口|口人|亩|只|头|户)?"
)
_ITEM = re.compile(
    r"^\s*(?:[(（]?[0-9]{1,3}[)）.．、\s]\s*)?(?P<name>[\u3400-\u9fff·•]{2,12}?)"
    rf"[\s，,：:（(/|\t-]+(?P<of>(?:{_RELATION})(?![\u3400-\u9fff])|[男女](?![\u3400-\u9fff])|[0-9][0-9,.]*\s*(?:元|万元|岁|人|口|亩|$|[，,；;\s）)])"
    r"|[\u3400-\u9fff0-9]{0,12}[0-9一二三四五六七八九十]+(?:组|号))"
)
_TIGHT = re.compile(
    r"^(?:[^，,：:]{0,12}[：:])?\s*(?:[(（]?[0-9]{1,3}[)）.．\s]\s*)?(?P<name>[\u3400-\u9fff·•]{2,12}?)[（(：:\s]*"
    r"[0-9][0-9,]*(?:\.[0-9]+)?\s*(?:元|万元|岁|口人)"
)
_LINES, _PARTS = re.compile(r"[；;。\n\r]+"), re.compile(r"[；;。\n\r、，,]+")
_SEVERAL, _UNDER_HEAD = 3, 2
_SHARE = 0.4
_SERIAL = re.compile(r"\s*[0-9]{1,4}\s*$", re.ASCII)
_HEADS_WITHIN = 6


def listed_in_rows(rows: Sequence[Row]) -> Finding | None:
    """The people listed in a table, given as rows of cell texts from its top; None where none are."""
    names = _under_head(rows) or _without_head(rows)
    return households(names) if names else None


def listed_in_text(text: str) -> Finding | None:
    """The people listed in running text, line by line or item by item; None where none are."""
    for split, item in ((_LINES, _ITEM), (_PARTS, _TIGHT)):
        names = dict.fromkeys(_names(split, item, text))
        if len(names) >= _SEVERAL:
            return households(names)
    return None


def people_told_of(text: str) -> list[str]:
    """The names in running text that stand before an amount, an age, a relation or a house."""
    if not tells_of_person(text):
        return []
    return [*_names(_LINES, _ITEM, text), *_names(_PARTS, _TIGHT, text)]


def _names(split: re.Pattern[str], item: re.Pattern[str], text: str) -> Iterator[str]:
    found = (item.match(part) for part in split.split(text))
    return (one["name"] for one in found if one and surely_person(one["name"]))


def _under_head(rows: Sequence[Row]) -> list[str]:
    """Names below a cell that says 姓名 or 户主, or beside a column of identity or account numbers."""
    for top, row in enumerate(rows[:_HEADS_WITHIN]):
        heads = ["".join(cell.split()) for cell in row]
        if sum(map(bool, heads)) < _UNDER_HEAD:
            continue
        columns = [n for n, head in enumerate(heads) if _NAME_HEAD.match(head)]
        if any(_NUMBER_HEAD.search(head) for head in heads):
            columns = columns or [n for n, head in enumerate(heads) if not _THING_HEAD.search(head)]
        elif any(map(_OFFICE_HEAD.search, heads)) and not any(map(_PERSONAL_HEAD.search, heads)):
            columns = []
        names = [name for n in columns for name in _people(rows[top + 1 :], n)]
        if len(names) >= _UNDER_HEAD:
            return names
    return []


def _people(rows: Iterable[Row], column: int) -> Iterable[str]:
    cells = (row[column] for row in rows if column < len(row))
    return [cell.strip() for cell in cells if looks_like_person(cell)]


def _without_head(rows: Sequence[Row]) -> list[str]:
    """A column most of whose cells are surely names, each beside something that belongs to a person."""
    width = max(map(len, rows), default=0)
    counted = _serials(rows) if _is_of_officials(rows) else frozenset()
    for column in range(width):
        cells = [
            (row[column].strip(), row) for row in rows if column < len(row) and row[column].strip()
        ]
        if not cells or _is_of_things(rows, column):
            continue
        names = [
            cell
            for cell, row in cells
            if surely_person(cell) and _speaks_of_person(row, counted | {column})
        ]
        if len(set(names)) >= _SEVERAL and len(names) >= _SHARE * len(cells):
            return names
    return []


def _is_of_things(rows: Sequence[Row], column: int) -> bool:
    """Whether a head says that the column holds places or goods; a title across a table is no head."""
    heads = (
        "".join(row[column].split())
        for row in rows[:_HEADS_WITHIN]
        if column < len(row) and len(_filled(row)) > 1
    )
    return any(map(_heads_things, heads))


def _heads_things(head: str) -> bool:
    of_people = _PEOPLE_HEAD.search(head) and not _PLACE_HEAD.search(head)
    if of_people and not _IN_OFFICE.search(head):
        return False
    return bool(_THING_HEAD.search(head)) and not surely_person(head)


def _is_of_officials(rows: Sequence[Row]) -> bool:
    """Whether a head names an office and none anything personal: a list of a working group, of experts."""
    return any(
        any(map(_OFFICE_HEAD.search, heads)) and not any(map(_PERSONAL_HEAD.search, heads))
        for row in rows[:_HEADS_WITHIN]
        if len(heads := _filled(row)) > 1
    )


def _serials(rows: Sequence[Row]) -> frozenset[int]:
    """The columns that only count the rows: 1, 2, 3."""
    width = max(map(len, rows), default=0)
    numbers = {
        column: [
            int(row[column]) for row in rows if column < len(row) and _SERIAL.match(row[column])
        ]
        for column in range(width)
    }
    return frozenset(
        column
        for column, found in numbers.items()
        if found and found == [*range(1, len(found) + 1)]
    )


def _filled(row: Row) -> list[str]:
    return [cell for cell in map(str.strip, row) if cell]


def _speaks_of_person(row: Row, besides: Collection[int]) -> bool:
    others = ("".join(cell.split()) for n, cell in enumerate(row) if n not in besides)
    return any(cell and _OF_PERSON.fullmatch(cell) for cell in others)
