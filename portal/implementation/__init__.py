"""The works of a project: contracts, dates, acceptance, changes, progress."""
