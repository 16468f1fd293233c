"""The whole chain, walked by seven people: from a village's application to a page the public opens.

Everything is real: the web server, the database, the scheduler's jobs, an SMTP server, the built site,
a browser for each person. The portal stands on 2023-03-20.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from portal.publication.queries import counties, last_build, web_root
from portal.rules.vocabulary import BuildState
from tests import live, mail_server
from tests.browser.pages import Person, watch
from tests.corpus.pdfs import pdf
from tests.corpus.pictures import picture
from tests.mail_server import Post

PROJECT = "东村玉米烘干塔新建项目"
PAID, WAITING = "试财指〔2023〕8号", "试财指〔2023〕3号"

APPLICATION = {
    "项目类别": "生产项目 / 种植业基地",
    "建设性质": "新建",
    "建设任务": "新建烘干塔1座，日处理玉米300吨",
    "实施地点": "甲镇东村三屯",
    "责任单位": "甲镇人民政府",
    "计划开工": "2023-04-01",
    "计划完工": "2023-10-31",
    "中央衔接资金": "１１０．００",
    "县级资金": "10",
    "受益对象": "脱贫户12户27人，监测户2户5人",
    "群众参与和联农带农机制": "收益归村集体，六成分给脱贫户",
    "绩效目标": "提高粮食烘干能力",
}
TARGET = {"指标名称": "烘干塔", "指标值": "1", "单位": "座"}


@pytest.fixture
def papers(tmp_path: Path) -> dict[str, Path]:
    """The files that people have at hand: a scan and a photo of a board."""
    files = {"会议记录.pdf": pdf(), "公示栏.jpg": picture(size=(640, 480))}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return {name: tmp_path / name for name in files}


def test_a_village_s_application_becomes_a_public_page(
    app: Flask,
    arrive: Callable[..., Person],
    browser: Browser,
    papers: dict[str, Path],
) -> None:
    clerk, town, department = (
        arrive(n) for n in ("village_clerk", "town_reviewer", "dept_reviewer")
    )
    apply(clerk, papers)
    return_with_reason(town, "受益对象请写到户数和人数")
    correct_and_resubmit(clerk)
    review(town, department, papers)
    leader, finance = arrive("approver"), arrive("finance_agri")
    admit(leader)

    register(finance, PAID, "100.00", "2023-03-06", papers)
    register(finance, WAITING, "305.00", "2023-02-10", papers)
    batch = draft_batch(finance)
    allocate_too_much_then_right(finance)
    submit_batch(finance, batch, papers)
    second_leader = arrive("approver2")
    approve_batch(second_leader)

    office = arrive("lead_office")
    remind(app, finance, office)

    draft_disclosure(office)
    approve_disclosure(leader)
    visit_public_pages(app, browser)


def apply(clerk: Person, papers: dict[str, Path]) -> None:
    """The village clerk begins, fills in, attaches a paper, records the notice and submits."""
    clerk.follow("申报新项目")
    clerk.fill({"项目名称": PROJECT, "行业主管部门": "县农业农村局"})
    clerk.press("下一步：填申请表")
    clerk.fill(APPLICATION | {"受益对象": "本村村民"})
    for label, value in TARGET.items():
        clerk.page.get_by_label(label, exact=True).first.fill(value)
    clerk.press("检查并保存")
    clerk.sees("已保存。", "120.00", "提交前还要做完")
    clerk.fill({"材料类别": "村民代表大会记录", "文件": papers["会议记录.pdf"]})
    clerk.press("上传附件")
    clerk.sees("附件已上传。", "会议记录.pdf")
    record_notice(clerk, "村级公示", "村部公示栏", papers)
    clerk.press("提交")
    clerk.sees("乡镇审核")


def record_notice(person: Person, level: str, place: str, papers: dict[str, Path]) -> None:
    """A notice that hung from the 8th to the 19th, with a photo of the board."""
    home = person.page.url
    person.follow("登记公示")
    person.fill(
        {
            "公示级别": level,
            "开始日期": "2023-03-08",
            "结束日期": "2023年3月19日",
            "张贴地点": place,
            "公示照片": papers["公示栏.jpg"],
        }
    )
    person.press("登记公示")
    person.sees(f"申报公示（{level}）", "2023-03-08 至 2023-03-19", "没有收到异议")
    expect(person.page.get_by_role("img", name="第一天的照片")).to_be_visible()
    person.open(home)
    person.sees(f"申报公示（{level}）")


def return_with_reason(town: Person, reason: str) -> None:
    """Without a reason the return is refused; with it the application goes back."""
    town.task(PROJECT, "乡镇审核")
    town.press("退回申报单位")
    town.sees("理由")
    town.fill({"意见或理由": reason})
    town.press("退回申报单位")
    town.sees("已退回", reason)


def correct_and_resubmit(clerk: Person) -> None:
    """The clerk finds the application at the home page, reads why, corrects and submits again."""
    clerk.task(PROJECT, "继续填报")
    clerk.sees("受益对象请写到户数和人数")
    clerk.follow("填写申请表")
    clerk.fill({"受益对象": APPLICATION["受益对象"]})
    clerk.press("检查并保存")
    clerk.press("提交")
    clerk.sees("乡镇审核")


def review(town: Person, department: Person, papers: dict[str, Path]) -> None:
    """The township posts and passes on; the department passes on."""
    town.task(PROJECT, "乡镇审核")
    town.sees(APPLICATION["受益对象"])
    record_notice(town, "乡镇公示", "甲镇政府公示栏", papers)
    town.press("审核通过")
    town.sees("部门审查")
    department.task(PROJECT, "部门审查")
    department.fill({"意见或理由": "符合产业规划"})
    department.press("审核通过")
    department.sees("符合产业规划")


def admit(leader: Person) -> None:
    """Admission asks for the number of the minutes."""
    leader.task(PROJECT, "审定入库")
    leader.press("审定入库")
    leader.sees("会议纪要")
    leader.fill({"会议纪要或审定文件文号": "试农领〔2023〕2号", "审定日期": "2023-03-20"})
    leader.press("审定入库")
    leader.sees("已入库", "试农领〔2023〕2号")


def register(
    finance: Person, number: str, amount: str, received_on: str, papers: dict[str, Path]
) -> None:
    """Finance registers an incoming document with its scan and the report to the leading group."""
    finance.open("/funds/")
    finance.follow("登记资金文件")
    finance.fill(
        {
            "文号": number,
            "金额": amount,
            "标题": "关于下达2023年中央财政衔接推进乡村振兴补助资金的通知",
            "资金级次": "中央",
            "任务方向": "巩固拓展脱贫攻坚成果和乡村振兴任务",
            "年度": "2023",
            "收文日期": received_on,
            "文件扫描件": papers["会议记录.pdf"],
        }
    )
    finance.press("登记")
    finance.sees(number, amount, "会议记录.pdf")
    finance.fill({"报告领导小组的日期": received_on})
    finance.press("登记报告日期")
    finance.sees("报告领导小组")


def draft_batch(finance: Person) -> str:
    """Finance opens the document and begins a batch for it; the batch's address."""
    finance.task(PAID, "去分解")
    finance.follow("去分解 100.00 万元")
    finance.fill({"批次名称": "2023年第一批衔接资金项目"})
    finance.press("新建批次")
    finance.sees("现在给项目填金额")
    return finance.page.url.partition("/arrange")[0]


def allocate_too_much_then_right(finance: Person) -> None:
    """More than the document holds is refused with the figures, and what was typed stays."""
    cell = finance.page.get_by_label(f"{PROJECT}，本次安排多少万元")
    cell.press_sequentially("130")
    finance.sees("超过剩余 100.00 万元，请减少 30.00 万元")
    finance.press("保存这些金额")
    expect(finance.page.locator(".field-error").first).to_contain_text("100.00")
    expect(cell).to_have_value("130")
    cell.fill("100")
    finance.press("保存这些金额")
    finance.sees("已安排 1 个项目。", "文件还剩 0.00 万元")


def submit_batch(finance: Person, batch: str, papers: dict[str, Path]) -> None:
    """The approval's number, date and minutes are filled in before the batch goes up."""
    finance.open(batch)
    finance.press("提交")
    finance.sees("请先填写批复文号、批复日期、会议纪要文号")
    finance.follow("填写批复信息")
    finance.fill(
        {
            "批复文号": "试政批〔2023〕5号",
            "批复日期": "2023-03-17",
            "批复单位": "试验县人民政府",
            "会议纪要文号": "试农领〔2023〕3号",
            "会议纪要": papers["会议记录.pdf"],
        }
    )
    finance.press("保存")
    finance.press("提交")
    finance.sees("已提交，等领导小组批准。")


def approve_batch(leader: Person) -> None:
    leader.task("2023年第一批衔接资金项目", "去批复")
    leader.sees(PROJECT, "100.00", "试政批〔2023〕5号")
    leader.press("批准")
    leader.sees("已批准。下一步：公开资金分配结果。")


def remind(app: Flask, finance: Person, office: Person) -> None:
    """Seven days before day 45 both offices hear of it; what was not made public is chased upwards."""
    post = Post()
    with mail_server.serving(post) as port:
        app.config["SMTP"] = mail_server.settings(port)
        told = live.scheduler_tick(app)
    assert told["remind"] == "提醒 2 件"
    texts = {address: message.get_content() for address, message in post.taken}
    assert len(texts) == len(post.taken)
    words = f"{WAITING} 尚有 305.00 万元未落实，剩 7 天（2023年3月27日到期）"
    clock = {address for address, text in texts.items() if words in text}
    assert clock == {
        f"{name}@example.cn" for name in ("finance_agri", "finance_agri2", "lead_office")
    }
    words = "县财政局有 1 项公开任务逾期，最早的应在2023年3月10日公开，已逾期 10 天"
    chased = {address for address, text in texts.items() if words in text}
    assert chased - clock == {"approver@example.cn", "approver2@example.cn"}
    [subject] = [
        one["Subject"] for address, one in post.taken if address.startswith("lead_office@")
    ]
    assert subject == f"今天有1件事快到期：{WAITING}"
    link = re.findall(r"http\S+/funds/\d+", texts["lead_office@example.cn"])[0]
    finance.open(link)
    finance.sees(WAITING, "305.00 万元")
    office.open("/inbox")
    office.press(f"今天有1件事快到期：{WAITING}")
    office.sees("剩 7 天")


def draft_disclosure(office: Person) -> None:
    """The lead office lets the portal write the draft, reads it, adds the phone and submits."""
    office.open("/disclosure/")
    office.follow("起草公告公示")
    office.follow("资金分配结果")
    office.page.get_by_label(PAID).check()
    office.press("写出初稿")
    expect(office.field("正文")).to_have_value(re.compile("共 100.00 万元"))
    office.fill(
        {"联系电话": "县农业农村局 0451-55550000\n监督电话 12317", "地址": "试验县人民路1号"}
    )
    office.press("保存并预览")
    office.sees("公众将看到的内容", PROJECT)
    office.press("提交审批")
    office.sees("下一步由另一人批准")


def approve_disclosure(leader: Person) -> None:
    leader.task(f"{PAID}资金分配结果公告", "去审批")
    leader.sees(PROJECT, "0451-55550000")
    leader.press("批准公开")
    leader.sees("公开网站在几分钟内更新")


def visit_public_pages(app: Flask, browser: Browser) -> None:
    """The next tick builds the site; a visitor finds the project, its money and the days it took."""
    live.scheduler_tick(app)
    run = last_build(counties()[0].id, *BuildState)
    assert run is not None
    assert run.state is BuildState.BUILT, run.message
    with live.public_site(web_root(counties()[0])) as address:
        page = browser.new_page(base_url=address)
        complaints = watch(page)
        main = page.locator("main")
        page.goto("/")
        page.get_by_role("navigation").get_by_role("link", name="资金", exact=False).first.click()
        page.get_by_role("link", name=PAID, exact=True).click()
        expect(main).to_contain_text("一共11天")
        page.get_by_role("link", name=PROJECT).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(PROJECT)
        for words in ("120.00", "100.00", PAID, "甲镇", "东村", "试农领〔2023〕2号"):
            expect(main).to_contain_text(words)
        page.close()
        assert complaints == []
