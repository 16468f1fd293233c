"""The conventions of ARCHITECTURE §2-§7, each with the test that makes it more than a wish."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import (
    PORTAL,
    PUBLIC_SITE,
    ROOT,
    calls,
    code_lines,
    functions,
    imported,
    modules,
    name,
    tree,
)

CODE = modules(PORTAL, PUBLIC_SITE)
MOST_LINES = 300
MOST_FUNCTION_LINES = 40

FOLDERS = (
    "accounts", "audit", "dashboard", "deadlines", "disclosure",
    "funds", "library", "mail", "publication",
)  # fmt: skip
USUAL = {"__init__", "models", "forms", "operations", "queries", "views", "sheets", "commands"}
NAMED_DOCUMENTS = {
    "accounts/administration": "the administrator's pages",
    "accounts/common_passwords": "a list",
    "accounts/passwords": "hashing and the policy",
    "accounts/scopes": "the second reader of GRANTS",
    "accounts/sessions": "server-side sessions and the throttle",
    "audit/recorder": "the session listener",
    "audit/words": "the trail's words in Chinese",
    "dashboard/tasks": "今天要做的事",
    "deadlines/digest": "the words of a day's mail",
    "deadlines/facts": "the dates of each clock's subject",
    "disclosure/drafting": "notices drafted from the data",
    "disclosure/snapshots": "what is frozen at the approval",
    "funds/allocating": "money placed under locks",
    "funds/batch_views": "the pages of a batch",
    "funds/entering": "many amounts at once, typed or pasted",
    "funds/facts": "what the rules need to know",
    "funds/line_views": "the pages of a batch's lines",
    "funds/loading": "one row through the scope filter",
    "funds/papers": "form F3",
    "funds/story": "a document's timeline",
    "library/application_views": "the pages of an application",
    "library/facts": "what the flow needs to know",
    "library/filters": "the list's filters",
    "library/import_views": "the pages of an import",
    "library/importing": "the plan table into the library",
    "library/news": "what the applicant hears",
    "library/papers": "notices on the boards and attached papers",
    "library/paper_views": "the pages of notices and papers",
    "library/places": "townships and villages by name",
    "library/plan": "the plan table's columns",
    "library/project_page": "what the project's page shows",
    "mail/letters": "an outbox row as a message",
    "mail/sending": "SMTP",
    "mail/transports": "SMTP or files",
    "publication/changes": "what changed since the last build",
    "publication/gate": "private data stops the switch",
    "publication/rows": "a database row as a public row",
    "publication/server": "site serve",
    "publication/site_data": "the privacy boundary",
    "publication/site_facts": "the footer",
    "publication/statements": "the ordered cursors",
}
DRAWERS = {"utils", "util", "helpers", "helper", "common", "services", "service", "base", "misc"}


def test_only_the_clock_reads_the_time():
    clocks = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    readers = {name(path) for path in CODE for call, _line in calls(path) if call in clocks}
    assert readers == {"portal/clock.py"}


def test_only_the_unit_of_work_commits():
    commits = [
        name(path)
        for path in modules(PORTAL)
        for call, _line in calls(path)
        if call.endswith(".commit")
    ]
    assert commits == ["portal/db.py"]


def test_only_the_guards_and_the_driver_level_speak_raw_sql():
    raw = {
        name(path)
        for path in modules(PORTAL)
        for call, _line in calls(path)
        if call in {"sa.text", "text"} or call.endswith(".exec_driver_sql")
        if "sqlalchemy" in imported(path) and call != "text"
    }
    assert raw <= {"portal/db.py", "portal/database_guards.py"}


@pytest.mark.parametrize(
    ("folder", "allowed"),
    [(PORTAL / "rules", {"portal"}), (PUBLIC_SITE, {"jinja2", "markupsafe", "public_site"})],
    ids=["rules", "public_site"],
)
def test_pure_folders_import_the_standard_library_only(folder, allowed):
    foreign = {
        f"{name(path)}: {module}"
        for path in modules(folder)
        for module in imported(path)
        if module.split(".")[0] not in sys.stdlib_module_names | allowed
        or (module.startswith("portal") and not module.startswith("portal.rules"))
    }
    assert foreign == set()


def test_nothing_imports_the_app():
    """Only the entry points make an app."""
    assert [name(path) for path in CODE if "portal.app" in imported(path)] == []


def test_import_contracts_hold():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(command), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_of_a_business_folder_have_the_usual_names():
    """A newcomer finds the writes of any folder in its operations.py (ARCHITECTURE §4)."""
    found = {
        f"{folder}/{path.stem}"
        for folder in FOLDERS
        for path in (PORTAL / folder).glob("*.py")
        if path.stem not in USUAL
    }
    assert found - set(NAMED_DOCUMENTS) == set()


def test_no_module_is_a_drawer_for_anything():
    assert [
        name(path) for path in CODE if path.stem in DRAWERS or path.parent.name in DRAWERS
    ] == []


def test_no_import_hides_in_a_function():
    hidden = [
        f"{name(path)}:{node.lineno}"
        for path in CODE
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_no_except_swallows_everything():
    broad = [
        f"{name(path)}:{node.lineno}"
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        if node.type is None or getattr(node.type, "id", "") == "Exception"
    ]
    assert broad == []


def test_c2_no_text_is_marked_as_safe_html():
    unsafe = {"Markup", "markupsafe.Markup", "render_template_string", "flask.Markup"}
    found = [
        f"{name(p)}:{line}" for p in modules(PORTAL) for call, line in calls(p) if call in unsafe
    ]
    assert found == []


def test_l5_nothing_of_the_ledger_is_deleted():
    """Corrections are reversing entries: money and its papers never leave the database."""
    deletes = [
        f"{name(path)}:{line}"
        for folder in ("funds", "audit", "disclosure", "publication")
        for path in modules(PORTAL / folder)
        for call, line in calls(path)
        if call in {"session.delete", "sa.delete"}
    ]
    assert deletes == []


def test_files_stay_small():
    large = {name(path): code_lines(path) for path in CODE if code_lines(path) > MOST_LINES}
    assert large == {}


def test_functions_stay_small():
    large = {}
    for path in CODE:
        for function in functions(path):
            first = function.body[0]
            said = ast.get_docstring(function, clean=False) or ""
            lines = function.end_lineno - first.lineno + 1 - len(said.splitlines())
            if lines > MOST_FUNCTION_LINES:
                large[f"{name(path)}:{function.name}"] = lines
    assert large == {}


def test_what_a_newcomer_calls_explains_itself():
    """Public functions of the law book, the reads and the writes carry a docstring."""
    silent = [
        f"{name(path)}:{function.name}"
        for path in modules(PORTAL)
        if path.parent.name == "rules" or path.stem in {"operations", "queries"}
        for function in tree(path).body
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_")
        if not ast.get_docstring(function)
    ]
    assert silent == []


def test_everything_is_annotated():
    loose = [
        f"{name(path)}:{function.name}"
        for path in CODE
        for function in functions(path)
        if function.returns is None
    ]
    assert loose == []
