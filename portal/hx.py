"""Reading and answering htmx, in one module: decoded headers, ``Vary``, checked redirects.

htmx-flask only supplies ``request.htmx``; its response helper is not used because it lets raw Chinese
into headers, which real servers refuse (UX fact 4).
"""

import re
from urllib.parse import unquote, urlsplit

from flask import Response, current_app, redirect
from htmx_flask import request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

RAW_PATH = re.compile(r"/(?!/)[\x21-\x5b\x5d-\x7e]*")


def wants(fragment: str) -> bool:
    """Whether htmx asked for just this fragment (its id is the file's name without ``_``)."""
    restoring = request.htmx.history_restore_request
    return is_htmx() and not restoring and decoded("HX-Target") == fragment


def is_htmx() -> bool:
    """Whether htmx sent the request."""
    return bool(request.htmx)


def decoded(header: str) -> str:
    """A header of htmx, decoded where htmx says that it encoded it."""
    value = request.headers.get(header, "")
    encoded = request.headers.get(f"{header}-URI-AutoEncoded") == "true"
    return unquote(value) if encoded else value


def go_to(address: str) -> Response:
    """Send the browser to an address of ours after a write (303, or ``HX-Redirect`` for htmx)."""
    if is_htmx():
        return Response(status=204, headers={"HX-Redirect": address})
    answer = redirect(address, 303)
    assert isinstance(answer, Response)
    return answer


def safe_next(address: str | None) -> str | None:
    """The address if it is a page of ours that can be opened, else ``None`` (C7).

    Printable ASCII without a backslash, one leading slash, still so when decoded, and a GET route
    matches.
    """
    if not address or not RAW_PATH.fullmatch(address) or not _stays_here(unquote(address)):
        return None
    path = urlsplit(address).path
    try:
        current_app.url_map.bind("localhost").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return address


def _stays_here(decoded_address: str) -> bool:
    """Decoding must not bring back what the raw pattern refused."""
    return (
        not decoded_address.startswith("//")
        and "\\" not in decoded_address
        and all(character.isprintable() for character in decoded_address)
    )
