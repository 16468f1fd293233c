"""`python -m public_site unpack BUNDLE.zip --key PUBLIC_KEY_FILE --to WEBROOT`: the outside machine.

Nothing in the bundle is believed before its signature is, and readers see the new site only when every byte
was compared. Whatever is wrong, the old site stays and one sentence says what it was.
"""

import argparse
import json
import re
import shutil
import stat
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from public_site.bundle import (
    ARTICLES,
    CHUNK,
    FACTS,
    FORMAT,
    MANIFEST,
    SEAL_LENGTH,
    SIGNATURE,
    SITE,
    seal_of,
)
from public_site.release import OutRefusedError, Releases, disk_faults

RECORD = ".json"
"""Beside each release lies the `bundle.json` that it came with."""
SMALL = 1 << 16
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
LONGEST_NAME = 200
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    LookupError,
)


class BundleRefusedError(Exception):
    """The bundle may not become the site; the sentence says why."""


class Listed(NamedTuple):
    """What the signed manifest says of an entry."""

    size: int
    sha: str


class Shown(NamedTuple):
    """The bundle that is the site now. `files`: of the site."""

    number: int
    earlier: int | None
    day: str
    files: int


def unpack(bundle: Path, key: Path, out: Path, *, allow_older: bool = False) -> Shown:
    """Verify the bundle and make it the site in `out`, in one step.

    allow_older: take a bundle that is not newer than the one there. Raises BundleRefusedError,
    OutRefusedError or OSError; the site in `out` then stays as it was.
    """
    public_key = read_key(key)
    with bundle.open("rb") as file, _opened(file, bundle.name) as archive:
        entries = _entries(archive)
        facts = _signed_facts(archive, entries, public_key)
        listed = _listed(archive, entries, facts)
        releases = Releases(out, record=RECORD)
        with disk_faults(), releases.locked():
            earlier = _earlier(releases, facts, allow_older)
            _check_room(releases.folder, facts["bytes"])
            files = _write(archive, entries, listed, releases.fresh)
            if _comment(archive, file) != seal_of(file):
                raise BundleRefusedError(
                    f"{bundle.name} 有字节被改动（在压缩包的目录里，不在文件里）。请重新复制"
                )
            releases.inventory.write_bytes(archive.read(FACTS))
            releases.publish(releases.fresh)
    return Shown(facts["number"], earlier, facts["day"], files)


def read_key(path: Path) -> Ed25519PublicKey:
    """The county's public key from the file that `site key` printed."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise BundleRefusedError(f"{path} 不是公钥文件，应是 site key 命令印出的那几行")
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """Sixteen groups of digits to read out on the telephone."""
    digits = sha256(key.public_bytes_raw()).hexdigest()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


@contextmanager
def _opened(file: Any, name: str) -> Iterator[zipfile.ZipFile]:  # noqa: ANN401 - a file as zipfile takes it
    size = file.seek(0, 2)
    refused = BundleRefusedError(
        f"{name} 不完整：共 {size} 字节，压缩包没有完好的结尾。"
        "请与门户移交页上的字节数核对，重新复制"
    )
    try:
        archive = zipfile.ZipFile(file)
    except (*BROKEN, OSError):
        raise refused from None
    with archive:
        # A workbook is an archive as well: cut off behind one, the bundle seems to end with its end.
        if min((one.header_offset for one in archive.infolist()), default=0) > 0:
            raise refused
        yield archive


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except BROKEN as fault:
        raise BundleRefusedError(f"{name} 解不开（{fault}）。请重新复制移交包") from None


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The entries by name; none may reach outside, hide behind another, or be anything but a file."""
    found: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    for info in archive.infolist():
        name = info.filename
        if not NAME.fullmatch(name) or len(name) > LONGEST_NAME or name != info.orig_filename:
            raise BundleRefusedError(f"移交包里有不许用的文件名 {info.orig_filename[:100]!r}")
        if name.casefold() in folded:
            raise BundleRefusedError(f"移交包里有两个 {name}")
        if not _is_plain(info):
            raise BundleRefusedError(f"移交包里的 {name} 不是普通文件")
        found[name] = info
        folded.add(name.casefold())
    return found


def _is_plain(info: zipfile.ZipInfo) -> bool:
    mode = info.external_attr >> 16
    encrypted = info.flag_bits & ENCRYPTED
    return stat.S_ISREG(mode) and not encrypted and info.compress_type in METHODS


def _signed_facts(
    archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], key: Ed25519PublicKey
) -> dict[str, Any]:
    content = _small(archive, entries, FACTS)
    signature = _small(archive, entries, SIGNATURE)
    try:
        key.verify(bytes.fromhex(signature.decode()), content)
    except (InvalidSignature, ValueError):
        raise BundleRefusedError(
            f"签名不对：移交包不是用指纹为 {fingerprint(key)} 的钥匙签的，或者 {FACTS} 被改动过"
        ) from None
    facts: dict[str, Any] = json.loads(content)
    if facts["format"] != FORMAT:
        raise BundleRefusedError(
            f"移交包的格式是 {facts['format']}，本程序只认格式 {FORMAT}。请换用同一版本的程序"
        )
    return facts


def _small(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], name: str) -> bytes:
    if name not in entries:
        raise BundleRefusedError(f"移交包里缺少 {name}")
    if entries[name].file_size > SMALL:
        raise BundleRefusedError(f"{name} 有 {entries[name].file_size} 字节，最多 {SMALL}")
    with _reading(name):
        return archive.read(name)


def _listed(
    archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], facts: dict[str, Any]
) -> dict[str, Listed]:
    """The manifest, which the signed facts vouch for, compared with the names and sizes of the entries."""
    if MANIFEST not in entries:
        raise BundleRefusedError(f"移交包里缺少 {MANIFEST}")
    content = b"".join(_pieces(archive, entries[MANIFEST], facts["manifest_bytes"]))
    if sha256(content).hexdigest() != facts["manifest_sha256"]:
        raise BundleRefusedError(f"{MANIFEST} 的内容与签名的 {FACTS} 不符")
    files = json.loads(content)["files"]
    listed = {name: Listed(one["bytes"], one["sha256"]) for name, one in files.items()}
    names = entries.keys() - {MANIFEST, FACTS, SIGNATURE}
    if lost := sorted(listed.keys() - names):
        raise BundleRefusedError(f"移交包里缺少 {lost[0]}（共缺 {len(lost)} 个文件）")
    if strange := sorted(names - listed.keys()):
        raise BundleRefusedError(f"移交包里多出 {strange[0]}（共多 {len(strange)} 个文件）")
    return listed


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo, size: int) -> Iterator[bytes]:
    """The entry's content, ``size`` bytes or a refusal; zipfile reads no more than an entry declares."""
    name, read = info.filename, 0
    if info.file_size != size:
        raise BundleRefusedError(f"{name} 应有 {size} 字节，移交包里是 {info.file_size} 字节")
    with _reading(name), archive.open(info) as source:
        while chunk := source.read(CHUNK):
            read += len(chunk)
            yield chunk
    if read != size:
        raise BundleRefusedError(f"{name} 应有 {size} 字节，解出来 {read} 字节")


def _write(
    archive: zipfile.ZipFile,
    entries: dict[str, zipfile.ZipInfo],
    listed: dict[str, Listed],
    fresh: Path,
) -> int:
    """Compare every entry with its hash, and write those of the site; how many these are."""
    files = 0
    for name, expected in listed.items():
        digest = sha256()
        pieces = _pieces(archive, entries[name], expected.size)
        if name.startswith(SITE):
            path = fresh / name.removeprefix(SITE)
            path.parent.mkdir(parents=True, exist_ok=True)
            files += 1
            with path.open("xb") as target:
                for chunk in pieces:
                    digest.update(chunk)
                    target.write(chunk)
        elif name.startswith(ARTICLES):
            for chunk in pieces:
                digest.update(chunk)
        else:
            raise BundleRefusedError(f"移交包里多出 {name}")
        if digest.hexdigest() != expected.sha:
            raise BundleRefusedError(f"{name}（{expected.size} 字节）的内容与清单不符")
    return files


def _earlier(releases: Releases, facts: dict[str, Any], allow_older: bool) -> int | None:
    """The number of the bundle that is the site now; refuses what is not newer, or of another county."""
    current = releases.current()
    if current is None:
        return None
    shown = json.loads(releases.inventory_of(current).read_bytes())
    if shown["county"] != facts["county"]:
        raise BundleRefusedError(f"这里是{shown['name']}的网站，移交包是{facts['name']}的")
    number: int = shown["number"]
    if facts["number"] <= number and not allow_older:
        raise BundleRefusedError(
            f"移交包是第 {facts['number']} 号，网站已经是第 {number} 号。"
            "确实要退回，请加 --allow-older"
        )
    return number


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BundleRefusedError(f"磁盘空间不够：需要 {needed} 字节，只剩 {free} 字节")


def _comment(archive: zipfile.ZipFile, file: Any) -> bytes:  # noqa: ANN401 - as above
    """The zip's comment, if it is the very end of the file."""
    file.seek(-SEAL_LENGTH, 2)
    last: bytes = file.read()
    return last if last == archive.comment else b""


def main(arguments: Sequence[str]) -> int:
    """Run the command; 0 only when the bundle is the site now."""
    parser = argparse.ArgumentParser(prog="python -m public_site unpack", description=__doc__)
    parser.add_argument("bundle", type=Path, help="the bundle as it was handed over")
    parser.add_argument("--key", type=Path, required=True, help="the county's public key")
    parser.add_argument("--to", type=Path, required=True, help="the web root")
    parser.add_argument("--allow-older", action="store_true", help="go back to an earlier bundle")
    chosen = parser.parse_args(arguments)
    try:
        shown = unpack(chosen.bundle, chosen.key, chosen.to, allow_older=chosen.allow_older)
    except (BundleRefusedError, OutRefusedError, OSError) as fault:
        sys.stderr.write(f"网站没有更换，原来的没有动：{fault}\n")
        return 1
    if shown.earlier is not None and shown.number <= shown.earlier:
        sys.stderr.write(
            f"注意：网站从第 {shown.earlier} 号退回到第 {shown.number} 号，"
            "后来更正、撤回的内容又会被看到\n"
        )
    sys.stdout.write(
        f"网站已换成第 {shown.number} 号移交包：{shown.files} 个文件，数据截至 {shown.day}\n"
    )
    return 0
