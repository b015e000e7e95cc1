"""Links of a cast: public pages only, each shown with the host that it really has (C26, G48)."""

import pytest

from app.casts import links


def codes(problems):
    return [problem.code for problem in problems]


@pytest.mark.req("C26")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://example.jp/me", "https://example.jp/me"),
        ("HTTPS://Example.JP/Me", "https://example.jp/Me"),
        ("example.jp", "https://example.jp"),
        ("https://example.jp/", "https://example.jp"),
        (" https://blog.example.co.jp/?p=5#top ", "https://blog.example.co.jp?p=5"),
        ("https://日本語.jp/自己紹介", "https://xn--wgv71a119e.jp/自己紹介"),
        ("https://www.instagram.com/akari.k/", "https://www.instagram.com/akari.k"),
    ],
)
def test_a_site_is_kept_whole_and_in_plain_signs(typed, kept):
    assert links.why_not_site(typed, about="site_url") == []
    assert links.tidy(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("javascript:alert(1)", "not_https"),
        ("JaVaScRiPt:alert(1)", "not_https"),
        ("data:text/html,<script>alert(1)</script>", "no_address"),
        ("data:text/html;base64,PHNjcmlwdD4=", "not_https"),
        ("vbscript:x", "not_https"),
        ("mailto:me@example.jp", "not_https"),
        ("tel:09012345678", "no_address"),
        ("http://example.jp", "not_https"),
        ("//example.jp/x", "not_https"),
        ("/cast-room", "not_https"),
        ("https:example.jp", "not_https"),
        ("https:///example.jp", "no_address"),
        ("https://", "no_address"),
        ("https://user@example.jp", "no_address"),
        ("https://example.jp@evil.jp", "no_address"),
        ("https://user:pass@example.jp", "no_address"),
        ("https://@example.jp", "no_address"),
        ("https://example.jp:8443/", "no_address"),
        ("https://example.jp:443/", "no_address"),
        ("https://192.168.0.1/", "no_address"),
        ("https://203.0.113.9", "no_address"),
        ("https://2130706433", "no_address"),
        ("https://0x7f.0.0.0x1", "no_address"),
        ("https://0x7f000001", "no_address"),
        ("https://127.1", "no_address"),
        ("https://[::1]/", "no_address"),
        ("https://１９２.168.0.1/", "no_address"),  # full-width digits
        ("https://localhost", "no_address"),
        ("https://app.localhost", "no_address"),
        ("https://intranet", "no_address"),
        ("https://printer.local", "no_address"),
        ("https://db.internal", "no_address"),
        ("https://router.lan.", "no_address"),
        ("https://x.onion", "no_address"),
        ("https://exa mple.jp", "no_address"),
        ("https://example.jp/\nx", "no_address"),
        ("https://example.jp\\@evil.jp", "no_address"),
        ("https://example.jp/<script>", "no_address"),
        ('https://example.jp/"onmouseover=x', "no_address"),
        ("https://example..jp", "no_address"),
        ("https://-a.jp", "no_address"),
        ("https://exa\u202emple.jp", "no_address"),  # turns the writing round
        ("https://example\u3002jp\u2044x.jp", "lookalike"),
        ("https://" + "a" * 200 + ".jp", "too_long"),
        ("https://аррӏе.com", "lookalike"),  # Cyrillic
        ("https://xn--80ak6aa92e.com", "lookalike"),  # the same, in its other form
        ("https://gοοgle.com", "lookalike"),  # Greek
        ("https://xn--zzzzzzzzzz-.jp", "no_address"),
        ("https://line.me/ti/p/abc", "chat"),
        ("https://liff.line.me/x", "chat"),
        ("https://lin.ee/abc", "chat"),
        ("https://page.line.me/abc", "chat"),
        ("https://wa.me/819012345678", "chat"),
        ("https://t.me/akari", "chat"),
        ("https://open.kakao.com/o/x", "chat"),
        ("https://discord.gg/x", "chat"),
        ("https://m.me/akari", "chat"),
        ("https://bit.ly/x", "chat"),
        ("https://instagram.com/direct/t/123", "no_profile"),
        ("https://x.com/messages/compose", "no_profile"),
    ],
)
def test_a_site_that_is_none_or_hides_something_is_refused(typed, code):
    assert codes(links.why_not_site(typed, about="site_url")) == [code]


@pytest.mark.req("C26")
@pytest.mark.parametrize(
    ("typed", "kept", "name"),
    [
        ("https://x.com/akari_k?s=21", "https://x.com/akari_k", "X"),
        ("https://twitter.com/akari_k", "https://twitter.com/akari_k", "X"),
        ("https://www.instagram.com/a.k/?igsh=1", "https://www.instagram.com/a.k", "Instagram"),
        ("https://m.youtube.com/@akari-ch", "https://m.youtube.com/@akari-ch", "YouTube"),
        ("https://youtube.com/channel/UCx_1-a", "https://youtube.com/channel/UCx_1-a", "YouTube"),
        ("https://www.tiktok.com/@akari", "https://www.tiktok.com/@akari", "TikTok"),
        ("note.com/akari", "https://note.com/akari", "note"),
        ("https://www.facebook.com/akari.page/", "https://www.facebook.com/akari.page", "Facebook"),
        ("https://www.threads.net/@akari", "https://www.threads.net/@akari", "Threads"),
        ("https://ameblo.jp/akari", "https://ameblo.jp/akari", "Ameba"),
    ],
)
def test_public_channels_are_taken_without_what_counts_visitors(typed, kept, name):
    assert links.why_not_channel(typed, about="links") == []
    assert links.tidy(typed) == kept
    assert links.channel_of(kept).name == name


@pytest.mark.req("G48")
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("https://example.jp/me", "unknown_network"),
        ("https://x.com.evil.jp/akari", "unknown_network"),
        ("https://notx.com/akari", "unknown_network"),
        ("https://evil.jp/x.com/akari", "unknown_network"),
        ("https://x.com", "no_profile"),
        ("https://x.com/akari/status/1", "no_profile"),
        ("https://x.com/messages", "no_profile"),
        ("https://x.com/i/chat", "no_profile"),
        ("https://www.instagram.com/direct/inbox", "no_profile"),
        ("https://www.instagram.com/p/Cabc", "no_profile"),
        ("https://www.facebook.com/messages/t/1", "no_profile"),
        ("https://www.facebook.com/profile.php?id=1", "no_profile"),
        ("https://youtube.com/watch?v=1", "no_profile"),
        ("https://line.me/ti/p/~akari", "chat"),
        ("https://ig.me/m/akari", "chat"),
        ("javascript:alert(1)//x.com/a", "not_https"),
    ],
)
def test_what_is_no_public_profile_is_refused(typed, code):
    assert codes(links.why_not_channel(typed, about="links")) == [code]


def test_a_name_in_other_letters_shows_its_real_one_beside_it():
    channel = links.channel_of(links.tidy("https://日本語.jp/me"))

    assert channel.host == "日本語.jp (xn--wgv71a119e.jp)"
    assert channel.name == channel.host


def test_the_site_comes_first_and_nothing_is_shown_of_none():
    shown = links.channels_of("https://example.jp", ["https://x.com/a"])

    assert [each.name for each in shown] == ["example.jp", "X"]
    assert links.channels_of("", []) == []
