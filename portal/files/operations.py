"""Taking a file in: checked, stored under its hash, and put on record."""

from pathlib import Path

from flask import current_app
from werkzeug.datastructures import FileStorage

from portal import clock
from portal.db import db
from portal.files.checks import inspect_upload
from portal.files.models import StoredFile
from portal.files.store import Store
from portal.intake import FileRefused
from portal.rules.access import Actor
from portal.rules.broken import RuleBroken


def store() -> Store:
    """The folder of uploads of this installation."""
    return Store(Path(current_app.config["INSTANCE"]) / "uploads")


def keep_upload(upload: FileStorage, *, actor: Actor, field: str) -> StoredFile:
    """Check an uploaded file and store it for the actor's county.

    Raises:
        RuleBroken: what is wrong with the file and what to do, at the form's ``field``.
    """
    try:
        checked = inspect_upload(upload.stream, upload.filename or "")
    except FileRefused as refused:
        raise RuleBroken(refused.message, field=field) from refused
    return keep(checked.content, name=checked.name, mime=checked.mime, actor=actor)


def keep(content: bytes, *, name: str, mime: str, actor: Actor) -> StoredFile:
    """Store a file that the portal made, or has checked, for the actor's county."""
    file = StoredFile(
        county_id=actor.county_id,
        sha256=store().put(content),
        name=name,
        mime=mime,
        size=len(content),
        uploaded_by_id=actor.user_id,
        uploaded_at=clock.now(),
    )
    db.session.add(file)
    db.session.flush()
    return file
