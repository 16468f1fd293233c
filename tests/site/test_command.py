"""python -m public_site"""

import subprocess
import sys
from pathlib import Path

from published import published
from trees import tree

from public_site import export

ROOT = Path(__file__).parents[2]


def run(*arguments: Path | str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "public_site", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, encoding="utf-8")


def test_it_builds_checks_and_reports(tmp_path: Path, site: Path):
    export(published(60), tmp_path / "data")
    built = run(tmp_path / "data/site.json", tmp_path / "public")
    assert (built.returncode, built.stderr) == (0, "")
    assert tree(tmp_path / "public") == tree(site)
    assert run("--check", tmp_path / "public").returncode == 0
    (tmp_path / "public/index.html").unlink()
    checked = run("--check", tmp_path / "public")
    assert (checked.returncode, checked.stderr) == (1, "缺少 index.html\n")


def test_a_missing_folder_is_one_line_on_standard_error(tmp_path: Path):
    failed = run(tmp_path / "nothing", tmp_path / "public")
    assert failed.returncode == 1
    assert failed.stderr.startswith("网站没有生成，原来的网站没有动：")
    assert failed.stderr.count("\n") == 1
