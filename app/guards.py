"""Who may come in. A page of another role, and a stranger's id, do not exist."""

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, g, redirect, request, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from app.people.models import Account, Role
from app.people.signing_in import account_of_session, session_id_of
from app.web import go, wants_fragment

P = ParamSpec("P")
R = TypeVar("R")

OWN_PATH = re.compile(r"/(?!/)[!-\[\]-~]{0,1000}")

logins = LoginManager()
limiter = Limiter(get_remote_address, swallow_errors=True, in_memory_fallback_enabled=True)

LOGIN_PAGES = {
    Role.GUEST: "signing_in.login",
    Role.CAST: "signing_in.cast_login",
    Role.OPERATOR: "signing_in.operator_login",
}


class Visitor(UserMixin):
    """What Flask-Login keeps of an account: its id and session key."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        return session_id_of(self.account)


def init_guards(app: Flask, *, redis_url: str) -> None:
    logins.init_app(app)
    storage = (
        f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url
    )  # its own dialect
    app.config.setdefault("RATELIMIT_STORAGE_URI", storage)
    limiter.init_app(app)
    app.context_processor(lambda: {"me": find_me()})


@logins.user_loader
def _load(session_id: str) -> Visitor | None:
    account = account_of_session(session_id)
    return Visitor(account) if account else None


def let_in(account: Account) -> None:
    login_user(Visitor(account))


def let_out() -> None:
    logout_user()


def find_me() -> Account | None:
    """The signed-in account, if any."""
    return current_user.account if current_user and current_user.is_authenticated else None


def find_guest() -> Account | None:
    """The signed-in guest, on pages that strangers see as well."""
    account = find_me()
    return account if account and account.role is Role.GUEST else None


def me() -> Account:
    """The signed-in account, behind one of the guards below."""
    account = find_me()
    assert account, "this view has no guard"
    return account


def _only(role: Role) -> Callable[[Callable[P, R]], Callable[P, R | AnyResponse]]:
    def guard(view: Callable[P, R]) -> Callable[P, R | AnyResponse]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | AnyResponse:
            account = find_me()
            if account is None:
                back = request.full_path.rstrip("?") if request.method == "GET" else None
                url = url_for(LOGIN_PAGES[role], next=back)
                return go(url) if wants_fragment() else redirect(url, code=303)
            if account.role is not role:
                abort(404)
            g.account = account
            return view(*args, **kwargs)

        return guarded

    return guard


guests_only = _only(Role.GUEST)
casts_only = _only(Role.CAST)
operators_only = _only(Role.OPERATOR)


def page_before() -> str | None:
    """Where the visitor came from, if that was a page of ours."""
    before = urlsplit(request.referrer or "")
    path = f"{before.path}?{before.query}" if before.query else before.path
    return own_path(path) if before.netloc == request.host else None


def own_path(path: str | None) -> str | None:
    """A path of ours to go on to; anything that could lead elsewhere is dropped.

    Browsers skip tabs and line ends and read a backslash as a slash, so none may stand in it.
    """
    return path if path and OWN_PATH.fullmatch(path) else None
