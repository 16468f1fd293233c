"""gunicorn behind nginx on one host.

One request per worker: threads and SQLite get in each other's way, and nginx holds slow uploads
back until they are complete.
"""

import multiprocessing

bind = "127.0.0.1:8000"
worker_class = "sync"
workers = min(2 * multiprocessing.cpu_count() + 1, 9)
timeout = 60
graceful_timeout = 30
max_requests = 1000
max_requests_jitter = 100
worker_tmp_dir = "/dev/shm"  # noqa: S108 - heartbeat files, in memory so that a slow disk kills no worker
umask = 0o027
