"""Who of the applicants was here before, or is here twice (D44). It tells; the screener judges."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from app.casts.models import Cast, LegalName
from app.db import session
from app.entry.models import Application, ApplicationState, DocumentCheck, IdentityPicture
from app.people.models import Account


class Same(StrEnum):
    """What an application has in common with another one, or with a cast."""

    NAME = "name"  # the cast name, folded
    PERSON = "person"  # the real name and the birthday
    FILE = "file"  # the very same photograph of a document
    NUMBER = "number"  # the document's number
    EMAIL = "email"  # the address, in an application that was decided before


@dataclass(frozen=True, kw_only=True)
class Twin:
    """Where something is the same: an application, or a cast who came without one."""

    same: Same
    name: str  # the cast name there
    application_id: int | None
    public_id: str | None
    state: ApplicationState | None

    @property
    def was_refused(self) -> bool:
        return self.state is ApplicationState.FAILED


def twins_of(applications: Iterable[Application]) -> dict[int, list[Twin]]:
    """For each of these applications by its id, everything that is the same elsewhere."""
    ids = [application.id for application in applications]
    found: dict[int, list[Twin]] = defaultdict(list)
    if not ids:
        return found
    for statements in (_statements(ids), _with_casts(ids)):
        for same, statement in statements.items():
            for mine, name, application_id, public_id, state in session.execute(statement):
                twin = Twin(
                    same=same,
                    name=name,
                    application_id=application_id,
                    public_id=public_id,
                    state=state,
                )
                found[mine].append(twin)
    return found


def _statements(ids: Sequence[int]) -> dict[Same, Any]:
    mine, other = aliased(Application), aliased(Application)
    my_picture, its_picture = aliased(IdentityPicture), aliased(IdentityPicture)
    my_check, its_check = aliased(DocumentCheck), aliased(DocumentCheck)
    name = func.coalesce(func.nullif(other.cast_name, ""), Cast.name, "")
    pairs = (
        select(mine.id, name, other.id, other.public_id, other.state)
        .join_from(mine, other, other.id != mine.id)
        .outerjoin(Cast, Cast.account_id == other.account_id)
        .where(mine.id.in_(ids), other.state != ApplicationState.DRAFT)
        .order_by(other.id)
        .distinct()
    )
    through_pictures = pairs.join(my_picture, my_picture.application_id == mine.id).join(
        its_picture, its_picture.application_id == other.id
    )
    through_checks = pairs.join(my_check, my_check.application_id == mine.id).join(
        its_check, its_check.application_id == other.id
    )
    return {
        # Of a refused one the name is free again.
        Same.NAME: pairs.where(
            mine.folded_name != "",
            other.folded_name == mine.folded_name,
            other.state != ApplicationState.FAILED,
        ),
        Same.PERSON: pairs.where(_person(mine) == _person(other), other.born_on == mine.born_on),
        Same.FILE: through_pictures.where(my_picture.mark == its_picture.mark),
        Same.NUMBER: through_checks.where(my_check.number_mark == its_check.number_mark),
        Same.EMAIL: pairs.where(mine.email != "", other.email == mine.email),
    }


def _with_casts(ids: Sequence[int]) -> dict[Same, Any]:
    """Casts who were no applicant, or whose application was handed over to their account."""
    mine, theirs = aliased(Application), aliased(Application)
    casts = (
        select(mine.id, Cast.name, theirs.id, theirs.public_id, theirs.state)
        .join_from(mine, Cast, mine.id.in_(ids))
        .outerjoin(theirs, theirs.account_id == Cast.account_id)
        .where(or_(theirs.id.is_(None), and_(theirs.email == "", theirs.id != mine.id)))
    )
    people = casts.join(Account, Account.id == Cast.account_id).join(
        LegalName, LegalName.account_id == Cast.account_id
    )
    return {
        Same.NAME: casts.where(Cast.folded_name == mine.folded_name),
        Same.PERSON: people.where(
            and_(_person(LegalName) == _person(mine), Account.born_on == mine.born_on)
        ),
        Same.EMAIL: people.where(Account.email == mine.email),
    }


def _person(of: Any) -> ColumnElement[str]:  # noqa: ANN401 - an application or a cast
    """A real name as it is compared: of one width and case, without spaces."""
    folded = func.normalize(of.family_name + of.given_name, literal_column("NFKC"))
    return func.replace(func.lower(folded), " ", "")
