"""Log lines as JSON on standard error: one line each, whatever somebody typed (L6)."""

import json
import logging
from datetime import datetime

from flask import g, has_request_context

from portal.clock import SHANGHAI


class JsonLine(logging.Formatter):
    """A record as one JSON object; line breaks inside it are escaped by JSON itself.

    ``request`` is the reference number that the error page shows. Form values, cookies and query
    parameters are never part of a message.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, with the traceback of an error in a field of its own."""
        line = {
            "at": datetime.fromtimestamp(record.created, SHANGHAI).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line["request"] = g.get("request_id", "")
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def install() -> None:
    """Let everything under ``portal`` speak JSON; a second call changes nothing."""
    logger = logging.getLogger("portal")
    if any(isinstance(handler.formatter, JsonLine) for handler in logger.handlers):
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLine())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
