"""A cast's links on their profile: public channels by a list, and a site of their own (C26).

Guests and casts do not exchange private contacts (G48). So only pages that anybody can read are
taken: no messenger, no link that opens a chat, no address that hides where it leads. LINE's official
accounts are left out as well: what they offer is a chat with the person.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from app import policy
from app.errors import N_, Problem


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a link leads, as guests read it."""

    url: str
    name: str  # of the network; the host, where it is the cast's own site
    host: str  # as it reads, with the real one behind it where they differ


@dataclass(frozen=True, slots=True)
class Network:
    name: str
    page: re.Pattern[str]  # paths of public profiles; whatever else the network has is not taken


_NOT_PEOPLE = r"(?!(?:messages?|direct|home|intent|share|search|explore|p|reels?|stories|accounts|groups|i|hashtag|watch|login|dm|profile\.php)(?:/|$))"
NETWORKS = {
    "x.com": Network("X", re.compile(rf"/{_NOT_PEOPLE}\w{{1,15}}", re.ASCII)),
    "twitter.com": Network("X", re.compile(rf"/{_NOT_PEOPLE}\w{{1,15}}", re.ASCII)),
    "instagram.com": Network(
        "Instagram", re.compile(rf"/{_NOT_PEOPLE}[\w.]{{1,30}}", re.ASCII | re.IGNORECASE)
    ),
    "threads.net": Network("Threads", re.compile(r"/@[\w.]{1,30}", re.ASCII)),
    "threads.com": Network("Threads", re.compile(r"/@[\w.]{1,30}", re.ASCII)),
    "youtube.com": Network(
        "YouTube", re.compile(r"/(?:@[\w.%-]{1,90}|(?:channel|c|user)/[\w.%-]{1,90})", re.ASCII)
    ),
    "tiktok.com": Network("TikTok", re.compile(r"/@[\w.]{1,24}", re.ASCII)),
    "note.com": Network("note", re.compile(rf"/{_NOT_PEOPLE}[\w-]{{1,30}}", re.ASCII)),
    "facebook.com": Network("Facebook", re.compile(rf"/{_NOT_PEOPLE}[\w.-]{{3,60}}", re.ASCII)),
    "ameblo.jp": Network("Ameba", re.compile(r"/[\w-]{3,24}", re.ASCII)),
    "bsky.app": Network("Bluesky", re.compile(r"/profile/[\w.-]{3,80}", re.ASCII)),
    "twitch.tv": Network("Twitch", re.compile(rf"/{_NOT_PEOPLE}\w{{3,25}}", re.ASCII)),
    "pixiv.net": Network("pixiv", re.compile(r"/(?:en/)?users/\d{1,12}", re.ASCII)),
}
# Said to the cast, in this order; Twitter and Threads have two addresses each.
NETWORK_NAMES = tuple(dict.fromkeys(network.name for network in NETWORKS.values()))

# They open a chat, or hide where they lead.
_CHATS = {
    *("line.me", "lin.ee", "line.naver.jp", "wa.me", "whatsapp.com", "t.me", "telegram.me"),
    *("telegram.org", "discord.gg", "discord.com", "m.me", "messenger.com", "ig.me"),
    *("kakao.com", "wechat.com", "weixin.qq.com", "skype.com", "signal.me", "signal.group"),
    *("snapchat.com", "viber.com", "kik.me", "meet.google.com", "zoom.us", "chat.google.com"),
}
_HIDERS = {
    *("bit.ly", "t.co", "tinyurl.com", "goo.gl", "is.gd", "ow.ly", "x.gd", "buff.ly", "cutt.ly"),
    *("rebrand.ly", "onl.sc", "onl.tl", "onl.la", "urx.space", "youtu.be", "fb.me", "amzn.to"),
}
_INTERNAL = {
    *("localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp"),
    *("private", "test", "example", "invalid", "onion", "arpa", "alt"),
}
_HOST = re.compile(r"(?=.{4,253}$)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!-)[a-z0-9-]{2,63}(?<!-)")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_WRITING = ("LATIN", "HIRAGANA", "KATAKANA", "CJK")


class _Bad(Exception):  # noqa: N818 - a reason on its way
    def __init__(self, code: str, text: str) -> None:
        self.code, self.text = code, text


def tidy(address: str) -> str:
    """The address as it is kept: whole, in plain signs, without what counts visitors.

    Ask `why_not_site` or `why_not_channel` first.
    """
    parts, host = _read(address)
    if network := _network(host):
        return f"https://{host}{_page(network, parts)}"
    path = parts.path if parts.path != "/" else ""
    return f"https://{host}{path}{'?' if parts.query else ''}{parts.query}"


def why_not_site(address: str, *, about: str) -> list[Problem]:
    """Why this cannot be a cast's own site; an empty list where it can."""
    try:
        parts, host = _read(address)
        if network := _network(host):
            _page(network, parts)
    except _Bad as bad:
        return [_problem(bad, address, about)]
    return []


def why_not_channel(address: str, *, about: str) -> list[Problem]:
    """Why this is no public page of a network on the list; an empty list where it is."""
    try:
        parts, host = _read(address)
        _page(_known_network(host), parts)
    except _Bad as bad:
        return [_problem(bad, address, about)]
    return []


def channel_of(url: str) -> Channel:
    """A kept address as guests read it."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    network = _network(host)
    shown = _readable(host)
    return Channel(url, name=network.name if network else shown, host=shown)


def channels_of(site_url: str, links: Sequence[str]) -> list[Channel]:
    """The site first, then the channels in their order."""
    return [channel_of(url) for url in (site_url, *links) if url]


_NOT_HTTPS = N_("“%(address)s” is no address that begins with https://.")
_NO_ADDRESS = N_("“%(address)s” is no address of a public web page.")
_CHAT = N_(
    "“%(address)s” opens a chat, or hides where it leads. Please give only pages that anybody can"
    " read; guests and casts do not exchange private contacts."
)
_LOOKALIKE = N_("The name in “%(address)s” has letters that look like others.")
_UNKNOWN = N_(
    "“%(address)s” is none of the networks on the list. A site of your own has its field."
)
_NO_PROFILE = N_("“%(address)s” is no profile page. Please copy the address of your profile.")
_TOO_LONG = N_("“%(address)s…” is too long. Please use at most %(most)s characters.")


def _read(address: str) -> tuple[SplitResult, str]:
    """The parts of an address and its real host; raises _Bad."""
    text = unicodedata.normalize("NFC", address.strip())
    if len(text) > policy.LINK_LENGTH:
        raise _Bad("too_long", _TOO_LONG)
    if any(each.isspace() or unicodedata.category(each)[0] == "C" or each in '\\<>"^`{|}'
           for each in text):  # fmt: skip
        raise _Bad("no_address", _NO_ADDRESS)
    if not text.lower().startswith("https://"):
        # Somebody who types "example.com/me" means a page; anything with a scheme means what it says.
        if _SCHEME.match(text) or text.startswith("/"):
            raise _Bad("not_https", _NOT_HTTPS)
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        if parts.username is not None or parts.password is not None or ":" in parts.netloc:
            raise _Bad("no_address", _NO_ADDRESS)
        host = _real_host(parts.hostname or "")
    except ValueError:  # also of a host that no encoding takes
        raise _Bad("no_address", _NO_ADDRESS) from None
    return parts, host


def _real_host(host: str) -> str:
    """The host as computers call it; raises _Bad for one that is not of the public web."""
    plain = host.removesuffix(".").encode("idna").decode().lower()
    last = plain.rpartition(".")[2]
    if not _HOST.fullmatch(plain) or last in _INTERNAL or last.isdigit() or _is_number(plain):
        raise _Bad("no_address", _NO_ADDRESS)
    if any(plain == each or plain.endswith(f".{each}") for each in _CHATS | _HIDERS):
        raise _Bad("chat", _CHAT)
    if not _is_in_our_writing(plain):
        raise _Bad("lookalike", _LOOKALIKE)
    return plain


def _is_number(host: str) -> bool:
    """An IP address, also in one of its odder forms; no name of the web ends in a number."""
    try:
        ip_address(host)
    except ValueError:
        return bool(re.fullmatch(r"0x[0-9a-f]*", host.rpartition(".")[2]))
    return True


def _is_in_our_writing(host: str) -> bool:
    """Only letters that the reader knows: Cyrillic and Greek ones are drawn like Latin ones."""
    try:
        decoded = host.encode().decode("idna")
    except UnicodeError:
        return False
    return all(
        each in ".-" or each.isdigit() or unicodedata.name(each, "").startswith(_WRITING)
        for each in decoded
    )


def _readable(host: str) -> str:
    try:
        decoded = host.encode().decode("idna")
    except UnicodeError:
        return host
    return host if decoded == host else f"{decoded} ({host})"


def _network(host: str) -> Network | None:
    for prefix in ("", "www.", "m.", "mobile.", "ja-jp."):
        if host.startswith(prefix) and (found := NETWORKS.get(host.removeprefix(prefix))):
            return found
    return None


def _known_network(host: str) -> Network:
    """Raises _Bad for a host that is on no list."""
    if network := _network(host):
        return network
    raise _Bad("unknown_network", _UNKNOWN)


def _page(network: Network, parts: SplitResult) -> str:
    """The path of a profile, without what follows it; raises _Bad for any other page."""
    path = parts.path.rstrip("/")
    if not network.page.fullmatch(path):
        raise _Bad("no_profile", _NO_PROFILE)
    return path


def _problem(bad: _Bad, address: str, about: str) -> Problem:
    values = {"address": address.strip()[:60], "most": policy.LINK_LENGTH}
    return Problem(code=bad.code, about=about, text=bad.text, values=values)
