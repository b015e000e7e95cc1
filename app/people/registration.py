"""Becoming a guest: the form's rules, the consent, and the mailed link that confirms the address.

Nothing here tells a stranger whether an address is registered: the answer to the form is always
the same, and only the mail differs.
"""

from datetime import date, datetime

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select

from app import audit, policy
from app.db import session
from app.errors import N_, Problem
from app.people import passwords, terms
from app.people.models import Account, Consent, Role

SALT = "confirm-address"


def why_not_register(*, password: str, nickname: str, born_on: date, today: date) -> list[Problem]:
    """Every reason not to accept these details (G2, D29)."""
    problems = []
    shortest, longest = policy.PASSWORD_LENGTH
    if not shortest <= len(password) <= longest:
        problems.append(
            Problem(
                code="password_length",
                about="password",
                text=N_("Please use %(least)s to %(most)s characters."),
                values={"least": shortest, "most": longest},
            )
        )
    if not nickname.strip():
        problems.append(
            Problem(code="no_nickname", about="nickname", text=N_("Please choose a nickname."))
        )
    if born_on > today:
        problems.append(
            Problem(code="born_later", about="born_on", text=N_("This day has not come yet."))
        )
    elif age_on(today, born_on) < policy.ADULT_YEARS:
        problems.append(
            Problem(
                code="not_adult",
                about="born_on",
                text=N_("You can register from the age of %(years)s."),
                values={"years": policy.ADULT_YEARS},
            )
        )
    return problems


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
    *, email: str, password: str, nickname: str, born_on: date, locale: str, now: datetime
) -> Account | None:
    """A new guest whose address is not confirmed yet; None where the address has an account."""
    if find_account(email, Role.GUEST):
        return None
    account = Account(
        role=Role.GUEST,
        email=fold(email),
        password_hash=passwords.hash_password(password),
        nickname=nickname.strip(),
        born_on=born_on,
        locale=locale,
        created_at=now,
    )
    session.add(account)
    session.flush()
    for name, version in terms.CURRENT.items():
        session.add(Consent(account_id=account.id, terms=name, version=version, at=now))
    audit.note("account.registered", about=f"account:{account.id}", by=account.id, now=now)
    return account


def confirmation_token(account: Account, *, secret: str) -> str:
    return URLSafeTimedSerializer(secret, salt=SALT).dumps(account.public_id)


def confirm_address(token: str, *, secret: str, now: datetime) -> Account | None:
    """The account whose mailed link this is, confirmed now; None for a wrong or old link."""
    seconds = int(policy.CONFIRM_ADDRESS_WITHIN.total_seconds())
    try:
        public_id = URLSafeTimedSerializer(secret, salt=SALT).loads(token, max_age=seconds)
    except BadSignature:
        return None
    account = session.scalars(select(Account).filter_by(public_id=public_id)).one_or_none()
    if account and not account.confirmed_at:
        account.confirmed_at = now
        audit.note("account.confirmed", about=f"account:{account.id}", by=account.id, now=now)
    return account
