"""Photos, papers and results on the public site: only what may be seen, and always the same bytes."""

import io
from datetime import date

import pytest
from PIL import Image

from portal.db import db, unit_of_work
from portal.disclosure.models import DisclosureAttachment
from portal.files.operations import keep, store
from portal.implementation.models import ProgressPhoto, ProgressReport
from portal.publication.operations import build_due_sites, write_site
from portal.publication.pictures import MOST, Shot, chosen
from portal.publication.queries import web_root
from portal.rules.workflow import Move
from public_site import check
from public_site.names import blob_name
from tests import ledger, publishing
from tests.ledger import TODAY
from tests.world import World

GPS = 0x8825


@pytest.fixture
def world(either_app):
    return World()


def jpeg(color: str = "green", size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A noisy picture with a position in it: nothing that compresses well."""
    noise = Image.effect_noise(size, 80).convert("RGB")
    picture = Image.blend(noise, Image.new("RGB", size, color), 0.3)
    exif = picture.getexif()
    exif.get_ifd(GPS)[1] = "N"
    exif[0x010E] = "the owner of the phone"
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=90, exif=exif)
    return target.getvalue()


def scan() -> bytes:
    """A scanned paper without anything written into the file besides its pixels."""
    target = io.BytesIO()
    Image.new("L", (60, 80), "white").save(target, "JPEG")
    return target.getvalue()


def report(world, project, content, percent=30, words="完成基础", on=TODAY, taken_on=None):
    actor = world.actor("town_reviewer")
    with unit_of_work(actor, "test"):
        file = keep(content, name="现场.jpg", mime="image/jpeg", actor=actor)
        found = ProgressReport(
            county_id=project.county_id,
            project_id=project.id,
            percent=percent,
            words=words,
            reported_on=on,
            reported_by_id=actor.user_id,
            reported_by=actor.name,
        )
        photo = ProgressPhoto(county_id=project.county_id, file=file, taken_on=taken_on or on)
        found.photos.append(photo)
        db.session.add(found)
    return found


def photos(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name.startswith("photos/")}


def whole(folder) -> dict[str, bytes]:
    root = folder.resolve()
    found = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def test_a_photo_of_the_works_is_small_and_says_nothing_of_its_own(world):
    _document, project, _item = publishing.published_result(world)
    publishing.site(world)
    report(world, project, jpeg())
    ((name, content),) = photos(publishing.site(world)).items()
    assert name == blob_name("photos", content, "jpg")
    assert len(content) <= 60_000
    picture = Image.open(io.BytesIO(content))
    assert max(picture.size) <= 1000
    assert not picture.getexif()
    assert not {"exif", "comment", "icc_profile"} & picture.info.keys()
    assert not check(web_root(publishing.county_of(world)))


def test_photos_of_others_and_of_tomorrow_stay_inside(world):
    _document, _project, _item = publishing.published_result(world)
    _other, hidden = publishing.placed(world, "财指〔2023〕2号")
    report(world, hidden, jpeg())
    report(world, _project, jpeg("blue"), on=date(2023, 3, 21))
    assert photos(publishing.site(world)) == {}
    made = web_root(publishing.county_of(world)).parent / "site-pictures"
    assert not list(made.rglob("*.jpg"))


def test_small_and_full_builds_are_the_same_and_a_withdrawal_takes_photos_and_papers_along(
    world, tmp_path
):
    _document, project, item = publishing.published_result(world)
    publishing.site(world)
    report(world, project, jpeg(size=(640, 480)))
    notice = publishing.announce(world, "资金管理办法")
    with unit_of_work(world.actor("finance_agri"), "test"):
        paper = keep(scan(), name="办法.jpg", mime="image/jpeg", actor=world.actor("lead_office"))
        notice.attachments.append(
            DisclosureAttachment(county_id=notice.county_id, file=paper, title="办法全文")
        )
    publishing.publish(world, notice)
    small = publishing.site(world)
    assert small[blob_name("files", scan(), "jpg")] == scan()
    assert len(photos(small)) == 1
    write_site(publishing.county_of(world), tmp_path / "full")
    assert small == whole(tmp_path / "full")
    for gone in (item, notice):
        publishing.take(world, gone, Move.WITHDRAW, "approver", "附件不全")
    left = publishing.site(world)
    assert not [name for name in left if name.startswith(("photos/", "files/"))]


def test_a_new_photo_is_a_reason_to_build(world):
    _document, project, _item = publishing.published_result(world)
    found = report(world, project, jpeg(size=(320, 240)))
    build_due_sites()
    actor = world.actor("town_reviewer")
    with unit_of_work(actor, "test"):
        file = keep(jpeg("red", (320, 240)), name="二.jpg", mime="image/jpeg", actor=actor)
        db.session.add(
            ProgressPhoto(
                county_id=project.county_id, report_id=found.id, file=file, taken_on=TODAY
            )
        )
    assert build_due_sites() == "试验县：已生成"
    assert len(photos(whole(web_root(publishing.county_of(world))))) == 2
    assert build_due_sites() == ""


def test_a_damaged_upload_leaves_the_rest_of_the_site_alone(world):
    _document, project, _item = publishing.published_result(world)
    found = report(world, project, jpeg(size=(320, 240)))
    store().path(found.photos[0].file.sha256).write_bytes(b"broken")
    files = publishing.site(world)
    assert f"projects/{project.code}.html" in files
    assert photos(files) == {}


def test_words_with_private_data_are_dropped(world):
    _document, project, _item = publishing.published_result(world)
    report(world, project, jpeg(size=(320, 240)), words="联系 13800138000")
    files = publishing.site(world)
    assert len(photos(files)) == 1
    assert not [name for name, content in files.items() if b"13800138000" in content]


def test_six_photos_with_the_first_and_the_last_of_all():
    days = [date(2022 + month // 12, month % 12 + 1, day) for month in range(24) for day in (5, 20)]
    shots = [Shot("p", str(day), "image/jpeg", day, 30, "") for day in days]
    found = chosen(shots)
    assert len(found) == MOST
    assert (found[0], found[-1]) == (shots[0], shots[-1])
    assert chosen(shots[:2]) == shots[:2]
    assert [one.taken_on.month for one in chosen(shots[:12])] == [1, 3, 4, 6]
    assert chosen([]) == []


def test_who_does_the_works_is_in_the_snapshot(world):
    project = ledger.add_project(world)
    with unit_of_work(world.actor("lead_office"), "test"):
        project.implementing_unit = "某某镇人民政府"
    notice = publishing.announce(world)
    with unit_of_work(world.actor("finance_agri"), "test"):
        notice.projects = [project]
    publishing.publish(world, notice)
    (shown,) = publishing.projects(world).values()
    assert shown.implementing_unit == "某某镇人民政府"
