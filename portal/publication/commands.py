"""``flask --app wsgi site``: build, check and serve the public site."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask.cli import AppGroup

from portal import clock
from portal.accounts.models import Organization
from portal.publication import signing
from portal.publication.bundle_store import path_of
from portal.publication.bundles import make_bundle
from portal.publication.operations import FAULTS, build_site, write_site
from portal.publication.queries import counties, manifest_sha256, site_problems, web_root
from portal.publication.server import server
from portal.rules.access import SYSTEM
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import BuildState
from public_site import check

site = AppGroup("site", help="The public site.")
county_option = click.option("--county", "code", help="Code of the county; default: the first one.")


@site.command("build")
@click.option("--out", type=click.Path(path_type=Path), help="Web root; default: instance/public.")
@click.option("--full", is_flag=True, help="Render and write every file anew.")
@county_option
def build_command(out: Path | None, full: bool, code: str | None) -> None:
    """Build the site from what is published."""
    county = _county(code)
    if out is None:
        run = build_site(county, full=full)
        if run.state is BuildState.BLOCKED:
            _fail([f"网站没有生成，原来的网站没有动：{run.message}"])
        click.echo(f"共{run.files}个文件，更新{run.written}个，删除{run.removed}个")
        return
    try:
        built = write_site(county, out, full=full)
    except FAULTS as fault:
        _fail([f"网站没有生成，原来的网站没有动：{fault}"])
    click.echo(f"共{built.files}个文件，更新{built.written}个，删除{built.removed}个")


@site.command("check")
@click.option("--out", type=click.Path(path_type=Path), help="Web root; default: instance/public.")
@county_option
def check_command(out: Path | None, code: str | None) -> None:
    """Compare the site with its manifest, with the last recorded run and with what is published."""
    county = _county(code)
    root = out or web_root(county)
    faults = check(root) if out else [*site_problems()]
    with TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "site"
        write_site(county, fresh)
        if not faults and manifest_sha256(fresh) != manifest_sha256(root):
            faults.append(f"{root}: 与现在应公开的内容不一致，请运行 site build")
    _fail(faults)
    click.echo(f"{root}: 完好")


@site.command("serve")
@click.option("--port", type=int, default=8001, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@county_option
def serve_command(port: int, host: str, code: str | None) -> None:
    """Serve the built site for a trial on this machine."""
    root = web_root(_county(code))
    if not (root / "index.html").is_file():
        _fail([f"{root}: 还没有网站，请先运行 site build"])
    with server(root, port, host) as running:
        click.echo(f"http://{host}:{running.server_port}/")
        running.serve_forever()


@site.command("key")
def key_command() -> None:
    """Print the public key with which the outside machine checks bundles; its fingerprint goes beside it."""
    click.echo(signing.public_key(), nl=False)
    click.echo(f"指纹 {signing.key_fingerprint()}", err=True)


@site.command("bundle")
@county_option
def bundle_command(code: str | None) -> None:
    """Pack and sign the site as it is now; somebody approves the bundle in the portal."""
    try:
        made = make_bundle(_county(code), SYSTEM, clock.today())
    except (RuleBroken, OSError) as fault:
        _fail([f"没有生成移交包：{fault}"])
    click.echo(f"{path_of(made)}: {made.size} 字节，等待批准")


def _county(code: str | None) -> Organization:
    found = [county for county in counties() if code in (None, county.code)]
    if not found:
        raise click.ClickException(
            f"没有这个县（区）：{code}" if code else "还没有县（区），请先建立单位"
        )
    return found[0]


def _fail(faults: list[str]) -> None:
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(1)
