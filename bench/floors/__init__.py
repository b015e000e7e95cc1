"""The least that answers the same requests: small WSGI apps without a framework."""

import os
import threading

import psycopg

_own = threading.local()


def connection() -> psycopg.Connection:
    """This thread's own connection."""
    if not hasattr(_own, "connection"):
        dsn = os.environ["DATABASE_URL"].replace("+psycopg", "")
        _own.connection = psycopg.connect(dsn, autocommit=True)
    return _own.connection
