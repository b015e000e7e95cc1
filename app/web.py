"""Answering: a page or a fragment, the transaction closed at the edge, refusals shown kindly."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from flask import Flask, Response, abort, current_app, g, redirect, render_template, request
from flask_babel import format_timedelta, get_locale, gettext
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from app import clock, policy
from app.db import session
from app.errors import Problem, Refused

SAFE = {"GET", "HEAD", "OPTIONS"}
WEEKDAYS = "月火水木金土日"
Answer = str | AnyResponse | tuple[str, int] | tuple[str, int, dict[str, str]]


def wants_fragment() -> bool:
    return request.headers.get("HX-Request") == "true"


def answer(fragment: str, *, otherwise: str, **context: object) -> Answer:
    """Answer HTMX with the fragment, and a plain form post with a redirect to the page."""
    if wants_fragment():
        return render_template(fragment, **context)
    return redirect(otherwise, code=303)


def form_again(
    fragment: str,
    *,
    page: str,
    problems: Sequence[Problem] = (),
    form: FlaskForm | None = None,
    **context: object,
) -> Answer:
    """Draw a bad form again as it was filled, with a sentence beside each field (422)."""
    rest = [problem for problem in problems if not _beside_field(form, problem)]
    template = fragment if wants_fragment() else page
    return render_template(template, form=form, problems=rest, **context), 422


def go(url: str) -> AnyResponse:
    """Send the browser to another page, also from within a fragment."""
    if wants_fragment():
        return Response(status=204, headers={"HX-Redirect": url})
    return redirect(url, code=303)


def say(problem: Problem) -> str:
    """A problem's words in the reader's language."""
    return str(gettext(problem.text, **problem.values))


def keep_or_undo(response: Response) -> Response:
    """Keep the writes of an unsafe request that went well; undo everything else.

    So a GET can never write, and a refusal can never half-write.
    """
    if request.method in SAFE or response.status_code >= 400:
        session.rollback()
    else:
        session.commit()
    return response


def refuse(refusal: Refused) -> Answer:
    """Say why not: in the notices of the open page, or on a page of its own."""
    session.rollback()
    if wants_fragment():
        said = render_template("_refusal.html", problems=refusal.problems)
        return said, refusal.status, {"HX-Retarget": "#notices", "HX-Reswap": "innerHTML"}
    shown = {"problems": refusal.problems, "status": refusal.status}
    return render_template("refusal.html", **shown), refusal.status


def undone(refusal: Refused) -> Sequence[Problem]:
    """Undo what the rule had begun, and hand its reasons to the page that shows them itself.

    What it held is free again while that page is drawn.
    """
    session.rollback()
    return refusal.problems


def drop_unreadable() -> None:
    """PostgreSQL keeps no NUL, so an address that carries one is nobody's."""
    if any("\x00" in part for part in (request.path, *request.args.values())):
        abort(404)


def may_frame(origin: str) -> None:
    """Let the page of this answer load a script and a frame of one other origin."""
    g.framed_origin = origin


def init_web(app: Flask) -> None:
    app.before_request(drop_unreadable)
    app.after_request(keep_or_undo)
    app.after_request(_secure)
    app.register_error_handler(Refused, refuse)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _plain_error)
    app.register_error_handler(Exception, _our_fault)
    renderers: dict[str, Callable[..., str]] = {
        "points": points,
        "yen": yen,
        "moment": moment,
        "day": day,
        "whole_day": whole_day,
        "clock_time": clock_time,
        "clock_seconds": clock_seconds,
        "duration": duration,
        "span": span,
        "say": say,
    }
    for name, render in renderers.items():
        app.add_template_filter(render, name)
    app.context_processor(_everywhere)


def points(number: int) -> str:
    return f"{number:,} pt"


def yen(number: int) -> str:
    return f"{number:,}円" if _japanese() else f"¥{number:,}"


def moment(at: datetime) -> str:
    """A moment in Japan, with weekday: 11月22日(日)20:14."""
    return f"{day(at)}{'' if _japanese() else ' '}{clock_time(at)}"


def day(at: datetime) -> str:
    there = at.astimezone(clock.JAPAN)
    if _japanese():
        return f"{there.month}月{there.day}日({WEEKDAYS[there.weekday()]})"
    return f"{there:%a} {there.day} {there:%b}"


def whole_day(there: date) -> str:
    """A day with its year, for papers that are kept: 2026年12月30日(水)."""
    if _japanese():
        return f"{there.year}年{there.month}月{there.day}日({WEEKDAYS[there.weekday()]})"
    return f"{there:%a} {there.day} {there:%b %Y}"


def clock_time(at: datetime) -> str:
    return f"{at.astimezone(clock.JAPAN):%H:%M}"


def clock_seconds(at: datetime) -> str:
    return f"{at.astimezone(clock.JAPAN):%H:%M:%S}"


def duration(seconds: float) -> str:
    """Minutes and seconds, 4:12; from an hour on with hours, 1:04:12, as the page's clocks say it."""
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def span(length: timedelta) -> str:
    """A length of the business in words, for the numbers of policy.py: 24 hours, 7 days."""
    if length.days > 1 and not length.seconds:  # never rounded to weeks or months: a deadline
        return str(gettext("%(num)s days", num=length.days))
    words: str = format_timedelta(length, threshold=2)  # from two of a unit on: not "1 day"
    return words.replace(" ", "") if _japanese() else words


def _japanese() -> bool:
    return str(get_locale()) == "ja"


def _everywhere() -> dict[str, object]:
    return {
        "locale": str(get_locale()),
        "now": g.setdefault("now", clock.now()),
        "clock_speed": clock.SPEED,
        "policy": policy,
        "csrf_in_page": g.get("csrf_in_page", True),
        "settings": current_app.config["SETTINGS"],
    }


def _beside_field(form: FlaskForm | None, problem: Problem) -> bool:
    field = form[problem.about] if form is not None and problem.about in form else None
    if field is None:
        return False
    field.errors = [*field.errors, say(problem)]
    return True


def _secure(response: Response) -> Response:
    """Strict CSP without inline script or style; camera and microphone for ourselves only."""
    for name, value in _policies(framed=g.get("framed_origin", "")).items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if current_app.config["SETTINGS"].production:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _policies(*, framed: str) -> dict[str, str]:
    """What the page may load and use. `framed` is the one other origin, on the one page with it."""
    script = f"script-src 'self' {framed}; frame-src {framed}" if framed else "script-src 'self'"
    devices = "camera=(self), microphone=(self)"
    if framed:
        needed = ("camera", "microphone", "autoplay", "fullscreen", "screen-wake-lock")
        # Asked for by the frame and not listed here, it would be lent; nobody shows a screen here.
        lent = [f'{name}=(self "{framed}")' for name in needed]
        devices = ", ".join([*lent, "display-capture=()"])
    return {
        "Content-Security-Policy": f"default-src 'self'; {script}; style-src 'self';"
        " img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self';"
        " worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
        " frame-ancestors 'none'",
        "Permissions-Policy": devices,
    }


def _form_too_old(_error: CSRFError) -> Answer:
    session.rollback()
    return refuse_page(gettext("This page was open too long. Please load it again."), 400)


def _plain_error(error: HTTPException) -> Answer | HTTPException:
    if error.code is None or error.code < 400:
        return error
    session.rollback()
    words = {
        403: gettext("This page is not for you."),
        404: gettext("This page does not exist, or it is not yours."),
        405: gettext("This page does not exist, or it is not yours."),
        410: gettext("This was here once, and is over. The link leads nowhere any more."),
        413: gettext("That is too large."),
        429: gettext("Too many tries. Please wait a few minutes and try again."),
    }
    return refuse_page(words.get(error.code, gettext("That did not work.")), error.code)


def _our_fault(error: Exception) -> Answer:
    """A fault of ours: logged whole, shown as one calm sentence."""
    current_app.logger.error("a request failed", exc_info=error)
    session.rollback()
    if current_app.testing:
        raise error
    words = gettext("Something went wrong on our side. Nothing was charged.")
    try:
        return refuse_page(words, 500)
    except SQLAlchemyError:  # a page asks who looks at it, and the database is what is wrong
        return Response(words, 500, mimetype="text/plain")


def refuse_page(words: str, status: int) -> Answer:
    problems = [Problem(code=str(status), text=words.replace("%", "%%"))]
    if wants_fragment():
        said = render_template("_refusal.html", problems=problems)
        return said, status, {"HX-Retarget": "#notices", "HX-Reswap": "innerHTML"}
    return render_template("refusal.html", problems=problems, status=status), status
