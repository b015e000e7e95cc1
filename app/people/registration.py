"""Becoming a guest: the form's rules, the consent, and the mailed link that confirms the address.

Nothing here tells a stranger whether an address is registered: the answer to the form is always
the same, and only the mail differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from email_validator import EmailNotValidError, validate_email
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import audit, policy
from app.db import session, unguessable
from app.errors import N_, Problem, Refused
from app.people import holding, passwords
from app.people.models import Account, Consent, Role

SALT = "confirm-address"


@dataclass(frozen=True, kw_only=True)
class Registered:
    """Whose address it is, and whether the account is new; only the mail may tell."""

    account: Account
    is_new: bool


def why_not_register(
    *, password: str, nickname: str, born_on: date | None, today: date
) -> list[Problem]:
    """Every reason not to accept these details (G2, D29)."""
    problems = why_not_password(password) + why_not_nickname(nickname)
    if why := why_not_adult(born_on, today):
        problems.append(why)
    return problems


def why_not_password(password: str) -> list[Problem]:
    shortest, longest = policy.PASSWORD_LENGTH
    if shortest <= len(password) <= longest:
        return []
    return [
        Problem(
            code="password_length",
            about="password",
            text=N_("Please use %(least)s to %(most)s characters."),
            values={"least": shortest, "most": longest},
        )
    ]


def why_not_address(email: str) -> list[Problem]:
    """Why this is no address that mail could go to."""
    try:
        validate_email(fold(email), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        text = N_("This does not look like an e-mail address.")
        return [Problem(code="no_address", about="email", text=text)]
    return []


def why_not_nickname(nickname: str) -> list[Problem]:
    if 0 < len(nickname.strip()) <= policy.NICKNAME_LENGTH:
        return []
    return [
        Problem(
            code="nickname_length",
            about="nickname",
            text=N_("Please choose a nickname of at most %(most)s characters."),
            values={"most": policy.NICKNAME_LENGTH},
        )
    ]


def too_young() -> Problem:
    return Problem(
        code="not_adult",
        about="born_on",
        text=N_("You can register from the age of %(years)s."),
        values={"years": policy.ADULT_YEARS},
    )


def why_not_adult(born_on: date | None, today: date) -> Problem | None:
    if born_on is None:
        return Problem(code="no_birthday", about="born_on", text=N_("When were you born?"))
    if born_on > today:
        return Problem(code="born_later", about="born_on", text=N_("This day has not come yet."))
    return too_young() if age_on(today, born_on) < policy.ADULT_YEARS else None


def age_on(day: date, born_on: date) -> int:
    """Years completed on that day; someone born on 29 February has it on 1 March."""
    had_birthday = (day.month, day.day) >= (born_on.month, born_on.day)
    return day.year - born_on.year - (not had_birthday)


def find_account(email: str, role: Role) -> Account | None:
    wanted = select(Account).where(Account.role == role, Account.email == fold(email))
    return session.scalars(wanted).one_or_none()


def fold(email: str) -> str:
    """Addresses are compared without case and outer space."""
    return email.strip().lower()


def register(
    *,
    email: str,
    password: str,
    nickname: str,
    born_on: date,
    consents: Mapping[str, str],
    locale: str,
    now: datetime,
) -> Registered:
    """The guest of this address: a new one, not confirmed yet, or the one who was there before.

    An account that is there keeps its details: whoever types an address may not be its owner.
    The password is hashed either way, so that both answers take as long. `consents` are the
    versions of the terms that the form showed (C7).
    """
    account = Account(
        role=Role.GUEST,
        email=fold(email),
        password_hash=passwords.hash_password(password),
        nickname=nickname.strip(),
        born_on=born_on,
        locale=locale,
        created_at=now,
    )
    if known := find_account(email, Role.GUEST):
        return Registered(account=known, is_new=False)
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:  # somebody sent the same form at the same moment
        known = find_account(email, Role.GUEST)
        assert known, "the address is taken by nobody"
        return Registered(account=known, is_new=False)
    # Asked after it was written: whoever leaves the address at this moment has been waited for.
    if holder := holding.holder_of(account.email, Role.GUEST, now=now):
        session.delete(account)
        return Registered(account=holder, is_new=False)
    _keep_consents(account, consents, at=now)
    audit.note("account.registered", about=f"account:{account.id}", by=account.id, now=now)
    return Registered(account=account, is_new=True)


def admit_cast(
    *,
    email: str,
    nickname: str,
    born_on: date | None,
    consents: Mapping[str, str],
    agreed_at: datetime,
    locale: str,
    now: datetime,
) -> Account | None:
    """The account of a cast whom the office admits (C23), with what they agreed to.

    None where a cast has this address, or may still come back to it (G40). Nobody knows the
    password; the mail with the result lets its owner choose one.
    """
    account = Account(
        role=Role.CAST,
        email=fold(email),
        password_hash=passwords.hash_password(unguessable()),
        nickname=nickname,
        born_on=born_on,
        confirmed_at=now,  # the application began with a mail to this address
        locale=locale,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        return None
    # Asked after it was written: whoever leaves the address at this moment has been waited for.
    if holding.holder_of(account.email, Role.CAST, now=now):
        session.delete(account)
        return None
    _keep_consents(account, consents, at=agreed_at)
    return account


def _keep_consents(account: Account, consents: Mapping[str, str], *, at: datetime) -> None:
    for name, version in consents.items():
        session.add(Consent(account_id=account.id, terms=name, version=version, at=at))


def confirmation_token(account: Account, *, secret: str, now: datetime) -> str:
    """The mailed link's last part; it holds for a day, for this address only."""
    until = int((now + policy.CONFIRM_ADDRESS_WITHIN).timestamp())
    return _signer(secret).dumps([account.public_id, _mark_of(account.email), until])


def find_by_token(token: str, *, secret: str, now: datetime) -> Account | None:
    """The account whose mailed link this is; None for a wrong or old link."""
    try:
        public_id, mark, until = _signer(secret).loads(token)
    except BadSignature:
        return None
    if now > datetime.fromtimestamp(until, UTC):
        return None
    wanted = select(Account).filter_by(public_id=public_id, closed_at=None)
    account = session.scalars(wanted).one_or_none()
    return account if account and _mark_of(account.email) == mark else None


def confirm_address(account: Account, *, now: datetime) -> None:
    """The address answered. A second press changes nothing."""
    if not account.confirmed_at:
        account.confirmed_at = now
        audit.note("account.confirmed", about=f"account:{account.id}", by=account.id, now=now)


def rename(account: Account, nickname: str, *, now: datetime) -> None:
    """Another name that others call this person by."""
    if problems := why_not_nickname(nickname):
        raise Refused(*problems)
    account.nickname = nickname.strip()
    audit.note("account.renamed", about=f"account:{account.id}", by=account.id, now=now)


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=SALT)


def _mark_of(email: str) -> str:
    """Tells two addresses apart without showing either in a link."""
    return sha256(email.encode()).hexdigest()[:16]
