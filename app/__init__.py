"""サシトーク: a guest and a cast, one to one, by the minute."""

from flask import Flask, request
from flask_babel import Babel
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli
from app.blueprints import inlet, register_blueprints
from app.blueprints.pictures import init_uploads
from app.config import Settings, Unsafe
from app.db import db
from app.entry.looks import addresses
from app.guards import init_guards
from app.jobs import bell
from app.people import passwords
from app.purchases.gateways import GATEWAYS
from app.timetable import TIMETABLE
from app.vault import vault
from app.video.server import server
from app.web import init_web

csrf = CSRFProtect()
migrate = Migrate()
babel = Babel()


def create_app(settings: Settings | None = None) -> Flask:
    """The whole product, wired. Raises Unsafe where the settings do not allow a start."""
    settings = settings or Settings.read()
    if settings.payments not in GATEWAYS:
        raise Unsafe(f"PAYMENTS={settings.payments} has no gateway in this version yet")
    app = Flask(__name__)
    inlet.stand_before(app, settings)
    configure(app, settings)
    db.init_app(app)
    migrate.init_app(app, db)
    babel.init_app(app, locale_selector=_locale)
    init_uploads(app)
    csrf.init_app(app)
    init_guards(app, redis_url=settings.redis_url)
    init_web(app)
    register_blueprints(app, csrf, settings)
    cli.register(app)
    bell.connect(settings.redis_url)
    server.connect(settings)
    addresses.connect(settings.redis_url)
    vault.open_with(settings.vault_keys, marks_key=settings.marks_key)
    return app


def configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        TIMETABLE=TIMETABLE,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10},
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.production,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session; a talk's page may stay open for hours
        MAX_CONTENT_LENGTH=2_500_000,
        BABEL_DEFAULT_LOCALE="ja",
        BABEL_DEFAULT_TIMEZONE="Asia/Tokyo",
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.cheap_passwords:
        passwords.make_cheap()
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops, hops)  # type: ignore[method-assign]


def _locale() -> str:
    """Japanese, unless the visitor switched to English in the footer."""
    return "en" if request.cookies.get("locale") == "en" else "ja"
