"""Giving a file out. Who may have it is for the folder to say whose row the file belongs to."""

import io

from flask import Response, send_file

from portal.files.models import StoredFile
from portal.files.operations import store


def download(file: StoredFile) -> Response:
    """The stored file as an attachment that no browser runs (D5).

    Raises:
        StoredFileDamaged: when the bytes on disk are not those that were stored.
    """
    response = send_file(
        io.BytesIO(store().open_verified(file.sha256)),
        mimetype=file.mime,
        as_attachment=True,
        download_name=file.name,
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
