"""Texts of the demo's projects, by what their names say. All of it is illustrative and marked so."""

from dataclasses import dataclass

from portal.rules.vocabulary import ConstructionNature, TargetLevel

MARK = "建设内容、受益对象和绩效目标为示范填写，不是公开资料"


@dataclass(frozen=True)
class Wording:
    """What a project of this sort builds; ``measure`` is name, value and unit of its output target."""

    keyword: str
    project_type: str
    nature: ConstructionNature
    tasks: str
    measure: tuple[str, str, str]
    benefit: str


N = ConstructionNature
RENT = "设备和厂房归村集体所有，出租经营；每年租金的六成分给脱贫户和监测对象，用工优先本村人"
ROAD = "方便群众出行和农产品外运，雨天不再泥泞；建成后由村集体管护，聘用脱贫户做管护员"
WATER = "保障群众喝上放心水；建成后由村集体管护，水费按村民会议标准收取"
HOUSEHOLD = "补助直接发到符合条件的脱贫户和监测对象，名单先在村里公示"

WORDINGS = (
    Wording("贴息", "小额贷款贴息", N.NEW, "对脱贫户和监测对象的小额信贷按季贴息", ("贴息户数", "60", "户"), HOUSEHOLD),
    Wording("雨露计划", "教育", N.NEW, "对接受中高等职业教育的脱贫家庭学生发放补助", ("补助学生", "21", "人"), HOUSEHOLD),
    Wording("交通补助", "务工补助", N.NEW, "对跨省外出务工的脱贫人口发放交通补助，对自主生产的给予奖补", ("补助人数", "300", "人"), HOUSEHOLD),
    Wording("管理费", "项目管理费", N.NEW, "用于项目前期设计、评审、招标、监理、验收和绩效评价", ("管理的项目", "38", "个"), "提高项目管理质量，让每个项目按期建成"),
    Wording("打包机", "社会化服务", N.NEW, "采购秸秆打包机及配套牵引设备", ("采购设备", "12", "台套"), RENT),
    Wording("农业机械", "社会化服务", N.NEW, "采购农业机械，为本村和周边农户提供代耕代收服务", ("采购农机", "8", "台套"), RENT),
    Wording("公益事业机械", "村容村貌", N.NEW, "采购清雪、清运等公益事业机械", ("采购机械", "3", "台套"), ROAD),
    Wording("烘干塔", "仓储保鲜冷链", N.CONTINUED, "续建烘干塔 1 座，配套输送带、除尘设备和地面硬化", ("续建烘干塔", "1", "座"), RENT),
    Wording("烘干粮储库", "仓储保鲜冷链", N.NEW, "建设玉米烘干粮储库，配套晾晒场地硬化", ("新建粮储库", "1", "座"), RENT),
    Wording("收储库", "仓储保鲜冷链", N.NEW, "建设玉米收储库，配套地磅、围墙和地面硬化", ("新建收储库", "1", "座"), RENT),
    Wording("仓储", "仓储保鲜冷链", N.NEW, "建设粮食仓储库房，配套通风设备", ("新建库房", "1", "座"), RENT),
    Wording("大棚", "种植业基地", N.NEW, "建设草莓育种温室大棚及配套水电", ("新建大棚", "10", "栋"), RENT),
    Wording("采摘园", "休闲农业与乡村旅游", N.EXTENDED, "扩建欧李采摘园步道、围栏和灌溉设施", ("扩建面积", "150", "亩"), RENT),
    Wording("文旅", "休闲农业与乡村旅游", N.NEW, "建设文旅服务中心，配套水电和停车场地", ("新建服务中心", "1", "处"), RENT),
    Wording("黑木耳", "种植业基地", N.NEW, "采购黑木耳产业配套设施设备", ("采购设备", "20", "台套"), RENT),
    Wording("加工", "加工业", N.NEW, "建设加工厂房，采购加工生产线", ("新增生产线", "1", "条"), RENT),
    Wording("水源处改造", "供水", N.REPAIR, "改造供水管线和水源处", ("改造管线", "3200", "米"), WATER),
    Wording("自来水", "供水", N.NEW, "铺设自来水管网，安装入户设施", ("铺设管网", "2600", "米"), WATER),
    Wording("沟", "村容村貌", N.NEW, "砌筑边沟和排水沟，配套盖板涵", ("新建边沟", "1800", "米"), ROAD),
    Wording("路", "道路", N.NEW, "硬化道路路面，配套路肩培土", ("硬化道路", "2400", "米"), ROAD),
)


def wording_for(name: str) -> Wording:
    """The first wording whose keyword the project's name contains; ``KeyError`` names one without."""
    for wording in WORDINGS:
        if wording.keyword in name:
            return wording
    raise KeyError(f"no demo wording for {name}")


def targets_for(wording: Wording) -> list[tuple[TargetLevel, str, str, str]]:
    """Four targets of a project: output, time, benefit, satisfaction (level, name, value, unit)."""
    name, value, unit = wording.measure
    return [
        (TargetLevel.QUANTITY, name, value, unit),
        (TargetLevel.TIMELINESS, "按期完成率", "100", "%"),
        (TargetLevel.SOCIAL, "受益脱贫（监测）人口", "27", "人"),
        (TargetLevel.SATISFACTION, "受益群众满意度", "95", "%"),
    ]
