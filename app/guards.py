"""Who may come in. A page of another role, and a stranger's id, do not exist."""

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.people import signing_in, user_agents
from app.people.credentials import SignIn
from app.people.models import Account, Role
from app.web import go, wants_fragment

P = ParamSpec("P")
R = TypeVar("R")
Guarded = Callable[P, R | AnyResponse]

OWN_PATH = re.compile(r"/(?!/)[!-\[\]-~]{0,1000}")

logins = LoginManager()
limiter = Limiter(get_remote_address, swallow_errors=True, in_memory_fallback_enabled=True)

LOGIN_PAGES = {
    Role.GUEST: "signing_in.login",
    Role.CAST: "signing_in.cast_login",
    Role.OPERATOR: "signing_in.operator_login",
}


class Visitor(UserMixin):
    """What Flask-Login keeps: the key of the sign-in of this device."""

    def __init__(self, sign_in: SignIn) -> None:
        self.sign_in = sign_in
        self.account = sign_in.account

    def get_id(self) -> str:
        return self.sign_in.key


def init_guards(app: Flask, *, redis_url: str) -> None:
    logins.init_app(app)
    storage = (
        f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url
    )  # its own dialect
    app.config.setdefault("RATELIMIT_STORAGE_URI", storage)
    limiter.init_app(app)
    app.context_processor(lambda: {"me": find_me()})


@logins.user_loader
def _load(key: str) -> Visitor | None:
    found = signing_in.find(key)
    return Visitor(found) if found else None


def let_in(account: Account, *, with_code: bool = False) -> None:
    """Sign this browser in; who is before it was found out by the caller."""
    device = user_agents.name_of(request.user_agent.string)
    begun = signing_in.begin(account, device=device, now=clock.now(), with_code=with_code)
    login_user(Visitor(begun))


def stay_in() -> None:
    """Give this browser the new key of its sign-in."""
    login_user(Visitor(this_device()))


def by_account() -> str:
    """Whose tries are counted: those of the signed-in account, wherever it comes from."""
    account = find_me()
    return f"{request.endpoint}:{account.id if account else get_remote_address()}"


def let_out() -> None:
    """Sign this browser out, for good: a copy of its cookie opens nothing any more."""
    if current_user.is_authenticated:
        signing_in.end(current_user.sign_in, now=clock.now())
    logout_user()


def find_me() -> Account | None:
    """The signed-in account, if any."""
    return current_user.account if current_user and current_user.is_authenticated else None


def find_guest() -> Account | None:
    """The signed-in guest, on pages that strangers see as well."""
    account = find_me()
    return account if account and account.role is Role.GUEST else None


def this_device() -> SignIn:
    """The sign-in of this browser, behind one of the guards below."""
    here: SignIn = current_user.sign_in
    return here


def me() -> Account:
    """The signed-in account, behind one of the guards below."""
    account = find_me()
    assert account, "this view has no guard"
    return account


def _only(*roles: Role, needs_code: bool = True) -> Callable[[Callable[P, R]], Guarded[P, R]]:
    def guard(view: Callable[P, R]) -> Guarded[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | AnyResponse:
            account = find_me()
            if account is None:
                back = request.full_path.rstrip("?") if request.method == "GET" else None
                url = url_for(LOGIN_PAGES[roles[0]], next=back)
                return go(url) if wants_fragment() else redirect(url, code=303)
            if account.role not in roles:
                abort(404)
            if needs_code and lacks_code():
                return go(url_for("second_factor.show"))
            g.account = account
            return view(*args, **kwargs)

        return guarded

    return guard


def lacks_code() -> bool:
    """Is this an operator who came in without a second factor, where that is not enough?

    Only until there is one: the login asks for its code.
    """
    demands = current_app.config["SETTINGS"].production and me().role is Role.OPERATOR
    return demands and not this_device().with_code


guests_only = _only(Role.GUEST)
casts_only = _only(Role.CAST)
operators_only = _only(Role.OPERATOR)
anybody_signed_in = _only(*Role)
casts_or_guests_only = _only(Role.GUEST, Role.CAST)
operators_enrolling = _only(Role.OPERATOR, needs_code=False)


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
