"""The pages round the room: before entering, the ring, the kind word, the receipt, the history."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.casts import standby
from app.casts.models import Rank, State
from app.db import session
from app.people.models import Role
from app.points.models import Kind
from app.talks import entering, rating
from app.talks.models import EndedBy, Talk, TalkRating, TalkState
from app.video import tokens
from tests.engines_of_tests import SECRET
from tests.evidence import BOTH, CAST, Room, hang_up, work
from tests.factories import (
    MINUTE,
    NOON,
    SECOND,
    give_points,
    make_account,
    make_cast,
    make_guest,
    make_operator,
    make_talk,
    ring,
)

HTMX = {"HX-Request": "true"}
NOBODY = "nobodys-id-at-all-here"


@pytest.fixture(autouse=True)
def noon(at, queue):
    at(NOON)


@pytest.fixture
def guest():
    return make_guest(points=1000, nickname="みずいろ")


@pytest.fixture
def cast():
    return make_cast(name="千景")  # 100 pt a minute


@pytest.fixture
def browser(client_of, guest):
    return client_of(guest)


def entry(cast):
    return f"/casts/{cast.public_id}/entry"


def press(browser, cast, *, price=100, **options):
    """The one button of the page before entering."""
    data = {"price_points": price}
    return browser.post(f"/casts/{cast.public_id}/talks", data=data, **options)


def text_of(answer):
    """What a reader reads, without tags and with single spaces."""
    main = re.sub(r".*<main[^>]*>|<footer.*", " ", answer.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def talks():
    return list(session.scalars(select(Talk).order_by(Talk.id)))


def ended(guest, cast, *, seconds, by=EndedBy.GUEST):
    """A talk in which both were together for so long, settled."""
    talk = make_talk(guest, cast)
    room = Room(talk)
    room.talk_until(seconds)
    hang_up(talk, by=by, at_second=seconds)
    work(seconds)
    return talk


# ---- Before entering -------------------------------------------------------------------------


@pytest.mark.req("G10", "G14", "G17")
def test_the_page_before_entering_says_whom_how_much_and_how_long(browser, cast):
    page = browser.get(entry(cast))

    assert page.status_code == 200
    said = text_of(page)
    assert "千景さん" in said and "オンライン" in said
    assert "最初の1分 無料" in said
    assert "そのあと 100 pt / 分 (100円)" in said
    assert "お持ちのポイント 1,000 pt" in said
    assert "このまま 12:11 まで(約11分)" in said
    assert page.text.count("千景さんと話す</button>") == 1


@pytest.mark.req("G16")
def test_who_enters_a_wrong_room_was_told_before(browser, cast):
    assert (
        "間違えて入室された場合も、課金されたポイントはお返しできません"
        in browser.get(entry(cast)).text
    )


@pytest.mark.req("G5", "G17")
def test_pressing_rings_without_javascript(browser, cast):
    answer = press(browser, cast)

    [talk] = talks()
    assert (answer.status_code, answer.location) == (303, f"/talks/{talk.public_id}")
    assert (talk.state, talk.price_points) == (TalkState.RINGING, 100)
    assert "千景さんを呼んでいます" in browser.get(answer.location).text


def test_pressing_rings_with_htmx(browser, cast):
    answer = press(browser, cast, headers=HTMX)

    [talk] = talks()
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/talks/{talk.public_id}")


def test_pressing_twice_rings_once(browser, cast):
    first, second = press(browser, cast), press(browser, cast)

    assert first.location == second.location
    assert len(talks()) == 1
    assert browser.get(entry(cast)).location == first.location


@pytest.mark.req("G11")
@pytest.mark.parametrize(("points", "enters"), [(499, False), (500, True)])
def test_five_minutes_of_the_price_are_needed_to_enter(client_of, cast, points, enters):
    answer = press(client_of(make_guest(points=points)), cast)

    assert answer.status_code == (303 if enters else 409)
    assert len(talks()) == enters


@pytest.mark.req("G12")
def test_too_few_points_are_explained_with_the_pack_that_helps(client_of, cast):
    browser = client_of(make_guest(points=499))

    page = browser.get(entry(cast))

    said = text_of(page)
    assert "あと 1 pt で入室できます" in said
    assert "冷やかしを防ぐためのお願い" in said
    assert "500 pt を購入する" in said
    assert "と話す</button>" not in page.text
    assert f'href="/points/packs?need=1&amp;back={entry(cast)}"' in page.text


@pytest.mark.req("G12")
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_refused_press_draws_the_door_again_with_every_reason(client_of, headers):
    cast = make_cast(name="千景", online=False)
    browser = client_of(make_guest(points=499, confirmed=False))

    answer = press(browser, cast, headers=headers)

    assert answer.status_code == 409
    for reason in ("オフラインです", "あと 1 pt 足りません", "メールアドレスを確認してください"):
        assert reason in answer.text
    assert ("<html" in answer.text) is not bool(headers)
    assert 'id="talk-entry"' in answer.text
    assert not talks()


@pytest.mark.req("G9")
@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.OFFLINE, "ただいまオフラインです"),
        (State.IN_TALK, "ほかの方と通話中です"),
        (State.WRAP_UP, "トークを終えたばかりです"),
        (State.SOON_RESERVED, "まもなく予約のトークが始まる"),
    ],
)
def test_only_a_cast_who_stands_by_can_be_entered(browser, cast, state, words):
    cast.state = state

    page = browser.get(entry(cast))

    assert words in page.text
    assert "ほかの人をさがす" in page.text
    assert "と話す</button>" not in page.text
    assert press(browser, cast).status_code == 409
    assert not talks()


def test_a_guest_without_a_confirmed_address_may_ask_for_the_mail_again(client_of, cast):
    page = client_of(make_guest(points=1000, confirmed=False)).get(entry(cast))

    assert "メールアドレスを確認してください" in page.text
    assert '<form method="post" action="/confirmation">' in page.text


@pytest.mark.req("D9")
def test_at_another_price_than_the_guest_saw_nothing_begins(browser, cast):
    answer = press(browser, cast, price=90)

    assert answer.status_code == 409
    assert "料金が1分 100 pt に変わりました" in answer.text
    assert not talks()
    assert 'name="price_points" value="100"' in answer.text  # to be asked once more


@pytest.mark.parametrize(
    "price", ["", "abc", "-100", "0", "1e3", "9" * 5000, "\x00", "100; DROP", "<script>"]
)
def test_a_hostile_price_begins_nothing(browser, cast, price):
    assert press(browser, cast, price=price).status_code == 409
    assert not talks()


def test_a_guest_in_another_talk_is_led_back_to_it(browser, guest, cast):
    talk = make_talk(guest, make_cast())

    page = browser.get(entry(cast))

    assert "ほかのトークの途中です" in page.text
    assert f'href="/talks/{talk.public_id}"' in page.text
    assert press(browser, cast).status_code == 409


@pytest.mark.req("D5")
def test_who_comes_back_within_five_minutes_reads_that_the_clock_goes_on(browser, guest, cast, at):
    ended(guest, cast, seconds=45)
    standby.begin(cast.account_id, now=NOON + MINUTE)
    at(NOON + MINUTE)

    said = text_of(browser.get(entry(cast)))

    assert "無料の1分 残り 0:15" in said
    assert "前のトークの続きから数えます" in said
    assert "12:11" in said  # fifteen seconds of the free minute, then ten minutes


@pytest.mark.req("D5")
def test_a_used_free_minute_is_not_offered_again(browser, guest, cast, at):
    ended(guest, cast, seconds=100)
    standby.begin(cast.account_id, now=NOON + 2 * MINUTE)
    at(NOON + 2 * MINUTE)

    said = text_of(browser.get(entry(cast)))

    assert "無料の1分 使用済み" in said
    assert "次の課金 0:20 後" in said


@pytest.mark.req("G3")
def test_an_anonymous_visitor_is_sent_to_the_login_and_comes_back(client, cast):
    answer = client.get(entry(cast))

    assert answer.status_code == 303
    assert answer.location.startswith("/login?next=")
    assert entry(cast) in answer.location.replace("%2F", "/")


def test_casts_and_operators_cannot_enter_rooms(client_of, cast):
    for account in (make_account(Role.CAST), make_operator()):
        assert client_of(account).get(entry(cast)).status_code == 404
        assert press(client_of(account), cast).status_code == 404


def test_nobodys_room_cannot_be_entered(browser):
    assert browser.get(f"/casts/{NOBODY}/entry").status_code == 404
    assert browser.post(f"/casts/{NOBODY}/talks").status_code == 404


@pytest.mark.parametrize(
    "path", ["/casts/%00/entry", "/talks/%00", "/talks/a%00b/receipt", "/talks?before=%00"]
)
def test_an_address_that_nobody_can_have_leads_nowhere(browser, path):
    assert browser.get(path).status_code == 404


# ---- The ring --------------------------------------------------------------------------------


def test_the_ring_counts_down_and_asks_again_by_itself(browser, guest, cast, at):
    talk = ring(guest, cast)
    at(NOON + 12 * SECOND)

    fragment = browser.get(f"/talks/{talk.public_id}/ring", headers=HTMX)

    assert 'id="talk-ring"' in fragment.text and "<html" not in fragment.text
    assert 'hx-trigger="every 1.5s"' in fragment.text
    assert 'max="30" value="18.0"' in fragment.text and ">0:18<" in fragment.text


def test_an_answered_ring_leads_into_the_room(browser, guest, cast):
    talk = make_talk(guest, cast)
    page = f"/talks/{talk.public_id}"

    assert browser.get(f"{page}/ring", headers=HTMX).headers["HX-Redirect"] == page
    assert browser.get(page).location == f"{page}/room"


@pytest.mark.parametrize("state", ["declined", "missed", "withdrawn"])
def test_an_unanswered_ring_ends_kindly_and_free(browser, guest, cast, state):
    other = make_cast(name="悠")
    talk = ring(guest, cast)
    if state == "declined":
        entering.decline(talk, now=NOON + SECOND)
    elif state == "missed":
        entering.miss_due(NOON + MINUTE)
    else:
        entering.withdraw(talk, now=NOON + SECOND)

    moved = browser.get(f"/talks/{talk.public_id}/ring", headers=HTMX)
    page = browser.get(moved.headers["HX-Redirect"])

    said = text_of(page)
    assert "課金はありません" in said
    assert f'href="/casts/{cast.public_id}"' in page.text
    assert f'href="/casts/{other.public_id}"' in page.text
    assert "1,000 pt" in page.text  # in the pill, untouched


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_guest_stops_the_ring(browser, guest, cast, headers):
    talk = ring(guest, cast)

    answer = browser.post(f"/talks/{talk.public_id}/withdrawal", headers=headers)

    assert answer.headers.get("HX-Redirect") or answer.location == f"/talks/{talk.public_id}"
    assert (talk.state, cast.state) == (TalkState.WITHDRAWN, State.ONLINE)


def test_stopping_a_ring_that_was_just_answered_changes_nothing(browser, guest, cast):
    talk = make_talk(guest, cast)

    answer = browser.post(f"/talks/{talk.public_id}/withdrawal")

    assert talk.state is TalkState.RUNNING
    assert browser.get(answer.location).location == f"/talks/{talk.public_id}/room"


# ---- The room's door -------------------------------------------------------------------------


def test_both_enter_the_room_and_a_third_finds_nothing(client_of, guest, cast):
    talk = make_talk(guest, cast)
    account = session.get_one(type(guest), cast.account_id)

    for one_of_them in (guest, account):
        assert client_of(one_of_them).get(f"/talks/{talk.public_id}/room").status_code == 200
    for stranger in (make_guest(), make_account(Role.CAST), make_operator()):
        assert client_of(stranger).get(f"/talks/{talk.public_id}/room").status_code == 404


STRICT = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
    " media-src 'self' blob:; connect-src 'self'; worker-src 'self'; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
FRAMED = STRICT.replace(
    "script-src 'self'",
    "script-src 'self' https://meet.example:8443; frame-src https://meet.example:8443",
)
LENT = ", ".join(
    f'{name}=(self "https://meet.example:8443")'
    for name in ("camera", "microphone", "autoplay", "fullscreen", "screen-wake-lock")
)


@pytest.fixture
def jitsi(app, monkeypatch):
    """A house whose rooms are a video server's."""
    settings = replace(
        app.config["SETTINGS"],
        video_backend="jitsi",
        jitsi_url="https://meet.example:8443",
        jitsi_orders_url="http://prosody:5280",
    )
    monkeypatch.setitem(app.config, "SETTINGS", settings)


def policies(answer):
    return answer.headers["Content-Security-Policy"], answer.headers["Permissions-Policy"]


def test_the_room_alone_names_the_video_servers_origin(browser, client, guest, cast, jitsi):
    talk = make_talk(guest, cast)
    page = f"/talks/{talk.public_id}"

    assert policies(browser.get(f"{page}/room")) == (FRAMED, f"{LENT}, display-capture=()")
    for path in (page, f"{page}/meter", f"{page}/report", "/talks", entry(cast), "/points/packs"):
        assert policies(browser.get(path)) == (STRICT, "camera=(self), microphone=(self)"), path
    hang_up(talk, at_second=5)
    for path in (f"{page}/room", f"{page}/receipt"):
        assert policies(browser.get(path))[0] == STRICT, path
    assert policies(client.get(f"{page}/room"))[0] == STRICT  # to the login


def test_the_laptops_room_names_no_other_origin(browser, guest, cast):
    talk = make_talk(guest, cast)

    answer = browser.get(f"/talks/{talk.public_id}/room")

    assert policies(answer) == (STRICT, "camera=(self), microphone=(self)")


def test_the_room_of_a_video_server_loads_nothing_of_it_and_carries_no_ticket(
    browser, guest, cast, jitsi
):
    talk = make_talk(guest, cast)

    page = browser.get(f"/talks/{talk.public_id}/room").text

    assert "/static/js/jitsi.js" in page and "/static/js/embedded.js" not in page
    assert f'data-server="https://meet.example:8443" data-room="{talk.room}"' in page
    assert not re.search(r'<(script|iframe|link)[^>]+"https://', page)
    assert "eyJ" not in page
    assert 'id="mic"' not in page and "/embedded/" not in page


def test_each_way_in_has_a_fresh_ticket_for_this_person_and_room(client_of, guest, cast, at, jitsi):
    talk = make_talk(guest, cast)
    for account in (guest, session.get_one(type(guest), cast.account_id)):
        path = f"/talks/{talk.public_id}/ticket"
        for moment in (NOON, NOON + 20 * MINUTE):
            at(moment)
            given = client_of(account).get(path).json["ticket"]

            ticket = tokens.read(given, room=talk.room, secrets=[SECRET])

            assert ticket.person == account.public_id
            assert ticket.expires_at == moment + tokens.LIFETIME


@pytest.mark.req("G19")
def test_hanging_up_ends_the_talk_at_once_and_leads_to_the_receipt(browser, guest, cast):
    talk = make_talk(guest, cast)

    answer = browser.post(f"/talks/{talk.public_id}/ending")

    assert (talk.state, talk.ended_by) == (TalkState.ENDED, EndedBy.GUEST)
    assert browser.get(answer.location).location == f"/talks/{talk.public_id}/receipt"


def test_the_room_of_an_ended_talk_is_closed(browser, guest, cast):
    talk = ended(guest, cast, seconds=30)
    page = f"/talks/{talk.public_id}"

    assert browser.get(f"{page}/room").location == page
    assert browser.get(f"{page}/ticket").status_code == 404
    assert "data-goes-on" in browser.get(f"{page}/meter").text


# ---- The receipt -----------------------------------------------------------------------------


def receipt_of(browser, talk):
    return browser.get(f"/talks/{talk.public_id}/receipt")


@pytest.mark.req("G14", "D4")
def test_a_receipt_adds_up(browser, guest, cast, at):
    talk = ended(guest, cast, seconds=190)
    at(NOON + 10 * MINUTE)

    said = text_of(receipt_of(browser, talk))

    assert "千景さんとのトーク 11月22日(日)12:00 – 12:03" in said
    assert "終わり方: あなたの退室" in said
    assert "12:00:00 無料 1分 –" in said
    assert "12:01:00 1分目 1分 100 pt" in said
    assert "12:03:00 3分目 10秒 100 pt" in said
    assert "3分 × 100 pt = 300 pt" in said
    assert "合計 300 pt" in said
    assert "11月22日(日)購入分、2月22日(月)まで 300 pt" in said
    assert "確かめています" not in said


@pytest.mark.req("D4")
def test_a_receipt_explains_a_stop_and_a_return(browser, guest, cast, at):
    talk = make_talk(guest, cast)
    room = Room(talk)
    room.talk_until(130)
    room.leave(CAST, at=130)
    room.tell()
    room.join(CAST, at=138)
    room.beats(138, 220)
    room.tell()
    work(220)
    hang_up(talk, by=EndedBy.CAST, at_second=220)
    at(NOON + 10 * MINUTE)

    said = text_of(receipt_of(browser, talk))

    assert "12:02:10 から8秒、千景さんの接続が切れていたため課金を止めました。" in said
    assert "3分目は、千景さんの退室で途中で終わったため、返却しました。" in said
    assert "3分 × 100 pt = 300 pt 返却 1分 − 100 pt 合計 200 pt" in said
    assert "2月22日(月)まで 200 pt" in said


@pytest.mark.req("G15", "D3")
def test_a_talk_in_which_nobody_met_costs_nothing_and_says_so(browser, guest, cast):
    talk = make_talk(guest, cast)
    hang_up(talk, at_second=600)

    said = text_of(receipt_of(browser, talk))

    assert "お二人がつながらなかったため、課金はありません" in said
    assert "合計 0 pt" in said
    assert "いかがでしたか" not in said


@pytest.mark.req("D33")
def test_a_receipt_names_every_lot_that_paid(client_of, cast, at):
    guest = make_guest()
    give_points(guest, 100, kind=Kind.FREE, expires_at=NOON + timedelta(days=20))
    give_points(guest, 900)
    talk = ended(guest, cast, seconds=190)
    at(NOON + 10 * MINUTE)

    said = text_of(receipt_of(client_of(guest), talk))

    assert "無料ポイント、12月12日(土)まで 100 pt" in said
    assert "購入分、2月22日(月)まで 200 pt" in said


def test_a_continued_talk_shows_the_minute_that_the_one_before_paid(browser, guest, cast, at):
    ended(guest, cast, seconds=100)
    standby.begin(cast.account_id, now=NOON + 2 * MINUTE)
    talk = make_talk(guest, cast, now=NOON + 2 * MINUTE)
    room = Room(talk)
    room.join(*BOTH, at=120)
    room.beats(120, 160)
    room.tell()
    work(160)
    hang_up(talk, at_second=160)
    at(NOON + 10 * MINUTE)

    said = text_of(receipt_of(browser, talk))

    assert "前のトークの続きから数えました" in said
    assert "1分目(前のトークで課金済み) 20秒 –" in said
    assert "2分目 20秒 100 pt" in said
    assert "合計 100 pt" in said


def test_a_fresh_receipt_asks_again_until_it_is_settled(browser, guest, cast, at):
    talk = ended(guest, cast, seconds=30)
    at(NOON + 35 * SECOND)

    assert 'hx-trigger="every 3s"' in receipt_of(browser, talk).text
    fragment = browser.get(f"/talks/{talk.public_id}/receipt/facts", headers=HTMX)
    assert 'id="talk-facts"' in fragment.text and "<html" not in fragment.text
    assert 'id="wallet" hx-swap-oob="true"' in fragment.text  # the points in the head follow

    at(NOON + MINUTE)
    assert 'hx-trigger="every' not in browser.get(f"/talks/{talk.public_id}/receipt/facts").text


def test_only_an_ended_talk_has_a_receipt(browser, guest, cast):
    talk = make_talk(guest, cast)

    assert receipt_of(browser, talk).status_code == 404


def test_a_stranger_finds_nothing(client, client_of, guest, cast):
    talk = ended(guest, cast, seconds=70)
    page = f"/talks/{talk.public_id}"

    for stranger in (client_of(make_guest()), client_of(make_account(Role.CAST))):
        for path in ("", "/ring", "/room", "/meter", "/ticket", "/receipt", "/receipt/facts"):
            assert stranger.get(page + path).status_code == 404, path
        for path in ("/withdrawal", "/ending", "/rating"):
            assert stranger.post(page + path, data={"stars": 1}).status_code == 404, path
    assert session.scalar(select(func.count()).select_from(TalkRating)) == 0


def test_a_session_that_ended_in_the_evening_leads_to_the_login(client, guest, cast):
    talk = make_talk(guest, cast)
    room = f"/talks/{talk.public_id}/room"

    assert client.get(room).location == f"/login?next={room}"
    assert client.get(f"/talks/{talk.public_id}/meter", headers=HTMX).headers["HX-Redirect"]
    assert client.post(f"/talks/{talk.public_id}/ending").location == "/login"
    assert talk.state is TalkState.RUNNING


# ---- Rating ----------------------------------------------------------------------------------


def rate(browser, talk, headers=None, **given):
    return browser.post(f"/talks/{talk.public_id}/rating", data=given, headers=headers)


@pytest.mark.req("C18")
def test_a_guest_rates_a_paid_talk_without_javascript(browser, guest, cast):
    talk = ended(guest, cast, seconds=70)

    answer = rate(browser, talk, stars="4", line="ゆっくり聞いてもらえました。")

    assert answer.location == f"/talks/{talk.public_id}/receipt"
    said = rating.find(talk)
    assert (said.stars, said.line) == (4, "ゆっくり聞いてもらえました。")
    assert "評価をありがとうございました" in browser.get(answer.location).text


def test_a_guest_rates_with_htmx(browser, guest, cast):
    talk = ended(guest, cast, seconds=70)

    answer = rate(browser, talk, HTMX, stars="5")

    assert 'id="talk-rating"' in answer.text and "<html" not in answer.text
    assert "評価をありがとうございました" in answer.text


def test_a_talk_is_rated_once(browser, guest, cast):
    talk = ended(guest, cast, seconds=70)
    rate(browser, talk, stars="5")

    answer = rate(browser, talk, HTMX, stars="1")

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#notices")
    assert rating.find(talk).stars == 5


@pytest.mark.req("C18")
def test_a_talk_without_a_charged_minute_is_not_rated(browser, guest, cast):
    talk = ended(guest, cast, seconds=59)

    assert 'name="stars"' not in receipt_of(browser, talk).text
    assert rate(browser, talk, stars="5").status_code == 409


@pytest.mark.parametrize("stars", ["", "0", "6", "-1", "4.5", "五", "5" * 5000, "\x00", "²", "<b>"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_wrong_stars_are_refused_beside_the_field(browser, guest, cast, stars, headers):
    talk = ended(guest, cast, seconds=70)

    answer = rate(browser, talk, headers, stars=stars, line="またお話ししたいです。")

    assert answer.status_code == 422
    assert "星を1つから5つの間で選んでください" in answer.text
    assert "またお話ししたいです。" in answer.text
    assert rating.find(talk) is None


@pytest.mark.parametrize(
    ("line", "words"),
    [("あ" * 201, "200文字以内で入力してください"), ("null\x00byte", "読み取れない文字")],
)
def test_a_wrong_line_is_refused_and_the_stars_are_kept(browser, guest, cast, line, words):
    talk = ended(guest, cast, seconds=70)

    answer = rate(browser, talk, stars="3", line=line)

    assert answer.status_code == 422
    assert words in answer.text
    assert re.search(r'value="3" required checked', answer.text)


def test_markup_in_a_line_stays_words(browser, guest, cast):
    talk = ended(guest, cast, seconds=70)
    rate(browser, talk, stars="3", line="<script>alert(1)</script>")

    page = receipt_of(browser, talk).text

    assert "&lt;script&gt;" in page and "<script>alert" not in page


# ---- The history -----------------------------------------------------------------------------


def test_the_history_lists_answered_talks_newest_first(browser, guest, cast):
    other = make_cast(name="悠", rank=Rank.SILVER)
    ended(guest, cast, seconds=130)
    entering.withdraw(ring(guest, other), now=NOON)
    running = make_talk(guest, other)

    page = browser.get("/talks")

    said = text_of(page)
    assert said.index("悠さん") < said.index("千景さん")
    assert "トーク中" in said and "200 pt 2分" in said
    assert page.text.count('class="row"') == 2
    assert f'href="/talks/{running.public_id}"' in page.text


def test_an_empty_history_helps_on(browser):
    page = browser.get("/talks")

    assert "まだトークがありません" in page.text
    assert "話し相手をさがす" in page.text


def test_a_long_history_goes_on_below(browser, guest, cast):
    for n in range(21):
        standby.begin(cast.account_id, now=NOON)
        talk = make_talk(guest, cast, now=NOON)
        hang_up(talk, at_second=n)

    first = browser.get("/talks")
    more = re.search(r'href="(/talks\?before=[^"]+)"', first.text)[1]
    rest = browser.get(f"{more}&part=1", headers=HTMX)

    assert first.text.count('class="row"') == 20
    assert rest.text.count('class="row"') == 1
    assert "<html" not in rest.text and "before=" not in rest.text


@pytest.mark.parametrize("before", ["nobody", "1", "'", "あ" * 300])
def test_a_history_from_nowhere_begins_anew(browser, guest, cast, before):
    hang_up(make_talk(guest, cast), at_second=1)

    assert "千景さん" in browser.get("/talks", query_string={"before": before}).text


# ---- The wallet's pill -----------------------------------------------------------------------


@pytest.mark.req("G17")
def test_every_page_of_a_guest_shows_the_points_and_nobody_elses_does(browser, client, cast):
    for path in ("/talks", entry(cast), f"/casts/{cast.public_id}"):
        assert 'class="wallet"' in browser.get(path).text
    assert 'class="wallet"' not in client.get(f"/casts/{cast.public_id}").text
