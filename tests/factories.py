"""People and things for tests, made by the rooms' own verbs, so no impossible state can be made."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from app import policy
from app.bookings import reserving, schedule
from app.bookings.models import Booking
from app.casts import bank_accounts, profiles, ranks, standby
from app.casts.bank_models import AccountKind, BankAccount
from app.casts.banks import Branch
from app.casts.models import Cast, Category, LegalName, Rank
from app.clock import JAPAN, Span
from app.db import session, unguessable
from app.payouts import fees, remitters
from app.payouts.models import Remitter
from app.people import passwords
from app.people.models import Account, Role
from app.points import lots
from app.points.models import Kind, PointLot, Reason
from app.talks import entering
from app.talks.models import Talk

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # a Sunday, noon in Japan
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
PASSWORD = "correct horse battery"
_number = count(1)


def make_account(
    role: Role, *, email: str = "", nickname: str = "", confirmed: bool = True, now: datetime = NOON
) -> Account:
    number = next(_number)
    account = Account(
        role=role,
        email=email or f"{role}{number}@example.com",
        password_hash=passwords.hash_password(PASSWORD),
        nickname=nickname or f"{role}{number}",
        born_on=date(1990, 1, 1),
        confirmed_at=now if confirmed else None,
        created_at=now,
    )
    session.add(account)
    session.flush()
    return account


def make_guest(
    *,
    points: int = 0,
    email: str = "",
    nickname: str = "",
    confirmed: bool = True,
    now: datetime = NOON,
) -> Account:
    guest = make_account(Role.GUEST, email=email, nickname=nickname, confirmed=confirmed, now=now)
    if points:
        give_points(guest, points, now=now)
    return guest


def make_operator(*, email: str = "") -> Account:
    return make_account(Role.OPERATOR, email=email)


def make_cast(
    *,
    name: str = "",
    rank: Rank = Rank.BLUE,
    online: bool = True,
    categories: tuple[str, ...] = ("chat",),
    age_band: str = "20s",
    tagline: str = "",
    profile: str = "",
    has_account: bool = True,
    now: datetime = NOON,
) -> Cast:
    """A cast on the list; blue costs 100 pt a minute and earns 50 yen.

    Without a bank account a cast can neither stand by nor publish times.
    """
    ranks.set_first_prices(date(2026, 1, 1))
    for position, slug in enumerate(categories):
        session.merge(Category(slug=slug, name_ja=slug, name_en=slug, position=position))
    account = make_account(Role.CAST, now=now)
    cast = profiles.open_profile(
        account,
        name=name or account.nickname,
        legal=make_legal_name(),
        rank=rank,
        portrait="portraits/hiyori.svg",
        age_band=age_band,
        categories=list(categories),
        tagline=tagline,
        profile=profile,
        career="",
        now=now,
    )
    if has_account:
        make_bank_account(cast, now=now)
    if online and has_account:
        standby.begin(cast.account_id, now=now)
        session.flush()
    return cast


# Named here, so that no test reads the list of banks for it; one test compares them.
SHINJUKU = Branch(bank_code="0005", bank_name="三菱UFJ銀行", code="341", name="新宿")


def make_bank_account(
    cast: Cast,
    *,
    branch: Branch = SHINJUKU,
    kind: AccountKind = AccountKind.ORDINARY,
    number: str = "",
    holder: str = "ヤマダ ハナコ",
    now: datetime = NOON,
) -> BankAccount:
    """An account of the cast's own, with a number that nobody else has."""
    return bank_accounts.change(
        cast.account_id,
        branch=branch,
        kind=kind,
        number=number or f"{next(_number):07}",
        holder=holder,
        by=cast.account_id,
        now=now,
    )


def make_remitter(*, cast_bears_fee: bool = True, now: datetime = NOON) -> Remitter:
    """The house as its bank knows it."""
    wanted = remitters.Settings(
        code="1234567890",
        name="カ）テストウンエイ",
        bank_code="0001",
        branch_code="001",
        account_number="1234567",
        cast_bears_fee=cast_bears_fee,
    )
    return remitters.write(wanted, by=None, now=now)


def make_fees(*, below: int = 110, above: int = 330, now: datetime = NOON) -> None:
    """One tariff for all banks, with the usual step at 30,000 yen."""
    today = now.astimezone(JAPAN).date()
    for from_yen, fee_yen in ((0, below), (30_000, above)):
        fee = fees.Fee(from_yen=from_yen, fee_yen=fee_yen, holds_from=today)
        fees.add(fee, by=None, now=now)


def make_legal_name() -> LegalName:
    return LegalName(
        family_name="山田", given_name="花子", family_kana="ヤマダ", given_kana="ハナコ"
    )


def give_points(
    guest: Account,
    points: int,
    *,
    kind: Kind = Kind.PAID,
    expires_at: datetime | None = None,
    now: datetime = NOON,
) -> PointLot:
    key = f"test:{next(_number)}"
    return lots.issue(
        guest.id,
        kind=kind,
        points=points,
        price_yen=points if kind is Kind.PAID else 0,
        expires_at=expires_at or lots.expiry_of(now),
        reason=Reason.PURCHASE if kind is Kind.PAID else Reason.GIFT,
        about=key,
        key=key,
        now=now,
    )


def ring(guest: Account, cast: Cast, *, now: datetime = NOON) -> Talk:
    return entering.ask(guest, cast.account_id, price_points=cast.price_points, now=now)


def make_talk(
    guest: Account | None = None,
    cast: Cast | None = None,
    *,
    points: int = 10_000,
    now: datetime = NOON,
) -> Talk:
    """A talk whose cast has answered; nobody is in the room yet."""
    guest = guest or make_guest(points=points, now=now)
    cast = cast or make_cast(now=now)
    talk = ring(guest, cast, now=now)
    entering.accept(talk, now=now)
    session.flush()
    return talk


def publish(cast: Cast, start: datetime, *, slots: int = 20, now: datetime = NOON) -> None:
    """Publish so many slots of a cast's schedule from a start on."""
    span = Span(start, start + slots * policy.SLOT)
    schedule.publish(cast.account_id, [span], now=now)


def book(
    guest: Account, cast: Cast, start: datetime, *, slots: int = 1, now: datetime = NOON
) -> Booking:
    """Published slots, booked at today's price; booking opens 24 hours before the start."""
    booking_id = reserving.reserve(
        guest.id,
        cast.account_id,
        starts_at=start,
        slots=slots,
        price_points=cast.slot_points,
        form_key=new_key(),
        shown={},
        now=now,
    )
    return reserving.get(booking_id)


def japan(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=JAPAN)


def new_key() -> str:
    return unguessable()
