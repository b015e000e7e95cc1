"""The house as tests meet it: real engines, each test undone, the books checked after each."""

import contextvars
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Barrier

import pytest
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg.pq import TransactionStatus
from redis import Redis
from rq.exceptions import DuplicateJobError
from sqlalchemy import text

from app import clock, create_app
from app.blueprints import shelf
from app.books import checks as books
from app.db import at_once, db, session
from app.errors import Refused
from app.jobs import bell, transaction
from app.people import signing_in
from tests import engines_of_tests
from tools import translations

CLOSING = ExitStack()
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")

hypothesis_settings.register_profile(
    "house",
    deadline=None,  # a slow machine is no fault of the code
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # see `undone`
)
hypothesis_settings.load_profile("house")


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        translations.compile_all()
        engines_of_tests.start(CLOSING)


def pytest_unconfigure(config):
    CLOSING.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return _no_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return _no_skip((yield))


def _no_skip(report):
    """With REQUIRE_ALL=1 a test that could not run has failed."""
    if report.skipped and os.environ.get("REQUIRE_ALL") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but REQUIRE_ALL is set: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def app():
    """The product over an empty database that the real migrations have filled."""
    os.environ.update(engines_of_tests.settings(WORKER))
    app = create_app()
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False  # tests of it switch it on
    app.test_client_class = Client
    with app.app_context():
        upgrade()
        db.engine.dispose()
        engines_of_tests.keep_copy(WORKER)
        yield app
        db.engine.dispose()


class Client(FlaskClient):
    """A browser. What the test made before a request is stored, and read afresh after it."""

    def open(self, *args, **kwargs):
        session.commit()
        # A request brings a context of its own, not the one that the test stands in.
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        session.expire_all()
        return answer


@pytest.fixture(autouse=True)
def clean_database(request, app):
    """Undo the test, or renew the database where it needed real commits; check the books before."""
    committed = request.node.get_closest_marker("committed")
    with app.app_context(), _renewed() if committed else _outer_transaction():
        yield
        if not session.is_active or _has_failed():
            session.rollback()
        _check_books()
        session.remove()


@contextmanager
def _outer_transaction():
    """Let every session work inside one transaction that is thrown away."""
    engine = db.engine
    with engine.connect() as connection:
        outer = connection.begin()
        db.engines[None] = connection
        at_once.idle = [connection.connection.driver_connection.cursor()]
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield
            connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # what COMMIT would check
        finally:
            db.session.remove()
            at_once.idle = []
            db.engines[None] = engine
            outer.rollback()


@contextmanager
def _renewed():
    db.session.remove()
    db.session.configure(join_transaction_mode="conditional_savepoint")
    try:
        yield
    finally:
        db.session.remove()
        db.engine.dispose()
        at_once.close()
        engines_of_tests.renew(WORKER)


def _has_failed():
    """A statement failed, and PostgreSQL refuses to go on in this transaction."""
    connection = session.connection().connection.driver_connection
    return connection.info.transaction_status is TransactionStatus.INERROR


def _check_books():
    session.flush()
    assert books.problems() == []


@pytest.fixture(autouse=True)
def empty_shelves(app):
    yield
    shelf.clear()


@pytest.fixture(autouse=True)
def empty_redis(app):
    yield
    with Redis.from_url(os.environ["REDIS_URL"]) as valkey:
        valkey.flushdb()


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Nothing in the tests may leave this machine."""
    connect = socket.socket.connect

    def connect_here(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            assert address[0] in {"127.0.0.1", "::1", "localhost"}, f"a test called {address}"
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)


@pytest.fixture
def undone():
    """A context that undoes what stands in it, for the examples of one property."""

    @contextmanager
    def undo():
        session.commit()
        point = db.engine.begin_nested()
        try:
            yield
            _check_books()
        finally:
            session.remove()
            point.rollback()

    return undo


@pytest.fixture
def at(monkeypatch):
    """at(moment): what the time is, for the edges that ask."""

    def stand_still(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    return stand_still


class Waiting:
    """RQ's queue as far as the house uses it: jobs wait until the test runs them."""

    def __init__(self, app):
        self.app = app
        self.jobs = {}

    def enqueue(self, work, *args, job_id=None, unique=False, **_options):
        job_id = job_id or f"job-{len(self.jobs)}"
        if unique and job_id in self.jobs:
            raise DuplicateJobError
        self.jobs[job_id] = (work, args)

    def run(self):
        """Run what waits, and what that rings for."""
        while self.jobs:
            work, args = self.jobs.pop(next(iter(self.jobs)))
            self.do(work, *args)

    def do(self, work, *args):
        """Run one job as a worker would: apart from the session that the test works in."""
        session.commit()
        done = contextvars.Context().run(self._work, work, args)
        session.expire_all()
        return done

    def _work(self, work, args):
        with self.app.app_context():
            return work(*args)


@pytest.fixture
def queue(app, monkeypatch):
    waiting = Waiting(app)
    monkeypatch.setattr(bell, "queue", waiting)
    return waiting


@pytest.fixture
def client(app):
    """A visitor's browser, signed in as nobody."""
    return app.test_client()


@pytest.fixture
def client_of(app):
    """client_of(account): that person's browser, signed in."""

    def sign_in(account):
        begun = signing_in.begin(account, device="Chrome 131 / Windows", now=clock.now())
        session.commit()
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = begun.key, True
        return browser

    return sign_in


@pytest.fixture(name="at_once")
def _run_at_once(app):
    """at_once(*works): run them at the same instant, each a transaction; what each came to."""

    def run(*works):
        start = Barrier(len(works))

        def run_one(work):
            start.wait(timeout=30)
            with app.app_context():
                try:
                    with transaction():
                        return work()
                except Refused as refusal:
                    return refusal

        session.commit()
        session.remove()
        with ThreadPoolExecutor(len(works)) as threads:
            return list(threads.map(run_one, works))

    return run
