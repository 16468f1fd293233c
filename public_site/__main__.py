"""`python -m public_site DATA OUT`: make the site from exported data, without portal or database.

`python -m public_site --check OUT` compares a site with its manifest.
`python -m public_site unpack BUNDLE.zip --key FILE --to OUT` verifies a bundle and makes it the site.
"""

import argparse
import sys
from pathlib import Path

from public_site import JsonLines, build, check, unpack
from public_site.release import OutRefusedError


def main() -> int:
    """Run the command; 0 only on success, one line on standard error otherwise."""
    if sys.argv[1:2] == ["unpack"]:
        return unpack.main(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="python -m public_site", description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", help="site.json or the folder it lies in")
    parser.add_argument("out", type=Path, help="the web root")
    parser.add_argument("--check", action="store_true", help="only compare OUT with its manifest")
    parser.add_argument("--full", action="store_true", help="write every file anew")
    arguments = parser.parse_args()
    if arguments.check:
        return _report(check(arguments.out))
    if arguments.data is None:
        parser.error("写上数据文件夹和输出位置：python -m public_site DATA OUT")
    folder = arguments.data.parent if arguments.data.is_file() else arguments.data
    try:
        built = build(JsonLines(folder), arguments.out, full=arguments.full)
    except (OSError, ValueError, TypeError, OutRefusedError) as error:
        return _report([f"网站没有生成，原来的网站没有动：{error}"])
    sys.stdout.write(f"共{built.files}个文件，更新{built.written}个，删除{built.removed}个\n")
    return 0


def _report(faults: list[str]) -> int:
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
