"""Tables in and out: one column table makes the template, the import and the export.

``columns`` and ``kinds`` describe a table, ``checking.check_file`` reads one with an error per cell,
``writing`` writes it. Files are parsed in a child process (``child``) with limits.
"""
