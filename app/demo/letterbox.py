"""What reached the office of the laptop's house: inquiries, one of them old, reports, and a block."""

from datetime import datetime, timedelta

from app.casts.models import Cast
from app.db import session
from app.desk import inquiries, person_reports
from app.desk.inquiries import Asked
from app.desk.inquiry_tables import Subject
from app.people import blocks
from app.people.models import Account
from app.talks.models import ReportReason

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def fill(guests: list[Account], casts: list[Cast], *, operator: Account, now: datetime) -> None:
    _ask(guests[0], operator=operator, now=now)
    mio, makoto = (session.get_one(Account, casts[each].account_id) for each in (4, 5))
    person_reports.report_person(
        mio,
        by=guests[3],
        reason=ReportReason.OTHER,
        words="自己紹介に、別のサービスの名前が書いてあります。",
        now=now - 6 * HOUR,
    )
    person_reports.report_person(
        guests[4],
        by=makoto,
        reason=ReportReason.CONTACT,
        words="外で会えないかと何度も聞かれました。",
        now=now - 2 * HOUR,
    )
    blocks.block(makoto, guests[4], now=now - 2 * HOUR)
    blocks.block(guests[0], mio, now=now - 3 * DAY)


def _ask(guest: Account, *, operator: Account, now: datetime) -> None:
    """One from a guest, answered; one of today; and one that has waited for more than a week."""
    answered = inquiries.ask(
        Asked(
            subject=Subject.POINTS,
            name=guest.nickname,
            email=guest.email,
            about="",
            words="領収書の宛名を会社名にすることはできますか。",
            locale="ja",
            account_id=guest.id,
        ),
        form_key="demo:points",
        now=now - 4 * DAY,
    )
    inquiries.answer(
        answered.id,
        words="お問い合わせありがとうございます。ポイントの明細から、宛名を入力して領収書を印刷できます。",
        seen=1,
        closes=False,
        by=operator.id,
        now=now - 3 * DAY,
    )
    for subject, name, words, age in (
        (
            Subject.BECOMING_CAST,
            "高橋 みなみ",
            "平日の夜だけの参加でも応募できますか。学生証での本人確認を考えています。",
            8 * DAY + 5 * HOUR,
        ),
        (
            Subject.ACCESSIBILITY,
            "佐藤 健",
            "画面読み上げソフトで予約の時間を選びにくいことがあります。",
            7 * HOUR,
        ),
    ):
        inquiries.ask(
            Asked(
                subject=subject,
                name=name,
                email=f"{subject}@example.com",
                about="",
                words=words,
                locale="ja",
            ),
            form_key=f"demo:{subject}",
            now=now - age,
        )
