"""The bundle and the outside machine: only a whole, signed, newer bundle becomes the site."""

import errno
import io
import json
import os
import random
import signal
import stat
import struct
import subprocess
import sys
import time
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from published import published
from trees import tree

from public_site import build, check, unpack
from public_site.bundle import FACTS, MANIFEST, SIGNATURE, Packing, SiteChangedError, write_bundle
from public_site.release import OutRefusedError, Releases
from public_site.unpack import BundleRefusedError

ROUNDS = int(os.environ.get("PORTAL_FAULT_ROUNDS", "5"))
ROOT = Path(__file__).parents[2]
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
FOREIGN = Ed25519PrivateKey.from_private_bytes(bytes(32))
ARTICLES = [("n-1", "<p>第一批</p>\n".encode())]


def facts(number: int = 1, county: str = "shiyan") -> Packing:
    return Packing(county, "试验县", number, number - 1 or None, date(2023, 3, 20))


def bundle_of(site: Path, packing: Packing, key: Ed25519PrivateKey = PRIVATE) -> bytes:
    out = io.BytesIO()
    write_bundle(out, site, ARTICLES, packing, key.sign)
    return out.getvalue()


def key_file(path: Path, key: Ed25519PrivateKey = PRIVATE) -> Path:
    path.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return path


@dataclass
class Outside:
    """The outside machine, which shows bundle 1; bundle 2 has just been copied to it."""

    folder: Path
    old: bytes
    new: bytes

    @property
    def root(self) -> Path:
        return self.folder / "www"

    def bring(self, content: bytes, **options: bool) -> unpack.Shown:
        path = self.folder / "bundle.zip"
        path.write_bytes(content)
        return unpack.unpack(path, self.folder / "county.pub", self.root, **options)

    def refuses(self, content: bytes, *words: str) -> str:
        """The bundle is refused with these words and the old site stays, nothing beside it."""
        before = self.root.resolve()
        with pytest.raises((BundleRefusedError, OutRefusedError, OSError)) as refused:
            self.bring(content)
        assert [word for word in words if word not in str(refused.value)] == []
        assert self.root.resolve() == before
        kept = {path.name for path in (self.folder / "www.releases").iterdir()}
        assert kept == {"lock", "1", "1.json"}
        return str(refused.value)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The site of a small county, and the same after a change."""
    data, folder = published(3), tmp_path_factory.mktemp("sites")
    build(data, folder / "old")
    data.change_project("p-000001", name="改过的名字")
    build(data, folder / "new")
    return folder / "old", folder / "new"


@pytest.fixture(scope="module")
def bundles(sites: tuple[Path, Path]) -> tuple[bytes, bytes]:
    return bundle_of(sites[0], facts(1)), bundle_of(sites[1], facts(2))


@pytest.fixture
def outside(
    tmp_path: Path, bundles: tuple[bytes, bytes], sites: tuple[Path, Path]
) -> Iterator[Outside]:
    key_file(tmp_path / "county.pub")
    machine = Outside(tmp_path, *bundles)
    machine.bring(machine.old)
    yield machine
    assert check(machine.root) == []


def altered(content: bytes, name: str, change: bytes, key: Ed25519PrivateKey = PRIVATE) -> bytes:
    """The bundle with one entry's content replaced, whole as a zip."""
    return rewritten(content, {name: change})


def rewritten(content: bytes, changes: dict[str, bytes | None], *added: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            kept = changes.get(info.filename, source.read(info))
            if kept is not None:
                target.writestr(info, kept)
        for name, extra in added:
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o100644 << 16
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                target.writestr(info, extra)
        target.comment = source.comment
    return out.getvalue()


def signed(content: bytes, manifest: dict[str, object], **changes: object) -> bytes:
    """The bundle with another manifest and other facts, signed by the county: its own faulty program."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        said = json.loads(archive.read(FACTS))
    listed = json.dumps({"files": manifest}).encode()
    said |= {"manifest_bytes": len(listed), "manifest_sha256": sha256(listed).hexdigest()} | changes
    spoken = json.dumps(said).encode()
    signature = PRIVATE.sign(spoken).hex().encode()
    return rewritten(content, {MANIFEST: listed, FACTS: spoken, SIGNATURE: signature})


def manifest_of(content: bytes) -> dict[str, dict[str, object]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found: dict[str, dict[str, object]] = json.loads(archive.read(MANIFEST))["files"]
    return found


def test_a_bundle_becomes_exactly_the_site(outside: Outside, sites: tuple[Path, Path]):
    shown = outside.bring(outside.new)
    assert (shown.number, shown.earlier, shown.day) == (2, 1, "2023-03-20")
    assert tree(outside.root) == tree(sites[1])
    assert check(outside.root) == []
    assert not (outside.root / "articles").exists()


def test_p7_the_same_site_gives_the_same_bytes(sites: tuple[Path, Path], bundles):
    assert bundle_of(sites[1], facts(2)) == bundles[1]


def test_it_says_what_it_is(outside: Outside, sites: tuple[Path, Path]):
    with zipfile.ZipFile(io.BytesIO(outside.new)) as archive:
        said, names = json.loads(archive.read(FACTS)), archive.namelist()
    assert (said["format"], said["county"], said["number"], said["base_number"]) == (
        *(1, "shiyan", 2),
        1,
    )
    manifest = (sites[1] / "manifest.json").read_bytes()
    assert said["site_manifest_sha256"] == sha256(manifest).hexdigest()
    assert said["count"] == len(names) - 3 == len(manifest_of(outside.new))
    assert names[-3:] == [MANIFEST, FACTS, SIGNATURE]
    assert "articles/n-1.html" in names


def test_a_file_that_is_not_the_manifests_stops_the_making(sites, tmp_path: Path):
    data = published(3)
    build(data, tmp_path / "site")
    (tmp_path / "site/about.html").write_text("etwas anderes")
    with pytest.raises(SiteChangedError, match="about"):
        bundle_of(tmp_path / "site", facts())
    (tmp_path / "site/about.html").unlink()
    with pytest.raises(SiteChangedError, match="about"):
        bundle_of(tmp_path / "site", facts())


def test_one_changed_byte_anywhere_is_found(outside: Outside):
    chance, size = random.Random(5), len(outside.new)
    with zipfile.ZipFile(io.BytesIO(outside.new)) as archive:
        infos = {info.filename: info for info in archive.infolist()}
        directory = archive.start_dir
    places = {0, 4, 8, 10, 12, 14, size - 1, size - 64, size - 65, size - 70, size - 86}
    for name in ("articles/n-1.html", "site/index.html", MANIFEST, FACTS, SIGNATURE):
        start = infos[name].header_offset
        body = start + 30 + len(name)
        places |= {start, start + 12, start + 26, start + 30, body, body + 3}
        places.add(body + infos[name].compress_size - 1)
    places |= {directory + step for step in range(0, 60, 10)}
    places |= {chance.randrange(size) for _ in range(15)}
    for place in sorted(places):
        changed = bytearray(outside.new)
        changed[place] ^= 1 << chance.randrange(8)
        assert outside.refuses(bytes(changed)), place
    assert outside.bring(outside.new).number == 2


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_half_copied_bundle_is_named_with_its_size(outside: Outside, share: float):
    part = outside.new[: int(len(outside.new) * share)]
    outside.refuses(part, "不完整", f"共 {len(part)} 字节")


def test_what_is_wrong_is_named(outside: Outside):
    page = manifest_of(outside.new)["site/index.html"]["bytes"]
    assert isinstance(page, int)
    other = altered(outside.new, "site/index.html", b"x" * page)
    outside.refuses(other, "site/index.html", f"{page} 字节", "与清单不符")
    outside.refuses(altered(outside.new, "site/index.html", b"x"), f"应有 {page} 字节", "是 1 字节")
    outside.refuses(altered(outside.new, FACTS, b"{}"), "签名不对")
    outside.refuses(altered(outside.new, MANIFEST, b"{}"), MANIFEST, "应有")
    outside.refuses(rewritten(outside.new, {FACTS: None}), "缺少 bundle.json")
    outside.refuses(rewritten(outside.new, {SIGNATURE: None}), "缺少 bundle.sig")
    outside.refuses(rewritten(outside.new, {MANIFEST: None}), "缺少 manifest.json")
    outside.refuses(rewritten(outside.new, {"site/about.html": None}), "缺少 site/about.html")
    outside.refuses(rewritten(outside.new, {}, ("site/more.html", b"x")), "多出 site/more.html")
    outside.refuses(rewritten(outside.new, {}, ("more.html", b"x")), "多出 more.html")


def test_only_the_countys_key_opens_it(outside: Outside, sites: tuple[Path, Path]):
    words = outside.refuses(bundle_of(sites[1], facts(2), FOREIGN), "签名不对")
    assert unpack.fingerprint(PRIVATE.public_key()) in words
    (outside.folder / "county.pub").write_text("no key")
    outside.refuses(outside.new, "不是公钥文件")


def test_another_county_or_format_is_refused(outside: Outside, sites: tuple[Path, Path]):
    outside.refuses(bundle_of(sites[1], facts(2, "other")), "这里是试验县的网站")
    outside.refuses(signed(outside.new, manifest_of(outside.new), format=2), "格式是 2")


def test_a_replayed_bundle_needs_an_explicit_word(outside: Outside, sites: tuple[Path, Path]):
    outside.refuses(outside.old, "第 1 号", "--allow-older")
    outside.bring(outside.new)
    with pytest.raises(BundleRefusedError, match="网站已经是第 2 号"):
        outside.bring(outside.old)
    assert outside.bring(outside.old, allow_older=True).number == 1
    assert tree(outside.root) == tree(sites[0])


EVIL = ("../evil.html", "site/../../evil.html", "/evil.html", "site\\evil.html", "C:evil", "site/")
HIDDEN = (
    "site//evil.html",
    ".htaccess",
    "site/.git/config",
    "site/" + "a" * 300,
)


@pytest.mark.parametrize("name", [*EVIL, *HIDDEN])
def test_no_name_reaches_outside(outside: Outside, name: str):
    outside.refuses(rewritten(outside.new, {}, (name, b"evil")), "不许用的文件名")
    assert not list(outside.folder.parent.glob("**/evil*"))


def test_links_folders_secrets_and_twins_are_refused(outside: Outside):
    outside.refuses(rewritten(outside.new, {}, ("site/about.html", b"x")), "两个 site/about.html")
    outside.refuses(rewritten(outside.new, {}, ("site/About.html", b"x")), "两个 site/About.html")
    for mode in (stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, 0):
        out = io.BytesIO(outside.new)
        with zipfile.ZipFile(out, "a") as archive:
            info = zipfile.ZipInfo("site/link.html")
            info.external_attr = (mode | 0o644) << 16
            archive.writestr(info, "/etc/passwd")
        outside.refuses(out.getvalue(), "site/link.html 不是普通文件")
    secret = bytearray(outside.new)
    with zipfile.ZipFile(io.BytesIO(outside.new)) as archive:
        secret[archive.start_dir + 8] |= 1
    outside.refuses(bytes(secret), "不是普通文件")


def test_a_bomb_is_refused_before_it_goes_off(outside: Outside):
    bomb = b"0" * 50_000_000
    outside.refuses(altered(outside.new, FACTS, bomb), FACTS, "最多")
    outside.refuses(altered(outside.new, MANIFEST, bomb), MANIFEST, "应有")
    outside.refuses(altered(outside.new, "site/index.html", bomb), "site/index.html", "应有")
    lying = bytearray(altered(outside.new, "site/index.html", bomb))
    at = lying.rindex(b"site/index.html") - 46
    size = manifest_of(outside.new)["site/index.html"]["bytes"]
    lying[at + 24 : at + 28] = struct.pack("<I", size)
    outside.refuses(bytes(lying), "site/index.html")


def test_a_bundle_that_lies_about_itself_is_refused(outside: Outside):
    listed = manifest_of(outside.new)
    missing = {name: one for name, one in listed.items() if name != "site/about.html"}
    outside.refuses(signed(outside.new, missing), "多出 site/about.html")
    listed["site/index.html"] |= {"sha256": "0" * 64}
    outside.refuses(signed(outside.new, listed), "site/index.html", "与清单不符")


class FullDisk(io.BytesIO):
    """A file on a disk that is full after some bytes."""

    left = 0

    def write(self, data: bytes) -> int:
        FullDisk.left -= len(data)
        if FullDisk.left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


def test_r12_a_full_disk_keeps_the_old_site(outside: Outside, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(unpack.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=7))
        outside.refuses(outside.new, "磁盘空间不够", "只剩 7 字节")
    opened = Path.open
    for room in (0, 5_000, 20_000):
        with monkeypatch.context() as patch:
            FullDisk.left = room
            patch.setattr(
                Path,
                "open",
                lambda path, mode="r", *rest, **more: (
                    FullDisk() if mode == "xb" else opened(path, mode, *rest, **more)
                ),
            )
            outside.refuses(outside.new, "磁盘已满")
    assert outside.bring(outside.new).number == 2


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, outside: Outside, sites):
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "index.html").write_text("mine")
    path = tmp_path / "bundle.zip"
    path.write_bytes(outside.new)
    with pytest.raises(OutRefusedError, match="别的文件"):
        unpack.unpack(path, tmp_path / "county.pub", foreign)
    built = tmp_path / "built"
    build(published(3), built)
    with pytest.raises(OutRefusedError, match="不是用这个命令放的"):
        unpack.unpack(path, tmp_path / "county.pub", built)
    with pytest.raises(OutRefusedError, match="不是用这个命令放的"):
        build(published(3), outside.root)
    assert check(outside.root) == []


def test_it_works_without_links_as_on_windows(outside: Outside, tmp_path: Path, monkeypatch, sites):
    monkeypatch.setattr(
        unpack, "Releases", lambda out, record: Releases(out, links=False, record=record)
    )
    path = tmp_path / "bundle.zip"
    for content, site in ((outside.old, sites[0]), (outside.new, sites[1])):
        path.write_bytes(content)
        unpack.unpack(path, tmp_path / "county.pub", tmp_path / "plain")
        assert tree(tmp_path / "plain") == tree(site)
    with pytest.raises(BundleRefusedError, match="已经是第 2 号"):
        unpack.unpack(path, tmp_path / "county.pub", tmp_path / "plain")


def command(outside: Outside, *more: str) -> list[str]:
    paths = [str(outside.folder / name) for name in ("bundle.zip", "county.pub", "www")]
    place = [paths[0], "--key", paths[1], "--to", paths[2]]
    return [sys.executable, "-m", "public_site", "unpack", *place, *more]


def said(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX")
def test_r3_a_kill_at_any_moment_leaves_a_whole_site(outside: Outside, sites: tuple[Path, Path]):
    whole, path = [tree(site) for site in sites], outside.folder / "bundle.zip"
    path.write_bytes(outside.new)
    began = time.monotonic()
    assert said(command(outside)).returncode == 0
    length, content = time.monotonic() - began, outside.old
    for _ in range(ROUNDS):
        path.write_bytes(content)
        process = subprocess.Popen(
            command(outside, "--allow-older"),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        time.sleep(length * random.uniform(0.5, 1))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert check(outside.root) == []
        assert tree(outside.root) in whole
        content = outside.old if content == outside.new else outside.new
    path.write_bytes(outside.new)
    assert outside.bring(outside.new, allow_older=True).number == 2
    assert tree(outside.root) == whole[1]
    kept = {name.name.split(".")[0] for name in (outside.folder / "www.releases").iterdir()}
    assert {name for name in kept if not name.isdigit()} == {"lock"}


def test_the_command_says_it_in_one_line(outside: Outside):
    (outside.folder / "bundle.zip").write_bytes(outside.new[:-1])
    failed = said(command(outside))
    assert (failed.returncode, failed.stdout, failed.stderr.count("\n")) == (1, "", 1)
    assert failed.stderr.startswith("网站没有更换，原来的没有动：")
    (outside.folder / "bundle.zip").write_bytes(outside.old)
    back = said(command(outside, "--allow-older"))
    assert (back.returncode, "退回到第 1 号" in back.stderr) == (0, True)
    assert back.stdout.startswith("网站已换成第 1 号移交包：")
