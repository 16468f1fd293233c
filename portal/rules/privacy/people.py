"""How the name of a natural person looks, and what the public may see of it (surname and a star)."""

import re

COMPOUND = (
    *(
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "宇文",
        "长孙",
    ),
    *(
        "司徒",
        "司空",
        "夏侯",
        "澹台",
        "端木",
        "百里",
        "呼延",
        "南宫",
        "轩辕",
        "独孤",
        "钟离",
        "申屠",
    ),
    *("赫连", "完颜", "纳兰", "耶律", "叶赫", "爱新觉罗"),
)
COMMON = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘蒋蔡余于杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔"
    "向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单"
    "季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄"
    "窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑"
    "迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉仝百暴伏厍"
)
"""Surnames of one character, the frequent ones first; enough for nearly everybody in a county."""
_FREQUENT = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘蒋蔡余于杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔"
    "汤常康施牛樊葛邢安齐乔庞颜倪庄聂鲁岳翟殷詹耿兰焦俞左柳祝阮柯纪梅童毕季裴霍苗骆辛靳柴鲍祁房滕佟栾隋"
)
_HAN = "\u3400-\u9fff"
_NAME = re.compile(f"(?:{'|'.join(COMPOUND)}|[{''.join(sorted(COMMON))}])[{_HAN}]{{1,2}}")
_MINORITY = re.compile(f"[{_HAN}]{{2,8}}(?:[·•‧・.][{_HAN}]{{1,8}})+")
_AMONG_CELLS = re.compile(
    f'(?:^|[\\t\\n,"|> ])(?:(?:{"|".join(COMPOUND)}|[{"".join(sorted(COMMON))}])[{_HAN}]{{1,2}}'
    f'|[{_HAN}]{{2,8}}[·•‧・][{_HAN}]{{1,8}})(?=$|[\\t\\n,"|< ])'
)
_CELL_EDGE = re.compile('[\\s,"|>]')
_MARKS = re.compile("[·•‧・.]")
_BLANK = re.compile(r"\s+")
_PLACE_OR_THING = frozenset(
    "村镇乡屯庄组街区县市省局社站队厂场园店坝沟渠桥路库棚薯粮费款额资率量数类级项目标准方案工程网管线泵井"
    "塘池圈舍房屋校馆室所院部处科股办委会党团户元亩吨度价值税息牌照证书表单据票灯机具械料肥药"
)
"""No given name of two characters ends so; a place, a thing or a sum does."""
_THING = _PLACE_OR_THING | frozenset(
    "家坡岗岭山水田地树木草苗菜豆瓜果粱米麦棉油茶菌菇牛羊马猪鸡鸭鹅鱼蜂犬车电气煤沙石砖土桦鼠酒糖盐布"
    "年月日时天期批次段面点带板件色号排效产温湿压位间坑台套座个种养收支转让出入购建设计划修补助贷奖险"
)
"""The same for one character: 黄牛, 高粱, 马铃薯, 安排, 路面."""
_WORDS = frozenset(
    {
        "黄金",
        "白银",
        "高标准",
        "周转金",
        "安全",
        "安置",
        "安居",
        "方便",
        "万元",
        "万人",
        "余额",
        "文件",
    }
    | {
        "江北",
        "江南",
        "江西",
        "江苏",
        "金属",
        "白色",
        "高级",
        "常规",
        "常用",
        "常见",
        "左右",
        "关键",
    }
    | {
        "施工",
        "石料",
        "钱款",
        "和平",
        "全部",
        "全县",
        "平均",
        "成本",
        "成效",
        "单位",
        "文化",
        "温室大",
    }
    | {
        "任务",
        "程序",
        "范围",
        "许可",
        "应付",
        "康复",
        "康养",
        "顾问",
        "龙头",
        "黄河",
        "马路",
        "武装",
    }
    | {
        "农业",
        "农户",
        "农民",
        "管理",
        "路基",
        "车间",
        "项目",
        "党员",
        "明细",
        "明确",
        "时间",
        "华北",
    }
    | {
        "段落",
        "包装",
        "简介",
        "解决",
        "原因",
        "原料",
        "连续",
        "游客",
        "满意",
        "满意度",
        "满足",
        "百分比",
    }
)
_ENDINGS = "".join(sorted(_THING | frozenset("第达")))
_BEFORE_FACT = re.compile(
    f"(?:(?:{'|'.join(COMPOUND)}|[{''.join(sorted(_FREQUENT))}])[{_HAN}]?(?![{_ENDINGS}])[{_HAN}]"
    f"|[·•‧・][{_HAN}]{{1,8}})"
    f"(?:[，,：:（(\\s]{{0,3}}[0-9]|[，,：:（(\\s/|-]{{1,3}}(?:[男女户本配丈妻夫长次三儿女父母孙外兄弟姐妹祖之侄]|[{_HAN}]{{1,12}}[0-9]))"
)
_RELATED = re.compile("(?:先生|女士|同志)$")
_BODIES = (
    *("公司", "集团", "厂", "社", "场", "院", "所", "中心", "队", "站", "店", "部", "行", "会"),
    *("学校", "大学"),
)
_BRACKETED = re.compile("[（(][^（）()]*[）)]$")
_LONGEST_PERSON = 4


def names_an_organization(text: str) -> bool:
    """Whether a contractor's name is that of a firm or a body; any other may be a person's."""
    name = _BRACKETED.sub("", text.strip())
    return len(name) > _LONGEST_PERSON and name.endswith(_BODIES)


def looks_like_person(text: str) -> bool:
    """Whether a cell headed as a name holds one: a surname with one or two characters, or one with a dot."""
    name = _BLANK.sub("", text)
    return bool(_NAME.fullmatch(name) or _MINORITY.fullmatch(name)) and name not in _WORDS


def surely_person(text: str) -> bool:
    """The same where nothing says that it is a name: a frequent surname and nothing that ends as a place."""
    name = _RELATED.sub("", _BLANK.sub("", text))
    if _MINORITY.fullmatch(name):
        return "." not in name
    if not _NAME.fullmatch(name) or name in _WORDS:
        return False
    if name.startswith(COMPOUND):
        return name[-1] not in _PLACE_OR_THING
    ending = _THING if len(name) == len("张三") else _PLACE_OR_THING
    return name[0] in _FREQUENT and name[-1] not in ending


def tells_of_person(text: str) -> bool:
    """Whether something like a name stands before a number or a relation; a cheap question."""
    return _BEFORE_FACT.search(text) is not None


def names_in_cells(text: str) -> list[str]:
    """What may be names among cells that are parted by tabs, lines, commas, quotes or tags."""
    found = (_CELL_EDGE.sub("", name) for name in _AMONG_CELLS.findall(text))
    return [name for name in found if name not in _WORDS]


def masked_name(name: str) -> str:
    """What the public may see: 张三 -> 张*, 欧阳建国 -> 欧阳*, 阿依古丽·买买提 -> 阿*·*; all else hidden.

    How many characters are hidden is not told.
    """
    plain = _BLANK.sub("", name)
    if len(plain) <= 1:
        return "*"
    if _MINORITY.fullmatch(plain):
        parts = len(_MARKS.split(plain))
        return "·".join([f"{plain[0]}*", *["*"] * (parts - 1)])
    surname = next((one for one in COMPOUND if plain.startswith(one) and plain != one), plain[0])
    return f"{surname}*"
