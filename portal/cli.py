"""``flask --app wsgi <command>``: the commands of the portal (INTERFACES)."""

from flask import Flask


def install(app: Flask) -> None:
    """Register every command group."""
