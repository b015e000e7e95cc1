import re
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from pillow_heif import from_pillow
from sqlalchemy import func, select

from app import policy
from app.db import session
from app.entry import documents, opening
from app.entry.models import Application, ApplicationState, DocumentKind, IdentityPicture
from app.mail import Mail
from app.people import terms
from app.people.models import Role
from app.pictures import keeping
from tests.applications import (
    ask_for_more,
    make_applied,
    make_asked,
    make_draft,
    make_filled,
    photograph,
)
from tests.factories import MINUTE, NOON, SECOND, make_account, make_cast, make_operator
from tests.pictures.test_photographs import REFUSED as NO_PHOTOGRAPHS
from tests.pictures.test_photographs import bomb

PERSON = {
    "family_name": "山田",
    "given_name": "花子",
    "family_kana": "やまだ",
    "given_kana": "ﾊﾅｺ",
    "born_on": "1990-04-23",
    "no_pupil": "y",
}
PROFILE = {
    "cast_name": "あおい",
    "categories": ["chat"],
    "wished_rank": "silver",
    "introduction": "こんにちは。\r\nよろしくお願いします。",
}


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


def ask(client, email="aoi@example.com", **changes):
    return client.post("/cast/entry", data={"email": email, "agreed": "y", **changes})


def mails():
    return session.scalars(select(Mail).order_by(Mail.id)).all()


def link_of(mail):
    return re.search(r"http://127\.0\.0\.1:5000(/\S+)", mail.body)[1]


def url_of(application, page=""):
    return f"/cast/entry/{application.key}{page}"


def files(*contents, name="photo.jpg"):
    return {"photos": [(BytesIO(each), name) for each in contents]}


def upload(client, application, *contents, page="/documents", **fields):
    data = {**files(*contents), **fields}
    return client.post(url_of(application, page), data=data, content_type="multipart/form-data")


def kept_documents():
    return session.scalar(select(func.count()).select_from(IdentityPicture))


def drafted(kind=DocumentKind.LICENCE):
    application = make_draft()
    documents.choose_kind(application, kind)
    return application


@pytest.mark.req("C4", "C6", "C7", "C8", "C9", "C11", "C14", "C21")
def test_a_stranger_applies_from_the_first_page_to_the_last(client):
    make_cast()  # brings categories and prices
    assert "2〜7営業日" in client.get("/cast/entry").text
    assert ask(client).location == "/cast/entry/sent"
    home = link_of(mails()[0])
    assert "入力を始める" in client.get(home).text

    assert client.post(f"{home}/person", data=PERSON).location == f"{home}/profile"
    assert client.post(f"{home}/profile", data=PROFILE).location == f"{home}/picture"
    picture = {**files(photograph()), "left": "0", "top": "0", "side": "500"}
    assert client.post(f"{home}/picture", data=picture).location == f"{home}/picture"
    assert "この画像で次へ" in client.get(f"{home}/picture").text
    assert client.post(f"{home}/documents/kind", data={"kind": "licence"}).status_code == 303
    assert client.post(f"{home}/documents", data=files(photograph())).status_code == 303
    shown = client.get(f"{home}/review").text
    assert all(each in shown for each in ("ヤマダ ハナコ", "あおい", "SILVER", "運転免許証", "1枚"))

    assert client.post(f"{home}/sending").location == home
    assert "審査をしています" in client.get(home).text
    [application] = session.scalars(select(Application))
    assert application.state is ApplicationState.APPLIED
    assert application.introduction == "こんにちは。\nよろしくお願いします。"
    received = mails()[1]
    assert received.subject == "【サシトーク】キャスト応募を受け付けました"
    assert "2〜7営業日" in received.body and "12月2日(水)" in received.body
    assert link_of(received) == home


@pytest.mark.req("C7")
@pytest.mark.parametrize(
    "changes",
    [{"agreed": ""}, {"email": "no address"}, {"email": ""}, {"version": "terms:2020-01-01"}],
)
def test_nothing_begins_without_an_address_and_consent_to_all_terms(client, changes):
    answer = ask(client, **changes)

    assert answer.status_code == 422
    assert session.scalar(select(func.count()).select_from(Application)) == 0
    assert mails() == []


@pytest.mark.req("C7")
@pytest.mark.parametrize("locale", ["ja", "en"])
def test_the_terms_for_casts_can_be_read_in_their_version(client, locale):
    client.set_cookie("locale", locale)

    page = client.get("/cast/terms").text

    assert terms.FIRST["cast_terms"] in page
    assert ("業務委託" if locale == "ja" else "independent contractors") in page


def test_everybody_gets_the_same_answer_and_only_the_mail_differs(client):
    make_account(Role.CAST, email="cast@example.com", nickname="もみじ")
    make_applied(email="waits@example.com", cast_name="あおい")
    make_filled(email="begun@example.com")
    session.execute(Application.__table__.update().values(linked_at=None))
    pages = []

    for name in ("new", "begun", "waits", "cast"):
        browser = client.application.test_client()
        assert ask(browser, f"{name}@example.com").location == "/cast/entry/sent"
        page = re.sub(
            r"(Token\": |csrf_token\" value=)\"[^\"]+\"", "", browser.get("/cast/entry/sent").text
        )
        pages.append(page.replace(f"{name}@example.com", "somebody"))

    assert len(set(pages)) == 1
    assert [(each.to, each.subject) for each in mails()] == [
        ("new@example.com", "【サシトーク】キャスト応募のご案内"),
        ("begun@example.com", "【サシトーク】キャスト応募のご案内"),
        ("waits@example.com", "【サシトーク】ご応募の状況"),
        ("cast@example.com", "【サシトーク】このメールアドレスはキャスト登録済みです"),
    ]
    waiting, cast = mails()[2:]
    assert waiting.body.startswith("あおい さん") and "/cast/entry/" in waiting.body
    assert cast.body.startswith("もみじ さん") and link_of(cast) == "/cast/login"


def test_the_mail_with_the_link_says_how_long_it_holds(client):
    client.set_cookie("locale", "en")
    ask(client)

    [mail] = mails()
    assert mail.subject == "Sashitalk: your application as a cast"
    assert "until Sun 6 Dec 12:00" in mail.body
    assert "not sent by Tue 22 Dec" in mail.body


def test_a_new_link_ends_the_old_one_and_the_page_says_where_to_get_another(client, at):
    ask(client)
    old = link_of(mails()[0])
    at(NOON + policy.CONFIRMATION_AGAIN)
    ask(client)

    answer = client.get(old)

    assert answer.status_code == 410
    assert 'href="/cast/entry"' in answer.text
    assert client.get(link_of(mails()[1])).status_code == 200


@pytest.mark.parametrize(
    "page", ["", "/person", "/profile", "/picture", "/documents", "/review", "/documents/x.jpg"]
)
def test_every_page_of_a_dead_link_is_gone(client, at, page):
    application = make_filled()
    at(application.key_until + SECOND)

    for url in (url_of(application, page), f"/cast/entry/nobody{page}"):
        assert client.get(url).status_code == 410


POSTS = ("person", "profile", "picture", "documents", "documents/kind", "documents/x/removal")


@pytest.mark.parametrize("page", [*POSTS, "consents", "sending"])
def test_nothing_can_be_posted_to_a_dead_link(client, at, page):
    application = make_filled()
    at(application.key_until + SECOND)

    assert client.post(url_of(application, f"/{page}"), data=PERSON).status_code == 410
    assert application.state is ApplicationState.DRAFT


def test_pages_of_an_application_are_kept_by_nobody(client):
    application = make_filled()

    for page in ("", "/person", "/review"):
        answer = client.get(url_of(application, page))
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert '<meta name="robots" content="noindex">' in answer.text
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_what_was_filled_in_is_there_again_on_another_device(client):
    application = make_filled(cast_name="あおい")

    person, profile = (
        client.get(url_of(application, page)).text for page in ("/person", "/profile")
    )

    assert all(f'value="{each}"' in person for each in ("山田", "ハナコ", "1990-04-23"))
    assert 'value="あおい"' in profile and "よろしくお願いします。" in profile
    assert re.search(r'value="silver" required checked', profile)
    assert re.search(r'value="chat" checked', profile)


@pytest.mark.parametrize("lacks", ["person", "profile", "picture", "documents"])
def test_the_list_of_steps_shows_what_is_done_and_where_to_go_on(client, lacks):
    application = make_filled(lacks=lacks)

    page = client.get(url_of(application)).text

    assert page.count("入力済み") == 3
    assert re.search(rf'class="btn" href="{url_of(application)}/{lacks}"', page)


@pytest.mark.req("C6")
def test_what_is_wrong_with_the_person_stands_beside_each_field(client):
    application = make_draft()
    wrong = {**PERSON, "family_name": "", "given_kana": "花子", "no_pupil": ""}

    answer = client.post(url_of(application, "/person"), data=wrong)

    assert answer.status_code == 422
    assert [each for each in PERSON if f'id="{each}-error"' in answer.text] == [
        "family_name",
        "given_kana",
        "no_pupil",
    ]
    assert 'value="花子"' in answer.text
    assert application.family_name == ""


@pytest.mark.req("D29")
def test_a_minor_cannot_go_on_not_even_with_another_birthday(client):
    application = make_draft()
    young = client.post(url_of(application, "/person"), data={**PERSON, "born_on": "2010-01-01"})
    older = client.post(url_of(application, "/person"), data=PERSON)

    for answer in (young, older):
        assert answer.status_code == 422
        assert 'id="born_on-error"' in answer.text
    assert application.born_on is None


@pytest.mark.req("C14", "C15", "C16")
def test_three_ranks_with_live_prices_can_be_wished_for_and_no_other(client):
    make_cast()
    application = make_draft()

    page = client.get(url_of(application, "/profile")).text
    answer = client.post(url_of(application, "/profile"), data={**PROFILE, "wished_rank": "black"})

    assert re.findall(r'name="wished_rank" value="(\w+)"', page) == ["blue", "silver", "gold"]
    assert all(each in page for each in ("50円", "100 pt", "225円", "450 pt", "100円"))
    assert answer.status_code == 422 and 'id="wished_rank-error"' in answer.text
    assert application.wished_rank is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cast_name", "\x00"),
        ("cast_name", ""),
        ("categories", ["nothing of ours"]),
        ("categories", []),
        ("wished_rank", "\x00"),
        ("wished_rank", []),
        ("introduction", "あ" * 1001),
        ("introduction", ""),
    ],
)
def test_a_profile_that_is_wrong_is_drawn_again_as_filled(client, field, value):
    make_cast()
    application = make_draft()

    answer = client.post(url_of(application, "/profile"), data={**PROFILE, field: value})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    kept = [each for each in ("あおい", "よろしくお願いします。") if each in answer.text]
    assert len(kept) == (1 if field in {"cast_name", "introduction"} else 2)
    assert application.cast_name == ""


@pytest.mark.req("D44")
def test_a_taken_cast_name_is_told_beside_it(client):
    make_cast(name="AOI")
    application = make_draft()

    answer = client.post(url_of(application, "/profile"), data={**PROFILE, "cast_name": "ａｏｉ"})

    assert answer.status_code == 422
    assert "ほかの方が使っています" in answer.text


@pytest.mark.req("C9")
def test_a_heic_becomes_the_profile_picture_and_the_middle_is_taken(client):
    application = make_draft()
    file = BytesIO()
    from_pillow(Image.new("RGB", (640, 480), (200, 30, 30))).save(file, quality=80)

    answer = upload(
        client, application, file.getvalue(), page="/picture", left="x", top="", side=""
    )

    assert answer.status_code == 303
    name = keeping.portrait_of(application.picture_id)
    shown = client.get(f"/{name}/400.webp")
    assert Image.open(BytesIO(shown.data)).size == (400, 400)
    assert f"/{name}/400.webp" in client.get(url_of(application, "/picture")).text


BAD_FILES = {
    **NO_PHOTOGRAPHS,
    "100 megapixels": bomb(10_000, 10_000),
    "a bomb": bomb(60_000, 60_000),
}
del BAD_FILES["nothing"]


@pytest.mark.parametrize("page", ["/picture", "/documents"])
@pytest.mark.parametrize("data", BAD_FILES.values(), ids=BAD_FILES)
def test_what_is_no_photograph_is_refused_beside_its_field(client, page, data):
    application = drafted()

    answer = upload(client, application, data, page=page)

    assert answer.status_code == 422
    assert 'id="photos-error"' in answer.text
    assert (application.picture_id, kept_documents()) == (None, 0)


@pytest.mark.parametrize("page", ["/picture", "/documents"])
@pytest.mark.parametrize("contents", [(), (b"",)], ids=["none", "empty"])
def test_no_file_is_told_kindly(client, page, contents):
    application = drafted()

    answer = upload(client, application, *contents, page=page)

    assert answer.status_code == 422
    assert 'id="photos-error"' in answer.text


def test_a_photograph_with_something_behind_it_goes_on_as_pixels_only(client):
    application = drafted()
    polyglot = photograph() + b"PK\x03\x04<script>SECRET</script>"

    assert upload(client, application, polyglot).status_code == 303

    [kept] = documents.received(application)
    assert b"SECRET" not in client.get(url_of(application, f"/documents/{kept.public_id}.jpg")).data


@pytest.mark.req("D28")
def test_one_bad_file_among_good_ones_is_named_and_none_is_kept(client):
    application = drafted()
    data = {"photos": [(BytesIO(photograph()), "a.jpg"), (BytesIO(b"%PDF"), "住民票.pdf")]}

    answer = client.post(url_of(application, "/documents"), data=data)

    assert answer.status_code == 422
    assert "「住民票.pdf」は受け取れませんでした。" in answer.text
    assert kept_documents() == 0


def test_too_many_files_are_refused(client):
    application = drafted()

    answer = upload(client, application, *[photograph() for _ in range(policy.PHOTOS_AT_ONCE + 1)])

    assert answer.status_code == 422 and "3枚まで" in answer.text
    assert kept_documents() == 0


def test_a_file_of_more_bytes_than_allowed_is_told_beside_its_field(client, monkeypatch):
    monkeypatch.setattr(policy, "PHOTO_BYTES", 2_000)
    application = drafted()

    answer = upload(client, application, photograph(width=2000, height=2000))

    assert answer.status_code == 422 and 'id="photos-error"' in answer.text


@pytest.mark.parametrize("page", ["/picture", "/documents"])
@pytest.mark.parametrize("has_csrf", [False, True])
def test_a_request_over_the_limit_is_told_on_the_form(client, monkeypatch, page, has_csrf):
    monkeypatch.setattr(policy, "PHOTO_BYTES", 1_000)
    monkeypatch.setattr("app.blueprints.pictures.FORM_BYTES", 1_000)
    monkeypatch.setitem(client.application.config, "WTF_CSRF_ENABLED", has_csrf)
    application = drafted()

    answer = upload(client, application, b"x" * 10_000, page=page)

    assert answer.status_code == 413
    assert 'id="photos-error"' in answer.text and 'type="file"' in answer.text


def test_a_request_over_the_limit_to_a_dead_link_is_a_dead_link(client, monkeypatch, at):
    monkeypatch.setattr(policy, "PHOTO_BYTES", 1_000)
    monkeypatch.setattr("app.blueprints.pictures.FORM_BYTES", 1_000)
    application = drafted()
    at(application.key_until + SECOND)

    assert upload(client, application, b"x" * 10_000).status_code == 410


def test_other_forms_take_no_photographs(client, monkeypatch):
    monkeypatch.setitem(client.application.config, "MAX_CONTENT_LENGTH", 2_000)
    application = make_draft()

    answer = upload(client, application, b"x" * 10_000, page="/person")

    assert answer.status_code == 413


@pytest.mark.req("C11", "C12", "C13")
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("licence", "裏面に書かれている場合"),
        ("passport", "住所のページがありません"),
        ("student_card", "住所や生年月日のないもの"),
        ("residence_card", "表の面"),
    ],
)
def test_each_kind_says_what_to_show_and_what_to_hide(client, kind, words):
    application = make_draft()
    url = url_of(application, "/documents")

    client.post(f"{url}/kind", data={"kind": kind})

    page = client.get(url).text
    assert words in page and "マイナンバーカードの裏面" in page and "QRコード" in page
    assert 'href="/contact"' in page
    assert application.document_kind == kind


@pytest.mark.parametrize("kind", ["", "my_number", "\x00"])
def test_another_kind_of_document_does_not_exist(client, kind):
    application = make_draft()

    answer = client.post(url_of(application, "/documents/kind"), data={"kind": kind})

    assert answer.status_code == 422 and 'id="kind-error"' in answer.text


def test_a_document_is_shown_back_small_and_taken_away(client):
    application = drafted()
    upload(client, application, photograph(width=2000, height=1500))
    [kept] = documents.received(application)
    url = url_of(application, f"/documents/{kept.public_id}")

    shown = client.get(f"{url}.jpg")

    assert shown.mimetype == "image/jpeg"
    assert shown.headers["Cache-Control"] == "no-store"
    assert max(Image.open(BytesIO(shown.data)).size) == policy.PREVIEW_SIDE
    assert client.post(f"{url}/removal").status_code == 303
    assert kept_documents() == 0
    assert client.get(f"{url}.jpg").status_code == 404


def test_another_applications_document_is_nobodys(client):
    mine, other = make_draft(), make_filled()
    [kept] = documents.received(other)

    url = url_of(mine, f"/documents/{kept.public_id}")

    assert client.get(f"{url}.jpg").status_code == 404
    assert client.post(f"{url}/removal").status_code == 404
    assert client.get(f"/pictures/{kept.public_id}/400.webp").status_code == 404
    assert kept_documents() == 1


def test_the_same_file_twice_is_told_and_kept_once(client):
    application, data = drafted(), photograph()

    for _ in range(2):
        assert upload(client, application, data).status_code == 303

    assert "すでに受け取っています" in client.get(url_of(application, "/documents")).text
    assert kept_documents() == 1


@pytest.mark.req("C6")
def test_an_incomplete_application_is_refused_with_a_link_to_each_step(client):
    application = make_draft()

    answer = client.post(url_of(application, "/sending"))

    assert answer.status_code == 422
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    links = re.findall(r'<li><a href="([^"]+)">', main)
    assert links == [
        url_of(application, f"/{step}") for step in ("person", "profile", "picture", "documents")
    ]
    assert application.state is ApplicationState.DRAFT and mails() == []


@pytest.mark.req("C21")
def test_pressing_twice_sends_and_mails_once(client):
    application = make_filled()

    for _ in range(2):
        assert client.post(url_of(application, "/sending")).location == url_of(application)

    assert len(mails()) == 1


@pytest.mark.req("C7")
def test_new_terms_are_agreed_to_on_the_last_page(client):
    application = make_filled()
    application.consents = {"terms": "2020-01-01"}
    assert "規約が新しくなりました" in client.get(url_of(application, "/review")).text
    assert client.post(url_of(application, "/sending")).status_code == 422
    assert client.post(url_of(application, "/consents")).status_code == 422

    assert client.post(url_of(application, "/consents"), data={"agreed": "y"}).status_code == 303

    assert application.consents == terms.FIRST
    assert client.post(url_of(application, "/sending")).status_code == 303


@pytest.mark.parametrize("page", ["/person", "/profile", "/picture", "/documents", "/review"])
def test_the_steps_of_a_sent_application_lead_to_how_it_stands(client, page):
    application = make_applied()

    assert client.get(url_of(application, page)).location == url_of(application)


@pytest.mark.req("C21")
def test_how_it_stands_names_the_day(client):
    application = make_applied()

    page = client.get(url_of(application)).text

    assert "12月2日(水)" in page and application.email in page


@pytest.mark.req("D28")
def test_more_pictures_are_asked_for_added_and_sent(client, at):
    application = make_applied()
    ask_for_more(application, by=make_operator(), words="裏面を\nお願いします。", now=NOON + MINUTE)
    at(NOON + 2 * MINUTE)
    assert "裏面を\nお願いします。" in client.get(url_of(application)).text
    assert client.post(url_of(application, "/sending")).status_code == 422

    assert "裏面を" in client.get(url_of(application, "/documents")).text
    assert upload(client, application, photograph()).status_code == 303
    assert "写真を送信する" in client.get(url_of(application)).text
    assert client.post(url_of(application, "/sending")).status_code == 303

    assert application.state is ApplicationState.APPLIED
    assert [mail.subject for mail in mails()] == ["【サシトーク】キャスト応募を受け付けました"]


@pytest.mark.req("D28")
def test_the_link_that_asks_for_more_ends_and_a_new_one_goes_on(client, at):
    application = make_asked(make_operator())
    later = NOON + policy.MORE_DOCUMENTS_WITHIN + SECOND
    at(later)
    assert client.get(url_of(application)).status_code == 410

    ask(client, application.email)

    assert "追加の写真" in client.get(link_of(mails()[0])).text


@pytest.mark.req("C22", "C23")
def test_a_decision_is_told_on_the_same_page(client):
    passed, failed = make_applied(), make_applied()
    passed.state, passed.account_id = ApplicationState.PASSED, make_account(Role.CAST).id
    failed.state = ApplicationState.FAILED
    passed.decided_at = failed.decided_at = NOON + timedelta(days=3)

    assert 'href="/cast/login"' in client.get(url_of(passed)).text
    assert "11月25日(水)" in client.get(url_of(failed)).text


@pytest.mark.parametrize("locale", ["ja", "en"])
@pytest.mark.parametrize("page", ["", "/person", "/profile", "/picture", "/documents", "/review"])
def test_every_page_is_drawn_in_both_languages_empty_and_filled(client, locale, page):
    client.set_cookie("locale", locale)
    for application in (make_filled(), make_draft()):
        assert client.get(url_of(application, page)).status_code == 200


def test_forms_without_their_token_are_refused(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    application = make_filled()

    assert ask(client).status_code == 400
    assert client.post(url_of(application, "/sending")).status_code == 400
    assert application.state is ApplicationState.DRAFT


def test_an_application_begun_is_found_only_by_its_key(client):
    application = make_draft()

    assert client.get(f"/cast/entry/{application.public_id}").status_code == 410
    assert opening.find(application.public_id, now=NOON) is None


def test_a_visitor_cannot_try_addresses_without_end(client):
    answers = [ask(client, f"a{number}@example.com").status_code for number in range(31)]

    assert answers == [303] * 30 + [429]
