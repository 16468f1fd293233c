import json
import logging
import sys

from portal.logs import JsonLine


def line_of(app, message, *arguments, error=False):
    info = sys.exc_info() if error else None
    record = logging.LogRecord("portal.x", logging.ERROR, "x.py", 1, message, arguments, info)
    return JsonLine().format(record)


def test_l6_a_typed_line_break_cannot_begin_a_line_of_its_own(app):
    line = line_of(app, "refused %s", '东村\r\n{"level": "INFO", "message": "all well"}')
    assert line.count("\n") == line.count("\r") == 0
    assert json.loads(line)["message"].startswith("refused 东村\r\n")


def test_l6_an_error_in_a_request_carries_the_number_that_the_page_shows(app, client, capsys):
    def broken():
        raise RuntimeError("no such thing")

    broken.access = frozenset()
    app.add_url_rule("/broken", "broken", broken)
    logging.getLogger("portal").handlers[0].setStream(sys.stderr)
    page = client.get("/broken").get_data(as_text=True)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    found = next(line for line in lines if "traceback" in line)
    assert found["request"] in page
    assert "no such thing" in found["traceback"]
    assert "no such thing" not in page
