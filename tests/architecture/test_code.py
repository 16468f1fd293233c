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
    "accounts", "audit", "boards", "closing", "complaints", "dashboard", "deadlines", "disclosure",
    "duties", "funds",
    "implementation", "library", "mail", "pace", "payments", "performance",
    "privacy", "publication", "supervision",
)  # fmt: skip
USUAL = {"__init__", "models", "forms", "operations", "queries", "views", "sheets", "commands"}
NAMED_DOCUMENTS = {
    "accounts/administration": "the administrator's pages",
    "accounts/common_passwords": "a list",
    "accounts/passwords": "hashing and the policy",
    "accounts/scopes": "the second reader of GRANTS",
    "accounts/sessions": "server-side sessions and the throttle",
    "audit/recorder": "the session listener",
    "audit/fields": "the names of columns in Chinese",
    "audit/words": "the trail's words in Chinese",
    "boards/codes": "QR codes",
    "boards/loading": "one row through the scope filter",
    "boards/poster_views": "the pages of the posters",
    "boards/posters": "what a poster says",
    "boards/printing": "PDF, where it is possible",
    "boards/works": "the fields of a completion notice",
    "closing/figures": "what each document and project carries over",
    "closing/returning": "the surplus goes back by an adjustment",
    "closing/surplus": "what projects do not need any more",
    "closing/surplus_views": "the page of the surplus",
    "dashboard/board_tasks": "what the notice boards ask of a person",
    "complaints/contacts": "how to reach a person, encrypted",
    "dashboard/complaint_tasks": "what complaints ask of a person",
    "dashboard/performance_tasks": "what the performance chain asks of a person",
    "dashboard/publication_tasks": "what the public site asks of a person",
    "dashboard/supervision_tasks": "what plans and letters ask of a person",
    "dashboard/task": "one line of 今天要做的事",
    "dashboard/duty_tasks": "what the calendar and the warnings ask",
    "dashboard/tasks": "今天要做的事",
    "deadlines/dated": "duties with a date of the year",
    "deadlines/digest": "the words of a day's mail",
    "deadlines/disclosing": "what has to be told, as clocks of many duties together",
    "deadlines/facts": "the dates of each clock's subject",
    "disclosure/attaching": "papers that a notice brings along",
    "disclosure/checking": "what in an item must not leave",
    "disclosure/drafting": "notices drafted from the data",
    "disclosure/results": "targets and evaluations of approved forms",
    "disclosure/snapshots": "what is frozen at the approval",
    "duties/covering": "what meets a duty",
    "duties/facts": "what has happened that must be told",
    "duties/places": "who has to tell it",
    "duties/watching": "duties follow the facts before each commit",
    "funds/adjusting": "money taken back from projects",
    "funds/adjustment_views": "the pages of an adjustment",
    "funds/allocating": "money placed under locks",
    "funds/batch_views": "the pages of a batch",
    "funds/closed": "what a closed year forbids",
    "funds/counting": "the ledger's counters",
    "funds/entering": "many amounts at once, typed or pasted",
    "funds/facts": "what the rules need to know",
    "funds/line_views": "the pages of a batch's lines",
    "funds/loading": "one row through the scope filter",
    "funds/matrix": "the grid of a batch",
    "funds/matrix_saving": "many cells saved at once",
    "funds/matrix_typed": "the grid as it comes in",
    "funds/matrix_views": "the pages of the grid",
    "funds/opening": "years before the portal",
    "funds/room": "what is free for a batch",
    "funds/shares": "the industry's share of the money",
    "funds/papers": "form F3",
    "funds/story": "a document's timeline",
    "implementation/change_views": "the pages of a change",
    "implementation/changing": "changes asked for and decided",
    "implementation/contracting": "contracts and their settlement",
    "implementation/contract_views": "the pages of a contract",
    "implementation/facts": "what the rules of payment need to know",
    "implementation/overview": "the list of works",
    "implementation/progress_views": "the phone's page",
    "implementation/record_views": "the pages of days and acceptances",
    "implementation/works_page": "what the page of a project's works shows",
    "library/application_views": "the pages of an application",
    "library/facts": "what the flow needs to know",
    "library/filters": "the list's filters",
    "library/import_views": "the pages of an import",
    "library/importing": "the plan table into the library",
    "library/news": "what the applicant hears",
    "library/papers": "attached papers",
    "library/paper_views": "the pages of papers and every file of a project",
    "library/places": "townships and villages by name",
    "library/plan": "the plan table's columns",
    "library/priorities": "the library's own order",
    "library/priority_views": "the page of that order",
    "library/project_page": "what the project's page shows",
    "mail/letters": "an outbox row as a message",
    "mail/sending": "SMTP",
    "mail/transports": "SMTP or files",
    "payments/cells": "the amounts of a request as typed",
    "pace/ages": "执行率 by the age of the money",
    "pace/choices": "what an address chooses",
    "pace/curve": "the spending curve",
    "pace/frozen": "the content of a snapshot",
    "pace/snapshot_views": "the pages of frozen figures",
    "payments/facts": "what the flow needs to know",
    "payments/filters": "the list of payments",
    "payments/gate_views": "the page of the gates",
    "payments/gates": "who sits where in the chain",
    "payments/loading": "one row through the scope filter",
    "payments/matching": "what a line of the treasury's list may mean",
    "payments/news": "what the requester hears",
    "payments/payment_page": "what the payment's page shows",
    "payments/posting": "the ledger of paid money",
    "payments/request_views": "the pages of a request",
    "payments/treasury": "the treasury's list",
    "payments/treasury_views": "the pages of the treasury's list",
    "payments/vouchers": "a voucher is booked once",
    "performance/amounts": "a form's money as the ledger has it, by source",
    "performance/assessment_cards": "what is known for a year, and its score sheet",
    "performance/assessment_content": "what both departments sign, as JSON",
    "performance/assessment_forms": "the forms of a year and of its facts",
    "performance/assessment_line_views": "the pages of a line of the score sheet",
    "performance/assessment_operations": "writes on an open assessment",
    "performance/assessment_page": "the score sheet with the rows behind it",
    "performance/assessment_sheet": "绩效自评得分明细表 as a workbook",
    "performance/assessment_signing": "two signatures, and the version that stays",
    "performance/assessment_views": "the pages of the yearly assessment",
    "performance/ledger_facts": "what the ledger knows for an assessment",
    "performance/beginning": "forms begun and prefilled",
    "performance/facts": "what the rules need to know",
    "performance/form_views": "the pages of the forms",
    "performance/loading": "one form through the scope filter",
    "performance/news": "what the writer of a form hears",
    "performance/overview": "which forms are there, missing, waiting",
    "performance/pasting": "indicators pasted from a sheet",
    "performance/paper_money": "the rows of money of the official tables",
    "performance/paper_rows": "the squares of an official table",
    "performance/papers": "the forms as official tables",
    "performance/paper_views": "the forms to be printed and taken away",
    "performance/crosscheck_views": "a report from outside, checked and forgotten",
    "performance/report": "the self-evaluation report as a file",
    "performance/report_drafts": "its paragraphs before anybody wrote them",
    "performance/report_facts": "what it takes from the ledger",
    "performance/report_forms": "what people type into it",
    "performance/report_tables": "its tables and the working of each line",
    "performance/report_template": "the shipped template, or the county's own",
    "performance/report_views": "its pages",
    "performance/report_words": "its placeholders",
    "performance/report_writing": "what people write into it",
    "performance/wording": "how a form is called",
    "publication/draft_views": "the choice of what to disclose",
    "privacy/cleaning": "what its writer does not see in an office file",
    "privacy/found": "a finding and its place",
    "privacy/keeper": "which findings stop a publication",
    "privacy/packages": "the parts of an office file",
    "privacy/pages": "pages and data files of the site",
    "privacy/pdfs": "PDF files",
    "privacy/pictures": "what a picture's file says",
    "privacy/reading": "a file of any kind",
    "privacy/word": "Word files",
    "publication/drafting": "notices drafted from money, works and complaints",
    "publication/results": "notices drafted on targets and results",
    "publication/pictures": "photos and papers as the public gets them",
    "publication/article_views": "a notice for the county portal's CMS",
    "publication/articles": "a notice as the body of an article",
    "publication/bundle_store": "the folder of bundles",
    "publication/bundle_views": "the pages of the bundles",
    "publication/bundles": "the site packed, approved, handed over",
    "publication/changes": "what changed since the last build",
    "publication/differences": "what a bundle would change",
    "publication/log": "everything done for the public, by day",
    "publication/log_views": "the page of that log",
    "publication/signing": "the county's signature",
    "publication/gate": "private data stops the switch",
    "publication/rows": "a database row as a public row",
    "publication/server": "site serve",
    "publication/site_data": "the privacy boundary",
    "publication/site_facts": "the footer",
    "publication/statements": "the ordered cursors",
    "publication/works": "what is told of the works",
    "supervision/bulletin_views": "the pages of the bulletins",
    "supervision/bulletins": "the figures that a bulletin freezes",
    "supervision/letter_views": "the pages of the letters",
    "supervision/loading": "one row through the scope filter",
    "supervision/plan_views": "the pages of the monthly plans",
    "supervision/papers": "bulletins and letters in Word",
    "supervision/planning": "form F12",
    "supervision/warnings": "预警",
    "supervision/wording": "what bulletins and letters say",
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
    [
        (PORTAL / "rules", {"portal"}),
        (PUBLIC_SITE, {"jinja2", "markupsafe", "public_site", "cryptography"}),
    ],
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


def test_only_the_outside_machine_needs_cryptography_of_the_public_site():
    users = {name(p) for p in modules(PUBLIC_SITE) if any("cryptography" in m for m in imported(p))}
    assert users == {"public_site/unpack.py"}


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
    """The words of the field and the fields that may become public are one list each on purpose."""
    long = {name(path): code_lines(path) for path in CODE if code_lines(path) > MOST_LINES}
    large = long.keys() - {"portal/rules/vocabulary.py", "public_site/schema.py"}
    assert large == set()


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
