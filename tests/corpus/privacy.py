"""Private data as it turns up, and what only looks like it: one table, put into every kind of file by code.

All numbers are made up: identity numbers carry a right check digit, cards pass Luhn, nobody owns them.
"""

from portal.rules.privacy import Private

ID, CARD = "11010519491231002X", "6222021234567890128"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(place: str, born: str, order: str) -> str:
    """An identity number with its check digit."""
    digits = place + born + order
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


ACHENG = identity("230112", "19570318", "421")
PLACE, REST = ACHENG[:6], ACHENG[6:]

TEXTS: dict[str, Private] = {
    f"身份证{ID}": Private.IDENTITY,
    f"身份证号：{ID.lower()}。": Private.IDENTITY,
    "领取人张建国，身份证号 230112196503121234。": Private.IDENTITY,  # mistyped: the check digit is 6
    f"李桂兰，{ACHENG}，平山镇": Private.IDENTITY,
    "110105 19491231 002X": Private.IDENTITY,
    "110105-19491231-002X": Private.IDENTITY,
    "110105  1949 1231 002X": Private.IDENTITY,
    "１１０１０５１９４９１２３１００２Ｘ": Private.IDENTITY,
    "1101051949\u200b1231002X": Private.IDENTITY,
    "110105\u200b1949\u200c1231\u200d002X": Private.IDENTITY,
    "110105\u00ad19491231002X": Private.IDENTITY,
    "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X": Private.IDENTITY,
    "证件110105.1949.1231.002X": Private.IDENTITY,
    "一一零一零五一九四九一二三一零零二X，即一三八零零一三八零零零": Private.MOBILE,
    f"（{identity('230112', '20150601', '003')}）": Private.IDENTITY,
    f"公民身份号码:{identity('653101', '19880229', '114')}": Private.IDENTITY,
    "1|1|0|1|0|5|1|9|4|9|1|2|3|1|0|0|2|X": Private.IDENTITY,
    f"1. {ID}": Private.IDENTITY,
    f"3.{ID}": Private.IDENTITY,
    f"序号2-{ID}": Private.IDENTITY,
    f"1 {ID} 李桂兰": Private.IDENTITY,
    f"第1 {ID[:6]} {ID[6:14]} {ID[14:]}": Private.IDENTITY,
    f"共3口人 1-{ID}": Private.IDENTITY,
    f"金额500.00 {ACHENG}": Private.IDENTITY,
    f"{PLACE}|{REST}": Private.IDENTITY,
    f"{PLACE}|{REST[:8]}|{REST[8:]}": Private.IDENTITY,
    f"{PLACE}({REST[:8]}){REST[8:]}": Private.IDENTITY,
    f"{PLACE}（{REST[:8]}）{REST[8:]}": Private.IDENTITY,
    f"老人{identity('230112', '19210101', '001')}": Private.IDENTITY,
    "130503670401001": Private.OLD_IDENTITY,
    "老证号130503 670401 001": Private.OLD_IDENTITY,
    "老身份证230112571231422": Private.OLD_IDENTITY,
    "联系人13800138000": Private.MOBILE,
    "138-0013-8000": Private.MOBILE,
    "138 0013 8000": Private.MOBILE,
    "138  0013  8000": Private.MOBILE,
    "138 - 0013 - 8000": Private.MOBILE,
    "1380 013 8000": Private.MOBILE,
    "１３８００１３８０００": Private.MOBILE,
    "138\u200c0013\u200d8000": Private.MOBILE,
    "1 3 8 0 0 1 3 8 0 0 0": Private.MOBILE,
    "①③⑧00138000": Private.MOBILE,
    "19912345678，16612345678": Private.MOBILE,
    "+86 13912345678": Private.MOBILE,
    "+86-139-1234-5678": Private.MOBILE,
    "008613912345678": Private.MOBILE,
    "0086 139 1234 5678": Private.MOBILE,
    "(86)13912345678": Private.MOBILE,
    "8613912345678": Private.MOBILE,
    "微信同号tel13912345678": Private.MOBILE,
    "138.0013.8000": Private.MOBILE,
    "13800138000.0": Private.MOBILE,
    "一三八〇〇一三八〇〇〇": Private.MOBILE,
    "李桂兰 13800 138000": Private.MOBILE,
    "138001 38000": Private.MOBILE,
    "13800-138000": Private.MOBILE,
    "1. 13800 138000": Private.MOBILE,
    "2 李桂兰 13945 678901 500": Private.MOBILE,
    "013800138000": Private.MOBILE,
    "0138 0013 8000": Private.MOBILE,
    "3.138 0013 8000": Private.MOBILE,
    "021-20231234": Private.LANDLINE,
    "0451-53712345": Private.LANDLINE,
    "(0451)5371 2345": Private.LANDLINE,
    "（0451）53712345": Private.LANDLINE,
    "０４５１－５３７１２３４５": Private.LANDLINE,
    "045153712345": Private.LANDLINE,
    "010-62345678": Private.LANDLINE,
    "家里电话：53712345": Private.LANDLINE,
    f"卡号{CARD}": Private.ACCOUNT,
    "6222 0212 3456 7890 128": Private.ACCOUNT,
    "6222-0212-3456-7890-128": Private.ACCOUNT,
    "6222  0212  3456  7890  128": Private.ACCOUNT,
    "４１１１１１１１１１１１１１１１": Private.ACCOUNT,
    "4111111111111111": Private.ACCOUNT,
    "一卡通：6228480402564890018": Private.ACCOUNT,
    "信用社6228480402564890018（本人）": Private.ACCOUNT,
    "6228 4804\u200b0256 4890 018": Private.ACCOUNT,
    "5000 6222 0212 3456 7890 128": Private.ACCOUNT,
    "补助 5000 6222 0212 3456 7890 128 2023": Private.ACCOUNT,
    "6222 0212 3456 7894 500": Private.ACCOUNT,
    "NO6222021234567890128": Private.ACCOUNT,
    "A/C6222021234567890128": Private.ACCOUNT,
    "622202 12345678 90128": Private.ACCOUNT,
    "6222021234567 890128": Private.ACCOUNT,
    "zhangsan@163.com": Private.MAIL,
    "邮箱 Li.Si_1970@QQ.com。": Private.MAIL,
    "ｗａｎｇ＠126.com": Private.MAIL,
    "张三 45岁 500元\n李四 51岁 300元\n王五 38岁 800元": Private.HOUSEHOLDS,
    "1. 张三，5人，3000元；2. 欧阳建国，3人，2000元；3. 阿依古丽·买买提，2人，1000元": Private.HOUSEHOLDS,
    "补助：刘桂芬500元、赵铁柱300元、孙二200元。": Private.HOUSEHOLDS,
    "陈秀英：平山村3组12号\n吴桂芝：平山村2组8号\n郑大海：平山村1组3号": Private.HOUSEHOLDS,
    "户主李强（妻子：王梅）\n周杰 男 33\n冯兰 女 31\n卫国强 男 5\n何平 男 60": Private.HOUSEHOLDS,
}
"""What a text holds -> the kind that has to be found in it."""

TORN: dict[str, Private] = {
    f"{ACHENG[:10]}\n{ACHENG[10:]}": Private.IDENTITY,
    f"{ID[:17]}\nX": Private.IDENTITY,
    f"1. {ID[:12]}\n{ID[12:]}": Private.IDENTITY,
    f"{ACHENG[:6]}\n{ACHENG[6:14]}\n{ACHENG[14:]}": Private.IDENTITY,
    f"李桂兰 {ACHENG[:14]}-\n{ACHENG[14:]}": Private.IDENTITY,
    "138001380\n00": Private.MOBILE,
    "138001\n38000": Private.MOBILE,
    "联系人 138-0013-\n8000": Private.MOBILE,
    "电话 1394567\n8901 李桂兰": Private.MOBILE,
    "电话 0451-\n53712345": Private.LANDLINE,
    f"{CARD[:12]}\n{CARD[12:]}": Private.ACCOUNT,
    "6222 0212 3456\n7890 128": Private.ACCOUNT,
}
"""Numbers that go on in the next line of a cell, a paragraph or a page."""

DIVIDED: tuple[list[str], ...] = (
    ["李桂兰", PLACE, REST],
    ["李桂兰", PLACE, REST[:8], REST[8:]],
    ["李桂兰", ACHENG[:14], ACHENG[14:]],
    ["李桂兰", f"（{PLACE}", REST],
)
"""Rows in which an identity number stands in several cells."""

_FOUR = [["张桂兰", "500"], ["李铁柱", "300"], ["王二小", "200"], ["刘桂芬", "100"]]
_HEADS = (
    *("村民姓名", "村民", "务工村民", "农户名称", "受益户名称", "户主名称", "项目受益人"),
    *("单位（个人）", "企业务工人员姓名", "种植户", "帮扶对象", "领取人"),
)

TABLES: dict[str, list[list[str]]] = {
    "headed 姓名": [["序号", "姓名", "补助金额"], ["1", "张三", "500"], ["2", "李四", "300"]],
    "headed 户主": [["户主", "人口"], ["欧阳锋", "4"], ["阿依古丽·买买提", "3"]],
    "beside accounts": [["农户", "开户行", "账号"], ["赵六", "信用社", ""], ["钱七", "信用社", ""]],
    "beside telephones": [["户", "联系电话"], ["孙八", "有"], ["周九", "有"]],
    "without a head": [["张桂兰", "500.00"], ["李铁柱", "300.00"], ["王二小", "200.00"]],
    "with relations": [["刘大", "户主"], ["刘二", "长子"], ["陈三", "配偶"]],
    "with houses": [["何平山", "3组12号"], ["吕四娘", "2组8号"], ["施大勇", "1组"]],
    "below a title": [
        ["补助花名册", "", ""],
        ["村名", "姓名", "金额"],
        ["东村", "毛三", "1"],
        ["东村", "米五", "2"],
    ],
    "below a title that names a place": [["平山镇东村2023年产业项目补助公示", ""], *_FOUR],
    "below a title and a head": [["平山镇东村2023年产业项目补助", ""], ["种植户", "金额"], *_FOUR],
    "paid by the post": [
        ["序号", "姓名", "岗位", "月工资"],
        *([str(n), name, "保洁员", f"{sum_}元"] for n, (name, sum_) in enumerate(_FOUR, start=1)),
    ],
    **{f"headed {head}": [[head, "补助金额"], *_FOUR] for head in _HEADS},
    **{
        f"counted, headed {head}": [
            ["序号", head, "补助金额"],
            *([str(n), *row] for n, row in enumerate(_FOUR, start=1)),
        ]
        for head in _HEADS
    },
}
"""Tables that list people."""

HARMLESS = (
    "财农〔2026〕12号",
    "哈财指（农）〔2023〕8号",
    "哈财指（农）〔2023〕192号、黑财指（农）〔2022〕563号",
    "阿政批〔2023〕2号，2023-02-06",
    "acheng-2023-01",
    "20230320-1",
    "2022-12-15 至 2023-02-06，共 53 天",
    "2023-03-20 2023-04-05 2023-05-06",
    "2023.03.20—2023.04.05",
    "2023年3月20日至2023年12月31日",
    "1100000.00,1500000.00,12000000.00",
    "合计 13800138000.00 元",
    "563.504288 万元",
    "1 976.00 万元",
    "总投资13500000000元",
    "13,800,138,000.00",
    "91230112MA1B2C3D4X",
    "12230112MB0X12345R",
    "统一社会信用代码 112301120017891234",
    "统一社会信用代码：91230100127066666K",
    "12317、12345、110",
    "监督电话 12317",
    "11010519491231002Y",
    "110105194912310021",
    "110105194902300027",
    "999999199001011235",
    "12345678901",
    "10800138000",
    "138001380001",
    "4111111111111112",
    "6222021234567890123",
    "指标代码 2130504、51301",
    "功能科目2130505 经济科目50302",
    "北纬45.5412345678，东经126.9612345678",
    "第1380013号至第8000号",
    "合同编号 HCHT-2023-0001-13",
    "合同号 230112202303001",
    "招标编号：[230112]HCZB[GK]20230001",
    "项目编码 510107202300010012",
    "项目代码 2301-230112-04-01-123456",
    "2301122023000123",
    "完成率 95.50%，占比 63.25%",
    "100.00% 99.99% 88.88% 77.77%",
    "凭证号 0000123456",
    "工程量 12000 立方米，3500 平方米，1800 延长米",
    "K0+000—K3+138.00 段路面",
    "玉米 1300 亩，大豆 1234 亩，水稻 5678 亩",
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "files/a13800138000bcdefa13800138000bcd.pdf",
    "邮编 150300，传真未设",
    "GB/T 22239-2019 8.1.4.11",
    "国开办发〔2018〕11号、财农〔2021〕19号",
    "脱贫户12户27人，监测户2户5人",
    "1月—12月，第1季度至第4季度",
    "东上村第4号粮食烘干塔续建项目",
    "上午8:30-11:30，下午13:30-17:00",
    "张*、李**、王某某、赵某",
    "黄牛50元、白鹅30元、马铃薯20元、高粱10元",
    "王家屯35户、李家屯20户、刘家屯15户",
    "李家村 1组 500米；张家村 2组 300米；王家村 3组 200米",
    "金额500元、余额300元、周转金200元",
    "平山镇 35.00 万元；杨树街 20.00 万元；金龙山镇 15.00 万元",
    "安排500元，支付300元，结余200元",
    "领导小组组长：由区政府主要负责同志担任",
    "联系电话见公示栏；办公室在三楼302室",
    "海拔 137.5 米，坡度 25 度",
    "ISBN 978-7-109-12345-6",
    "中标通知书 ACZB2023-0138-0013-8",
    "合同 230112734512310026",
    "2131.91 22690.61 28124.39 45930.84 64359.46 72688.57 40229.33 59533.04",
    "95739.81 2023 230112 2023-03-20 230112 9055 2023-03-20 77776.75",
    "合同编号：0503-2023-0001",
    "编号0451-2023-0012、0138-2023-0001",
    "040120230012",
    "批次号 045120230012",
    "支付 15000 300000，余 150000 13500",
    "15000 13500 300000 12000 98000",
    "3500 1200 4567 6000 7800 9012",
    "12.5042 138.1234 5678.9012 350.0000",
    "2023 4523 1200 3500 2024",
    "编码 ACZB411111111111111",
    "2023年3月~，东村～西村",
    "网址 https://www.acheng.gov.cn/art/2023/3/20/art_1380_13800.html",
)
"""Text that may leave."""

COLUMNS = (
    "15000\n300000\n13500\n250000",
    "支付 13500\n2023年安排 250000",
    "2023-03-18\n230112150 东村",
    "1 东上村 15000\n2 西上村 300000\n3 河东村 13500",
    "2131.91\n22690.61\n28124.39\n45930.84",
    "43229.42\n2023\n230112\n20230320-1",
    "90000\n15790\n122963\n88000",
    "共13\n230112150 号",
)
"""Numbers below each other that do not belong together."""

HARMLESS_TABLES: dict[str, list[list[str]]] = {
    "townships": [
        ["乡镇", "金额"],
        ["杨树", "35.00"],
        ["金龙山", "20.00"],
        ["平山", "15.00"],
        ["高台", "9"],
    ],
    "masked names": [["姓名", "金额"], ["张*", "500"], ["李**", "300"], ["王某某", "200"]],
    "officials": [["姓名", "职务"], ["张三", "组长"], ["李四", "副组长"], ["王五", "成员"]],
    "a working group, counted": [
        ["序号", "姓名", "职务"],
        ["1", "张三", "组长"],
        ["2", "李四", "副组长"],
        ["3", "王五", "成员"],
        ["4", "刘桂芬", "成员"],
    ],
    "experts, counted": [
        ["序号", "姓名", "工作单位", "职称"],
        ["1", "张桂兰", "区农业农村局", "高级农艺师"],
        ["2", "李铁柱", "区水务局", "工程师"],
        ["3", "王二小", "区财政局", "会计师"],
    ],
    "people in charge": [
        ["项目名称", "项目负责人", "金额"],
        ["粮库", "张桂兰", "35.00"],
        ["烘干塔", "李铁柱", "20.00"],
        ["机井", "王二小", "15.00"],
    ],
    "townships of households": [
        ["农户所在乡镇", "户数"],
        ["杨树", "35"],
        ["金龙山", "20"],
        ["平山", "15"],
        ["高台", "9"],
    ],
    "codes": [
        ["地区", "日期", "凭证", "金额"],
        ["230112", "2023-03-20", "1234", "35.00"],
        ["230112", "20230405", "0017", "13800.00"],
        ["230112", "20230506", "0138", "138000"],
    ],
    "kinds": [["类别", "金额"], ["产业", "100"], ["安居", "50"], ["金融", "3"], ["文化", "2"]],
    "products": [
        ["品种", "数量"],
        ["黄牛", "50"],
        ["白鹅", "300"],
        ["马铃薯", "20"],
        ["高粱", "10"],
    ],
    "sums": [
        ["", "合计", "金额"],
        ["", "安排", "100.00"],
        ["", "支付", "50.00"],
        ["", "余额", "50.00"],
    ],
    "indicators": [
        ["指标", "目标值"],
        ["新建粮库", "1座"],
        ["验收合格率", "100%"],
        ["满意度", "95%"],
    ],
    "villages": [
        ["东村", "35"],
        ["李家村", "20"],
        ["王家屯", "15"],
        ["张家庄", "8"],
        ["高家店", "3"],
    ],
}
"""Tables that may leave."""
