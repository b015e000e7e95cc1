"""The operator's applications: the queue, one application beside its documents, and its screening."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from app.audit import AuditEntry
from app.casting_letters import give_conditions
from app.casts.models import Rank
from app.db import session
from app.entry import screening
from app.entry.models import ApplicationState, StepKind
from app.mail import Mail
from app.payouts.condition_models import ConditionsNotice
from app.people.models import Account, Role
from app.people.signing_in import sign_in
from tests.commissions import name_seller
from tests.factories import japan, make_cast, make_guest, make_operator
from tests.screenings import (
    add_picture,
    admit,
    jpeg_of,
    look_at_all,
    make_application,
    pictures_of,
    refuse,
    seen_of,
)

HX = {"HX-Request": "true"}
DAY = timedelta(days=1)
THURSDAY = japan(2026, 11, 19, 15)  # the Monday after it is a holiday
NOW = japan(2026, 11, 25, 10)  # business day 3
TICKS = dict.fromkeys(("face_ok", "name_ok", "born_ok", "address_ok"), "y")


@pytest.fixture
def operator(at):
    at(NOW)
    operator = make_operator()
    operator.nickname = "審査 花子"
    return operator


@pytest.fixture
def desk(operator, client_of):
    return client_of(operator)


@pytest.fixture
def application():
    return make_application(name="こはる", now=THURSDAY)


@pytest.fixture
def two_people(app, monkeypatch):
    settings = replace(app.config["SETTINGS"], screening_people=2)
    monkeypatch.setitem(app.config, "SETTINGS", settings)


def url_of(application):
    return f"/admin/applications/{application.public_id}"


def page(browser, url, *, locale="ja"):
    browser.set_cookie("locale", locale)
    answer = browser.get(url)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


def look(browser, application, picture=None, *, headers=None):
    picture = picture or pictures_of(application)[0]
    return browser.post(
        f"{url_of(application)}/pictures/{picture.public_id}/looks", headers=headers
    )


def do(browser, application, act, *, seen=None, headers=None, **given):
    seen = seen_of(application) if seen is None else seen
    data = {"seen": str(seen), **given}
    return browser.post(f"{url_of(application)}/{act}", data=data, headers=headers)


def pass_it(browser, application, *, headers=None, seen=None, **given):
    data = {
        "kind": "licence",
        "issuer": "東京都公安委員会",
        "number": "301234567890",
        "rank": "blue",
    }
    return do(
        browser, application, "admission", seen=seen, headers=headers, **{**data, **TICKS, **given}
    )


def mail_to(application):
    return session.scalars(select(Mail).filter_by(to=application.email).order_by(Mail.id)).all()


def looks():
    return session.scalars(select(AuditEntry).filter_by(did="identity.looked")).all()


# ---- the queue


@pytest.mark.req("C21", "D43")
def test_the_queue_shows_age_due_day_and_whose_application_it_is(desk, application):
    text = page(desk, "/admin/applications")

    for words in (
        "3営業日",
        "12月1日",
        "あと4営業日",
        "こはる",
        "SILVER",
        "運転免許証",
        "審査待ち",
    ):
        assert words in text, words
    assert url_of(application) in text
    assert "期限超過" not in text


@pytest.mark.req("C21")
@pytest.mark.parametrize(
    ("now", "words"), [(japan(2026, 12, 1, 23), "本日が期限"), (japan(2026, 12, 2), "期限超過")]
)
def test_what_comes_due_says_so(desk, application, at, now, words):
    at(now)

    assert words in page(desk, "/admin/applications")
    assert words in page(desk, url_of(application))


def test_the_queue_is_filtered_by_its_address(desk, application, operator):
    asked, refused = make_application(now=THURSDAY), make_application(now=THURSDAY)
    asked.state = ApplicationState.MORE_DOCUMENTS
    refuse(refused, operator, now=NOW)

    for state, there in [
        ("applied", application),
        ("more_documents", asked),
        ("failed", refused),
        ("", application),
    ]:
        assert url_of(there) in page(desk, f"/admin/applications?state={state}")
    assert url_of(refused) not in page(desk, "/admin/applications?state=applied")
    assert url_of(application) not in page(desk, "/admin/applications?state=failed")
    for unknown in ("draft", "gossip"):
        assert desk.get(f"/admin/applications?state={unknown}").status_code == 404


def test_an_empty_queue_says_so(desk):
    assert "待っている申込はありません" in page(desk, "/admin/applications")
    assert "この結果の申込はまだありません" in page(desk, "/admin/applications?state=passed")


def test_every_page_of_the_desk_counts_those_that_wait(desk, application):
    count = '審査<span class="count">1</span>'
    for url in ("/admin", "/admin/applications", url_of(application)):
        assert count in desk.get(url).text
    do(desk, application, "refusal", words="。")
    assert count not in desk.get("/admin").text


@pytest.mark.req("D44")
def test_twins_are_flagged_in_the_queue_and_linked_on_the_page(desk, operator, application):
    former = make_application(family=application.family_name, now=THURSDAY - DAY)
    refuse(former, operator, now=NOW)
    make_cast(name="こはる")

    text = page(desk, "/admin/applications")
    assert "本名と生年月日が同じ (見送りと決定)" in text
    assert "キャスト名が同じ" in text
    text = page(desk, url_of(application))
    assert f'href="{url_of(former)}"' in text and "キャスト「こはる」" in text


def test_the_next_and_the_one_before_are_links_that_keys_follow(desk):
    first, second, third = (make_application(now=THURSDAY + DAY * n) for n in range(3))

    text = page(desk, url_of(second))
    assert f'rel="prev" href="{url_of(first)}"' in text
    assert f'rel="next" href="{url_of(third)}"' in text
    assert "js/screening.js" in text


# ---- one application


@pytest.mark.req("C20")
def test_an_application_stands_beside_its_documents(desk, application):
    application.introduction = "<b>読書</b>が好きです。"
    text = page(desk, url_of(application))

    for words in (
        application.family_name,
        "1996年4月23日",
        "30歳",
        application.email,
        "&lt;b&gt;読書&lt;/b&gt;が好きです。",
        "画像1を開く",
        "まだ開いていません",
        "A-0",
    ):
        assert words in text, words
    assert "/admin/looks/" not in text
    assert looks() == []


def test_it_speaks_english_where_that_is_wanted(desk, application):
    text = page(desk, url_of(application), locale="en")

    for words in ("3 business days", "Pass it", "Driving licence", "Open picture 1"):
        assert words in text, words


@pytest.mark.req("C20")
@pytest.mark.parametrize("headers", [{}, HX])
def test_a_press_opens_a_picture_once_and_writes_it_down(desk, application, operator, headers):
    answer = look(desk, application, headers=headers)

    text = answer.text if headers else page(desk, answer.location)
    [entry] = looks()
    assert (entry.by, entry.at) == (operator.id, NOW)
    assert "画像1を閲覧" in text and "審査 花子" in text and "10:00:00" in text
    [address] = re.findall(r'src="(/admin/looks/[^"]+)"', text)
    shown = desk.get(address)
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.data != pictures_of(application)[0].jpeg
    assert Image.open(BytesIO(shown.data)).size == (480, 300)
    assert desk.get(address).status_code == 404
    if not headers:
        assert "この閲覧は終わりました" in page(desk, answer.location)


def test_a_look_of_one_operator_is_nothing_to_another(desk, application, client_of):
    location = look(desk, application).location
    other = client_of(make_operator())

    assert "/admin/looks/" not in page(other, location)
    [address] = re.findall(r'src="(/admin/looks/[^"]+)"', page(desk, location))
    assert other.get(address).status_code == 404


def test_a_picture_of_another_application_is_not_found(desk, application):
    another = make_application(now=THURSDAY)
    [picture] = pictures_of(another)

    assert look(desk, application, picture).status_code == 404
    assert looks() == []


def test_a_deleted_picture_says_when_it_went(desk, application):
    [picture] = pictures_of(application)
    picture.jpeg, picture.deleted_at = None, NOW
    session.flush()

    text = page(desk, url_of(application))
    assert "11月25日(水)10:00 に削除済み" in text and "画像1を開く" not in text
    answer = look(desk, application)
    assert answer.status_code == 409
    assert "2026-11-25 10:00 に削除されました" in answer.text
    assert looks() == []


def test_a_draft_does_not_exist_for_the_office(desk, application):
    application.state, application.submitted_at = ApplicationState.DRAFT, None

    assert desk.get(url_of(application)).status_code == 404


@pytest.mark.parametrize(
    "make", [make_guest, lambda: session.get_one(Account, make_cast().account_id)]
)
def test_other_roles_find_nothing(application, client_of, make, operator):
    browser = client_of(make())

    for url in ("/admin/applications", url_of(application), "/admin/looks/x.jpg"):
        assert browser.get(url).status_code == 404
    assert look(browser, application).status_code == 404
    assert pass_it(browser, application).status_code == 404
    for act in ("confirmation", "question", "refusal"):
        assert do(browser, application, act, words="。").status_code == 404


def test_a_stranger_is_led_to_the_login(client, application, operator):
    answer = client.get(url_of(application))

    assert answer.status_code == 303
    assert answer.location.startswith("/operator/login")


# ---- deciding


@pytest.mark.req("C19", "C22", "C23")
@pytest.mark.parametrize("headers", [{}, HX])
def test_passing_makes_the_cast_and_mails_the_way_in(desk, application, operator, client, headers):
    look(desk, application)

    answer = pass_it(desk, application, headers=headers)

    assert answer.headers.get("HX-Redirect", answer.location) == url_of(application)
    assert "審査を通過としました" in page(desk, url_of(application))
    [mail] = mail_to(application)
    assert mail.subject == "【サシトーク】審査通過のお知らせ"
    assert mail.body.startswith("こはる さん")
    for words in ("ランク:BLUE", "ご希望とは異なるランク", "12月2日(水)10:00", "30日後に削除"):
        assert words in mail.body, words
    [link] = re.findall(r"http://127\.0\.0\.1:5000(/password/\S+)", mail.body)[:1]
    assert client.get(link).status_code == 200
    client.post(link, data={"password": "a long enough word"})
    account = sign_in(application.email, "a long enough word", role=Role.CAST, now=NOW)
    assert account and account.id == application.account_id


def test_the_wished_rank_is_chosen_first_and_then_needs_no_apology(desk, application):
    look(desk, application)
    text = page(desk, url_of(application))
    assert re.search(r'<input checked[^>]*name="rank"[^>]*value="silver"', text)

    pass_it(desk, application, rank="silver")

    [mail] = mail_to(application)
    assert "ランク:SILVER" in mail.body and "ご希望とは異なる" not in mail.body


def test_the_page_of_a_passed_one_shows_what_was_checked(desk, application):
    look(desk, application)
    pass_it(desk, application)

    text = page(desk, url_of(application))
    assert "東京都公安委員会" in text and "確認した内容" in text
    assert "301234567890" not in text
    assert "審査を通過とする" not in text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"issuer": ""}, "発行元を、書類に記載のとおりに入力してください"),
        ({"issuer": "あ" * 61}, "60"),
        ({"number": ""}, "番号を省略せずに入力してください"),
        ({"number": "12"}, "4〜40文字"),
        ({"number": "1234\x00"}, "読み取れない文字"),
        ({"kind": "diary"}, "この中からひとつお選びください"),
        ({"kind": ""}, "この中からひとつお選びください"),
        ({"rank": "black"}, "この中からひとつお選びください"),
        ({"face_ok": ""}, "顔がプロフィール写真と一致することを確認"),
        ({"address_ok": ""}, "住所を確認してください"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HX])
def test_what_was_not_seen_is_told_beside_it_and_nothing_is_lost(
    desk, application, given, words, headers
):
    look(desk, application)

    given = {"issuer": "東京都公安委員会X", **given}
    answer = pass_it(desk, application, headers=headers, **given)

    assert answer.status_code == 422
    assert words in answer.text
    assert given["issuer"] in answer.text
    assert application.state is ApplicationState.APPLIED
    assert mail_to(application) == []


def test_an_unopened_picture_is_a_reason(desk, application):
    add_picture(application)
    look(desk, application)

    answer = pass_it(desk, application)

    assert answer.status_code == 422
    assert "あと1枚が未確認です" in answer.text


@pytest.mark.req("D44")
def test_a_known_number_asks_for_one_more_tick(desk, operator, application):
    former = make_application(now=THURSDAY)
    look(desk, former)
    pass_it(desk, former)
    look(desk, application)

    answer = pass_it(desk, application)
    assert answer.status_code == 422
    assert "この番号の書類は、別の申込で確認済みです" in answer.text
    assert 'name="knows_number"' in answer.text

    assert pass_it(desk, application, knows_number="y").status_code == 303


@pytest.mark.req("D28")
def test_asking_for_more_mails_words_and_an_expiring_link(desk, application):
    do(desk, application, "question", words="パスポートに住所がないため、\n学生証もお願いします。")

    assert application.state is ApplicationState.MORE_DOCUMENTS
    [mail] = mail_to(application)
    assert mail.subject == "【サシトーク】ご応募について、追加のお願い"
    assert "パスポートに住所がないため、\n学生証もお願いします。" in mail.body
    assert f"http://127.0.0.1:5000/cast/entry/{application.key}" in mail.body
    assert "12月9日(水)10:00" in mail.body
    text = page(desk, url_of(application))
    assert "申込者の返信待ち" in text and "追加を依頼" in text


@pytest.mark.req("C22")
def test_a_refusal_mails_its_reason_kindly(desk, application):
    do(desk, application, "refusal", words="顔写真を確認できませんでした。")

    [mail] = mail_to(application)
    assert mail.subject == "【サシトーク】審査結果のお知らせ"
    for words in ("顔写真を確認できませんでした。", "感謝いたします", "14日後に削除"):
        assert words in mail.body
    assert "見送りと決定" in page(desk, url_of(application))


def test_an_english_applicant_reads_english(desk, application):
    application.locale = "en"
    do(desk, application, "refusal", words="No face could be seen.")

    [mail] = mail_to(application)
    assert mail.subject == "Sashitalk: the result of your screening"


@pytest.mark.parametrize("act", ["question", "refusal"])
@pytest.mark.parametrize("words", ["", "あ" * 1001])
def test_words_are_needed(desk, application, act, words):
    answer = do(desk, application, act, words=words, headers=HX)

    assert answer.status_code == 422
    assert f'id="admin-{act}"' in answer.text
    assert mail_to(application) == []


def test_a_second_press_mails_once(desk, application):
    for _ in range(2):
        assert do(desk, application, "question", seen=0, words="裏面も。").status_code == 303

    assert len(mail_to(application)) == 1


def test_the_second_of_two_operators_is_told(desk, application, client_of):
    other = client_of(make_operator())
    do(desk, application, "refusal", seen=0, words="。")

    answer = do(other, application, "question", seen=0, words="裏面も。")

    assert answer.status_code == 422
    assert "先の決定が有効です" in answer.text
    assert len(mail_to(application)) == 1


@pytest.mark.req("C20")
def test_with_two_people_nobody_hears_before_the_second_confirms(
    desk, application, client_of, two_people
):
    look(desk, application)
    assert "通過を提案する" in page(desk, url_of(application))
    pass_it(desk, application, rank="gold")
    assert mail_to(application) == []
    assert "確定待ち" in page(desk, "/admin/applications")
    assert "確定は、ほかの担当者が行います" in page(desk, url_of(application))
    assert do(desk, application, "confirmation").status_code == 422

    colleague = make_operator()
    other = client_of(colleague)
    assert "GOLDでの通過が提案されています" in page(other, url_of(application))
    assert "あと1枚が未確認" in do(other, application, "confirmation").text
    look(other, application)
    assert do(other, application, "confirmation").status_code == 303

    assert application.state is ApplicationState.PASSED
    kinds = [(each.kind, each.by) for each in screening.steps_of(application)]
    assert kinds[-1] == (StepKind.PASSED, colleague.id)
    [mail] = mail_to(application)
    assert "ランク:GOLD" in mail.body


@pytest.mark.req("C20", "D28")
def test_a_passport_without_address_then_a_second_document_then_passed(desk, application):
    look(desk, application)
    assert pass_it(desk, application, kind="passport", address_ok="").status_code == 422
    do(desk, application, "question", words="住所のわかる書類もお願いします。")
    added = add_picture(application, jpeg=jpeg_of("#334455"), now=NOW)
    application.state = ApplicationState.APPLIED
    session.flush()

    assert pass_it(desk, application, kind="passport").status_code == 422
    look(desk, application, added)
    assert pass_it(desk, application, kind="passport").status_code == 303

    text = page(desk, url_of(application))
    assert text.count("を閲覧") == len(looks()) == 2


def test_the_new_cast_is_told_their_conditions_with_the_admission(desk, application, queue):
    name_seller()
    look(desk, application)
    assert pass_it(desk, application).status_code == 303

    notice = session.scalars(select(ConditionsNotice)).one()
    assert (notice.cast_id, notice.given_at) == (application.account_id, NOW)
    assert notice.content["cast"] == f"{application.family_name} {application.given_name}"
    queue.do(give_conditions)

    keys = session.scalars(select(Mail.key).where(Mail.account_id == application.account_id))
    assert keys.all() == [f"conditions:{application.account_id}:1"]


def test_a_decided_one_has_its_history_and_no_forms(desk, application, operator):
    look_at_all(application, operator, now=NOW)
    admit(application, operator, rank=Rank.GOLD, now=NOW)

    text = page(desk, url_of(application))
    assert "通過と決定 (GOLD)" in text
    assert 'action="' + url_of(application) + "/admission" not in text
