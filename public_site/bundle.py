"""The bundle (移交包): the built site in one signed zip, for a machine that the portal cannot reach.

Its entries, in this order: `articles/CODE.html`, `site/...`, `manifest.json` with bytes and SHA-256 of each
of these, `bundle.json` with what the bundle is, `bundle.sig`, the Ed25519 signature of `bundle.json`. The
zip's comment is the SHA-256 of every byte before it. Same site, same facts, same key: same bytes.
"""

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

FORMAT = 1
SITE, ARTICLES = "site/", "articles/"
MANIFEST, FACTS, SIGNATURE = "manifest.json", "bundle.json", "bundle.sig"
SEAL_LENGTH = 64
CHUNK = 1 << 20
PACKED = frozenset({".jpg", ".jpeg", ".png", ".pdf", ".docx", ".xlsx", ".zip"})
"""Files that are compressed already."""
_BEFORE_ZIP = (1980, 1, 1, 0, 0, 0)
_READABLE_FILE = 0o100644 << 16
_UNIX = 3

Sign = Callable[[bytes], bytes]
Entry = tuple[str, int, str]  # name, bytes, SHA-256


class SiteChangedError(ValueError):
    """The site's files are not those of its manifest: it is being replaced, or was damaged."""


@dataclass(frozen=True, slots=True)
class Packing:
    """What a bundle says of itself.

    county, name: code and name. number: counts the county's bundles. base_number: the last one that was
    handed over. day: of the data.
    """

    county: str
    name: str
    number: int
    base_number: int | None
    day: date


def write_bundle(
    out: BinaryIO,
    site: Path,
    articles: Iterable[tuple[str, bytes]],
    packing: Packing,
    sign: Sign,
) -> None:
    """Write the bundle into a file that is open for reading and writing, and still empty.

    articles: code and HTML. Files are streamed; memory grows by an entry per file, not with their bytes.
    Raises SiteChangedError when a file is not what the site's manifest says, OSError as the disk does.
    """
    manifest = (site / MANIFEST).read_bytes()
    hashes: dict[str, str] = json.loads(manifest)["files"]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        entries = [*_articles(archive, articles), *_files(archive, site, hashes)]
        entries.append(_put(archive, SITE + MANIFEST, manifest))
        listed = _manifest(sorted(entries))
        _put(archive, MANIFEST, listed)
        facts = _facts(packing, entries, listed, manifest)
        _put(archive, FACTS, facts)
        _put(archive, SIGNATURE, sign(facts).hex().encode())
        archive.comment = b"0" * SEAL_LENGTH
    seal = seal_of(out)
    out.seek(-SEAL_LENGTH, 2)
    out.write(seal)


def seal_of(bundle: BinaryIO) -> bytes:
    """SHA-256 of everything before the comment, as its hexadecimal digits."""
    left, digest = bundle.seek(0, 2) - SEAL_LENGTH, sha256()
    bundle.seek(0)
    while left > 0 and (chunk := bundle.read(min(CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest().encode()


def _articles(archive: zipfile.ZipFile, articles: Iterable[tuple[str, bytes]]) -> Iterator[Entry]:
    for code, content in articles:
        yield _put(archive, f"{ARTICLES}{code}.html", content)


def _files(archive: zipfile.ZipFile, site: Path, hashes: dict[str, str]) -> Iterator[Entry]:
    for path in sorted(hashes):
        entry = _stream(archive, SITE + path, site / path)
        if entry[2] != hashes[path]:
            raise SiteChangedError(f"{path} 与网站的 manifest.json 不符")
        yield entry


def _stream(archive: zipfile.ZipFile, name: str, path: Path) -> Entry:
    digest, size = sha256(), 0
    try:
        with path.open("rb") as source:
            info = _info(name, path.stat().st_size)
            with archive.open(info, "w") as target:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    target.write(chunk)
    except FileNotFoundError:
        raise SiteChangedError(f"{path.name} 不见了") from None
    return name, size, digest.hexdigest()


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> Entry:
    with archive.open(_info(name, len(content)), "w") as target:
        target.write(content)
    return name, len(content), sha256(content).hexdigest()


def _info(name: str, size: int) -> zipfile.ZipInfo:
    """An entry that says nothing of the machine or of the hour in which it was written."""
    info = zipfile.ZipInfo(name, _BEFORE_ZIP)
    packed = Path(name).suffix in PACKED
    info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    info.external_attr, info.create_system, info.file_size = _READABLE_FILE, _UNIX, size
    return info


def _manifest(entries: Iterable[Entry]) -> bytes:
    lines = (
        f"{json.dumps(name)}: {json.dumps({'bytes': size, 'sha256': sha})}"
        for name, size, sha in entries
    )
    return ('{"files": {\n' + ",\n".join(lines) + "\n}}\n").encode()


def _facts(packing: Packing, entries: list[Entry], listed: bytes, manifest: bytes) -> bytes:
    facts = {
        "format": FORMAT,
        "county": packing.county,
        "name": packing.name,
        "number": packing.number,
        "base_number": packing.base_number,
        "day": packing.day.isoformat(),
        "count": len(entries),
        "bytes": sum(size for _name, size, _sha in entries),
        "manifest_bytes": len(listed),
        "manifest_sha256": sha256(listed).hexdigest(),
        "site_manifest_sha256": sha256(manifest).hexdigest(),
    }
    return json.dumps(facts, ensure_ascii=False, indent=1).encode() + b"\n"
