"""The steps of an application: what each asks for, kept as soon as it is given (C6, C8, C9, C14)."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from PIL import Image
from sqlalchemy import select

from app import policy
from app.casts.models import Category, Rank
from app.casts.profiles import fold_name
from app.db import session
from app.entry import names
from app.entry.models import Application, ApplicationState
from app.errors import N_, Problem, Refused
from app.people import registration
from app.pictures import keeping
from app.pictures.photographs import Crop

FIRST_RANKS = tuple(map(Rank, policy.FIRST_RANKS))
REAL_NAMES: dict[str, Callable[..., list[Problem]]] = {
    "family_name": names.why_not_real_name,
    "given_name": names.why_not_real_name,
    "family_kana": names.why_not_kana,
    "given_kana": names.why_not_kana,
}


def why_not_person(
    real_names: dict[str, str], *, born_on: date | None, today: date
) -> list[Problem]:
    """Every reason not to accept who somebody says to be (C6, D29)."""
    written = written_names(real_names)
    problems = [
        problem for about, why in REAL_NAMES.items() for problem in why(written[about], about=about)
    ]
    if why_not := registration.why_not_adult(born_on, today):
        problems.append(why_not)
    return problems


def written_names(real_names: dict[str, str]) -> dict[str, str]:
    """The names as they are kept: kana as katakana."""
    return {
        about: (names.to_katakana if about.endswith("kana") else names.tidy)(name)
        for about, name in real_names.items()
    }


def keep_person(
    application: Application, real_names: dict[str, str], *, born_on: date | None, today: date
) -> None:
    _must_be_draft(application)
    _refuse(why_not_person(real_names, born_on=born_on, today=today))
    for about, name in written_names(real_names).items():
        setattr(application, about, name)
    application.born_on = born_on


def why_not_profile(
    application: Application,
    *,
    cast_name: str,
    categories: Iterable[str],
    wished_rank: Rank | None,
    introduction: str,
) -> list[Problem]:
    """Every reason not to accept how somebody wants to be seen (C8, C14, C16)."""
    problems = names.why_not_cast_name(names.tidy(cast_name), application_id=application.id)
    known = set(session.scalars(select(Category.slug)))
    if not categories or not set(categories) <= known:
        problems.append(_problem("categories", N_("Please choose at least one category.")))
    if wished_rank not in FIRST_RANKS:
        problems.append(_problem("wished_rank", N_("Please choose one of the three ranks.")))
    if not introduction.strip():
        problems.append(_problem("introduction", N_("Please write a few words about yourself.")))
    if len(introduction) > policy.INTRODUCTION_LENGTH:
        text = N_("Please use at most %(most)s characters.")
        problems.append(_problem("introduction", text, most=policy.INTRODUCTION_LENGTH))
    return problems


def keep_profile(
    application: Application,
    *,
    cast_name: str,
    categories: list[str],
    wished_rank: Rank | None,
    introduction: str,
) -> None:
    _must_be_draft(application)
    _refuse(
        why_not_profile(
            application,
            cast_name=cast_name,
            categories=categories,
            wished_rank=wished_rank,
            introduction=introduction,
        )
    )
    application.cast_name = names.tidy(cast_name)
    application.folded_name = fold_name(application.cast_name)
    application.categories = list(dict.fromkeys(categories))
    application.wished_rank = wished_rank
    application.introduction = introduction.strip()


def keep_picture(
    application: Application, image: Image.Image, *, crop: Crop | None, now: datetime
) -> None:
    """Keep the profile picture, in place of an earlier one (C9)."""
    _must_be_draft(application)
    earlier_id = application.picture_id
    application.picture_id = keeping.keep(image, crop=crop, now=now).id
    session.flush()
    if earlier_id:
        keeping.drop(earlier_id)


def sent_already() -> Problem:
    text = N_("This application has been sent. What stands in it cannot be changed any more.")
    return Problem(code="sent_already", text=text)


def _must_be_draft(application: Application) -> None:
    if application.state is not ApplicationState.DRAFT:
        raise Refused(sent_already())


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Refused(*problems)


def _problem(about: str, text: str, **values: object) -> Problem:
    return Problem(code=f"no_{about}", about=about, text=text, values=values)
