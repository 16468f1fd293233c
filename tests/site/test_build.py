"""Building again: only what changed, and always what a build from nothing would give."""

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from published import Published, published
from trees import tree

from bench.county import County
from public_site import Changed, JsonLines, build, check, export
from public_site.release import KEPT, OutRefusedError, Releases
from public_site.schema import Allocation, Correction, Payment, Withdrawn
from public_site.source import EVERYTHING


def test_p7_same_data_gives_the_same_bytes(data: Published, site: Path, tmp_path: Path):
    build(data, tmp_path / "again")
    assert tree(tmp_path / "again") == tree(site)


def test_p7_two_processes_print_what_one_prints(tmp_path: Path):
    county = County(1_100)
    build(county, tmp_path / "one", processes=1)
    build(county, tmp_path / "two", processes=2)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert build(county, tmp_path / "two", processes=2).written == 0


def test_no_time_and_no_place_of_the_build_is_in_the_output(site: Path, tmp_path: Path):
    for path, content in tree(site).items():
        assert str(tmp_path.parent).encode() not in content, path
        if path != "manifest.json":  # its digests may hold any four digits
            assert str(date.today().year).encode() not in content or date.today().year <= 2024  # noqa: DTZ011


def test_json_lines_give_the_site_of_their_source(tmp_path: Path):
    for data in (published(60), County(60)):
        export(data, tmp_path / "data")
        build(data, tmp_path / "direct")
        build(JsonLines(tmp_path / "data"), tmp_path / "exported")
        assert tree(tmp_path / "direct") == tree(tmp_path / "exported")


def test_json_lines_find_any_span(tmp_path: Path):
    data = published(97)
    export(data, tmp_path)
    lines = JsonLines(tmp_path)
    spans = list(lines.project_spans(10))
    assert spans == list(data.project_spans(10))
    for span in [*spans, EVERYTHING]:
        assert list(lines.projects(span)) == list(data.projects(span))
        assert list(lines.allocations(span)) == list(data.allocations(span))
        assert list(lines.mentions(span)) == list(data.mentions(span))
    for row in data.project_rows:
        one = type(spans[0])(row.code, row.code)
        assert list(lines.projects(one)) == [row]


def test_an_unchanged_rebuild_writes_nothing(data: Published, tmp_path: Path):
    out = tmp_path / "public"
    build(data, out)
    times = {path: path.stat().st_mtime_ns for path in out.resolve().rglob("*")}
    link = out.readlink() if out.is_symlink() else None
    for changed in (None, Changed()):
        built = build(data, out, changed=changed)
        assert (built.release, built.written, built.removed) == (None, 0, 0)
    assert {path: path.stat().st_mtime_ns for path in out.resolve().rglob("*")} == times
    assert (out.readlink() if out.is_symlink() else None) == link


def _rename(data: Published) -> Changed:
    data.change_project("p-000007", name="改了名字的项目")
    return Changed(projects=frozenset({"p-000007"}))


def _allocate(data: Published) -> Changed:
    data.allocation_rows.append(Allocation("f-00001-a", "p-000007", 100, None, None, True))
    data.change_project("p-000007", allocated=50_000_100)
    data.change_fund("f-00001-a", allocated=data.fund_rows[2].allocated + 100)
    return Changed(projects=frozenset({"p-000007"}))


def _pay(data: Published) -> Changed:
    data.pay(Payment("p-000007", "f-00000-b", date(2024, 3, 18), "结算款", 700_000))
    data.pay(Payment("p-000007", None, date(2024, 3, 18), "结算款", 50_000))
    data.change_fund("f-00000-b", paid=data.fund_rows[1].paid + 700_000)
    return Changed(projects=frozenset({"p-000007"}))


def _finish(data: Published) -> Changed:
    data.change_project("p-000007", status="已完工", finished=True, progress=100)
    return Changed(projects=frozenset({"p-000007"}))


def _take_back(data: Published) -> Changed:
    data.pay(Payment("p-000008", "f-00000-a", date(2024, 3, 19), "进度款", -700_000))
    data.allocation_rows.append(Allocation("f-00000-a", "p-000008", -700_000, date(2024, 3, 19)))
    data.change_project("p-000008", allocated=49_300_000)
    data.change_fund("f-00000-a", allocated=data.fund_rows[0].allocated - 700_000,
                     paid=data.fund_rows[0].paid - 700_000)  # fmt: skip
    return Changed(projects=frozenset({"p-000008"}))


def _move(data: Published) -> Changed:
    data.change_project("p-000007", township_code="t11", village_codes=("t11-v1", "t11-v2"),
                        category="其他类项目", year=2023)  # fmt: skip
    return Changed(projects=frozenset({"p-000007"}))


def _remove(data: Published) -> Changed:
    data.drop_project("p-000008")
    data.withdrawn_rows.append(Withdrawn("projects", "p-000008", date(2024, 3, 19), "重复公开"))
    return Changed(projects=frozenset({"p-000008"}))


def _correct(data: Published) -> Changed:
    data.change_notice("n-00000", title="更正后的标题", project_codes=("p-000009", "p-000055"),
                       corrections=(Correction(date(2024, 3, 18), "标题写错"),))  # fmt: skip
    return Changed(notices=frozenset({"n-00000"}))


def _relabel(data: Published) -> Changed:
    data.change_fund("f-00000-b", number="某财指（农）〔2024〕99号", title="更正后的标题")
    return Changed()


def _tomorrow(data: Published) -> Changed:
    data.day = date(2024, 3, 26)
    return Changed()


def _new(data: Published) -> Changed:
    row = replace(data.project_rows[0], code="p-000999", year=2030)
    data.project_rows.append(replace(row, allocated=0, paid=0))
    notice = replace(data.notice_rows[0], code="n-new", published_on=date(2030, 1, 1))
    data.notice_rows.append(replace(notice, project_codes=("p-000999",)))
    return Changed(frozenset({"p-000999"}), frozenset({"n-new"}))


CHANGES = [
    _rename,
    _allocate,
    _pay,
    _finish,
    _take_back,
    _move,
    _remove,
    _correct,
    _relabel,
    _tomorrow,
    _new,
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("named", [True, False], ids=["named", "found"])
def test_a_change_gives_what_a_full_build_gives(
    tmp_path: Path, change: Callable[[Published], Changed], *, named: bool
):
    data = published(60)
    build(data, tmp_path / "public")
    changed = change(data)
    built = build(data, tmp_path / "public", changed=changed if named else None)
    build(data, tmp_path / "fresh")
    assert tree(tmp_path / "public") == tree(tmp_path / "fresh")
    assert 0 < built.written < built.files


def test_many_changes_in_a_row_give_what_a_full_build_gives(tmp_path: Path):
    order = random.Random(20230320)
    data = published(60)
    build(data, tmp_path / "public")
    for _ in range(3):
        for change in order.sample(CHANGES, len(CHANGES)):
            if change in (_remove, _new) and any(r.code == "p-000999" for r in data.project_rows):
                continue
            build(data, tmp_path / "public", changed=change(data))
            assert check(tmp_path / "public") == []
    build(data, tmp_path / "fresh")
    assert tree(tmp_path / "public") == tree(tmp_path / "fresh")


def test_a_small_change_writes_only_its_pages(tmp_path: Path):
    data, out = published(60), tmp_path / "public"
    build(data, out)
    before = tree(out)
    build(data, out, changed=_rename(data))
    after = tree(out)
    assert {path for path in after if after[path] != before[path]} == {
        "projects/p-000007.html",
        "places/t07.html",
        "places/t07-v0.html",
        "projects/2024/infrastructure.html",
        "years/2024/t07.html",
        "funds/f-00000-a.html",
        "funds/f-00000-b.html",
        "notices/n-00000.html",
        "data/projects.json",
        "data/projects.csv",
        "data/disclosure-2024.xlsx",
        "data/datapackage.json",
        "data/allocations.json",
        "data/allocations.csv",
        "data/payments.json",
        "data/payments.csv",
        "data/search/2024.js",
        "manifest.json",
    }


def test_the_files_of_a_kept_release_never_change(tmp_path: Path):
    data, out = published(30), tmp_path / "public"
    trees: dict[int, dict[str, bytes]] = {}
    for number in range(1, 7):
        data.change_project("p-000003", name=f"第{number}次改名")
        data.change_project(f"p-0000{number + 10}", status=f"状态{number}")
        assert build(data, out).release == number
        trees[number] = tree(out)
        releases = Releases(out)
        kept = [n for n in trees if releases.inventory_of(n).exists()]
        assert kept == list(trees)[-KEPT:]
        for n in kept:
            assert tree(releases.tree(n)) == trees[n]


def test_a_site_of_an_earlier_program_is_built_anew(data: Published, site: Path, tmp_path: Path):
    out = tmp_path / "public"
    build(data, out)
    with closing(sqlite3.connect(Releases(out).inventory_of(1))) as inventory:
        inventory.execute("alter table project rename to other")
        inventory.execute("pragma user_version = 0")
        inventory.commit()
    for changed in (None, Changed()):
        assert build(data, out, changed=changed).release in (2, None)
        assert tree(out) == tree(site)


def test_a_full_build_mends_a_damaged_site(data: Published, tmp_path: Path):
    out = tmp_path / "public"
    build(data, out)
    whole = tree(out)
    (out / "index.html").write_text("<p>改过</p>", "utf-8")
    build(data, out, full=True)
    assert tree(out) == whole


def test_check_names_each_missing_changed_and_extra_file(data: Published, tmp_path: Path):
    out = tmp_path / "public"
    build(data, out)
    assert check(out) == []
    (out / "index.html").write_bytes((out / "index.html").read_bytes() + b" ")
    (out / "about.html").unlink()
    (out / "planted.html").write_bytes(b"x")
    assert check(out) == ["缺少 about.html", "多出 planted.html", "被改动 index.html"]
    assert "不是生成好的网站" in check(tmp_path)[0]


def test_a_folder_with_other_files_is_refused(data: Published, tmp_path: Path):
    (tmp_path / "public").mkdir()
    (tmp_path / "public/thesis.docx").write_bytes(b"precious")
    with pytest.raises(OutRefusedError, match="别的文件"):
        build(data, tmp_path / "public")
    assert (tmp_path / "public/thesis.docx").read_bytes() == b"precious"
    (tmp_path / "elsewhere").symlink_to(tmp_path)
    with pytest.raises(OutRefusedError, match="指向别处"):
        build(data, tmp_path / "elsewhere")


@pytest.mark.parametrize("filled", [False, True])
def test_an_empty_folder_or_a_copied_site_is_replaced(
    data: Published, site: Path, tmp_path: Path, *, filled: bool
):
    (tmp_path / "public").mkdir()
    if filled:
        (tmp_path / "public/manifest.json").write_text(json.dumps({"files": {}}), "utf-8")
    build(data, tmp_path / "public")
    assert tree(tmp_path / "public") == tree(site)


def test_data_that_contradicts_itself_is_refused_and_the_site_stays(tmp_path: Path):
    data, out = published(10), tmp_path / "public"
    build(data, out)
    before = tree(out)
    data.allocation_rows.append(Allocation("f-00000-a", "p-000003-x", 100))
    with pytest.raises(ValueError, match="p-000003-x"):
        build(data, out)
    data.allocation_rows[-1] = Allocation("f-none", "p-000001", 100)
    with pytest.raises(ValueError, match="f-none"):
        build(data, out)
    data.allocation_rows.pop()
    data.payment_rows.append(Payment("p-000002", None, date(2024, 3, 1), "进度款", 100))
    with pytest.raises(ValueError, match="合计不一致：p-000002"):
        build(data, out)
    data.payment_rows.pop()
    data.change_project("p-000002", township_code="nowhere")
    with pytest.raises(ValueError, match="nowhere"):
        build(data, out)
    assert tree(out) == before


def test_the_site_works_when_moved_with_its_releases(data: Published, tmp_path: Path):
    build(data, tmp_path / "a/public")
    (tmp_path / "a").rename(tmp_path / "b")
    assert check(tmp_path / "b/public") == []
    assert build(data, tmp_path / "b/public").written == 0


def test_p4_another_gate_is_shown_every_file(tmp_path: Path):
    data, out = published(10), tmp_path / "public"
    shown: list[int] = []

    def look(fresh: Path) -> None:
        shown.append(sum(path.is_file() for path in fresh.rglob("*")))

    for edition in ("one", "one", "two", "two"):
        build(data, out, changed=Changed(), gate=look, gate_edition=edition)
    all_files = len(tree(out)) - 1  # the gate is asked before the manifest is written
    assert shown[0] == shown[2] == all_files
    assert max(shown[1], shown[3]) < all_files


def test_p4_a_gate_that_refuses_a_page_leaves_the_site_as_it_was(tmp_path: Path):
    data, out = published(10), tmp_path / "public"
    build(data, out)
    before = tree(out)
    data.change_project("p-000003", tasks="联系张某某，13800000000")

    def refuse(fresh: Path) -> None:
        for path in fresh.rglob("*.html"):
            if "13800000000" in path.read_text("utf-8"):
                raise ValueError(path.name)

    with pytest.raises(ValueError, match=r"p-000003\.html"):
        build(data, out, gate=refuse)
    assert tree(out) == before
