"""Contact data in a message: what two people would use to meet elsewhere (G48, D41).

Pure, and careful the other way round as well: a time, a date, a price or an everyday word that
merely resembles contact data must pass, since people complain most about being stopped for those.
"""

import re
import unicodedata
from enum import StrEnum


class ContactData(StrEnum):
    MAIL = "mail"  # an e-mail address
    PHONE = "phone"  # a phone number
    ADDRESS = "address"  # of a web page
    MESSENGER = "messenger"  # LINE and the like: asked for, or given
    HANDLE = "handle"  # @name, or an ID
    QR_CODE = "qr_code"


# Signs that nobody sees, or that only dress a digit: zero-width ones, the frame of a keycap.
_UNSEEN = {"Cf", "Me"}
_DRESS = {"\ufe0e", "\ufe0f"}
_ZEROS = "〇○◯零"
_DIGITS = str.maketrans(_ZEROS + "一二三四五六七八九", "0" * len(_ZEROS) + "123456789")

# What stands between the digits of one number, however it is written.
_GAP = r"[\s\-‐‑‒–—―−ー~〜・._()「」のノ]"
_JAPANESE_NUMBER = re.compile(rf"(?<!\d)0{_GAP}{{0,3}}[1-9](?:{_GAP}{{0,3}}\d){{8,9}}(?!\d)")
_ABROAD = re.compile(
    rf"(?<![\d+])(?:\+{_GAP}{{0,2}}[1-9](?:{_GAP}{{0,3}}\d){{9,13}}"
    rf"|81{_GAP}{{0,3}}[789]0(?:{_GAP}{{0,3}}\d){{8}})(?!\d)"
)
# In the groups of a number that everybody knows, with whatever between, or without its first 0.
_GROUPED = re.compile(r"(?<![\d,.])0[789]0[^\d\n]{1,3}\d{4}[^\d\n]{1,3}\d{4}(?!\d)")
_WITHOUT_ZERO = re.compile(r"(?<![\d,.])[789]0[-ー]\d{4}[-ー]\d{4}(?!\d)")
_NUMBERS = (_JAPANESE_NUMBER, _ABROAD, _GROUPED, _WITHOUT_ZERO)

_AT = re.compile(r"\s*[(\[{<【「]\s*(?:at|アット|あっと)\s*[)\]}>】」]\s*|\s*アットマーク\s*")
_DOT = re.compile(r"\s*[(\[{<【「]\s*(?:dot|ドット|どっと)\s*[)\]}>】」]\s*|\s*ドット\s*")
_MAIL = re.compile(r"[a-z0-9._+%-]{2,}\s?@\s?[a-z][a-z0-9-]+(?:\s?\.\s?[a-z0-9-]+)*")

# Endings that are no words, so that "ok.to be honest" passes; the others only with a page behind.
_ENDINGS = (
    "com|net|org|jp|info|biz|xyz|tokyo|io|gg|tv|cc|ly|ee|dev|kr|cn|tw|uk|asia|blog|site|moe|social"
)
_KNOWN = r"(?:line|t|wa|fb|m)\.me|youtu\.be|lin\.ee|ask\.fm|note\.mu"
_WEB = re.compile(
    rf"https?://|(?<![a-z0-9])www\.[a-z0-9]|(?<![a-z0-9.'])(?:{_KNOWN})(?![a-z0-9])"
    rf"|(?<![a-z0-9])(?=[a-z0-9-]*[a-z])[a-z0-9][a-z0-9-]*\s?\.\s?(?:{_ENDINGS})(?![a-z0-9])"
    r"|(?<![a-z0-9.])[a-z0-9-]{2,}\.[a-z]{2,6}/[a-z0-9@~]"
)

# ラインナップ, オンライン, ガイドライン, 生産ライン and an English line are no messengers.
_LINE = r"(?<![a-z])line(?![a-z])|(?<![ァ-ヶー])(?<!生産)(?<!製造)(?<!組立)(?<!動)ライン(?![ァ-ヶー])|(?<!おん)らいん"
_OTHERS = (
    r"カカオトーク|カカオ(?!を)|kakao(?:talk)?|インスタ(?:グラム)?|(?<![a-z])insta(?:gram)?(?![a-z])"
    r"|discord|ディスコード|ディスコ|whatsapp|ワッツアップ|telegram|テレグラム|wechat|ウィーチャット"
    r"|微信|skype|スカイプ|twitter|ツイッター|(?<![a-z0-9])x(?![a-z0-9])|facebook|フェイスブック"
    r"|tiktok|ティックトック|snapchat|スナチャ"
)
_MESSENGER = rf"(?:{_LINE}|{_OTHERS})"
_ID = r"(?:(?:id(?![a-z])|アイディー?)(?!を(?:聞か|きか|知ら)))"
# What has been done elsewhere is a story; only what is wished for here is meant.
_SWAP = r"交換(?!を?(?:した(?!い)|してい|してる|してしま|しちゃっ|され))"
_TELL = r"(?:教え|おしえ)(?!てもらい(?!たい)|てもらっ|てくれ(?:た|まし)|られ|た|るの|方)"
_WISHED = (
    rf"(?:{_ID}|{_SWAP}|{_TELL}|やってる|やってます|やってない|やりませんか"
    r"|(?:友だち|友達)?追加|フォローし(?:て(?![いるた])|ま|よ)|フォローお願い"
    rf"|アカウント(?:を|は|も)?\s?(?:{_TELL}|{_SWAP}|:|[a-z0-9@]))"
)
_BY_IT = (
    r"で\s?(?:話そ|話しま(?:せん|しょ)|話したい|はなそ|連絡(?:し|くださ|下さ|を(?:取|くださ)|取)|やり取り|やりとり"
    r"|通話|電話し(?:よ|ま|て)|送って(?!き|くれ|もら)|「?.{1,20}」?(?:って|と)?検索し(?:て|たら))"
)
_ASKED = re.compile(
    rf"{_MESSENGER}[\s「」()]?(?:(?:の|を|は|って|とか|も|、)?[\s「」()]?{_WISHED}|{_BY_IT})"
    rf"|(?<![a-z])(?:add|message|text|dm|find|call) me (?:on|in|at) {_MESSENGER}"
    r"|what'?s (?:your|ur) (?:line\s*\?|line id|insta|discord|kakao|whatsapp)"
    r"|(?<![a-z])(?:your|my|ur) (?:insta(?:gram)?|discord|kakao(?:talk)?|whatsapp) is @?\w"
    r"|(?<![a-z])(?:your|my|ur) line is @"
    r"|(?<![a-z])dm\s?(?:して|くださ|下さ|ちょうだい|お願い|待って)"
)
_NAME = r"(?=[a-z0-9_.#-]*[a-z])[a-z0-9][a-z0-9_.#-]{3,}"
# A name, and no device or version.
_NAME_WITH_DIGIT = r"(?!iphone|ipad|android|ios|windows|galaxy|xperia|pixel|ver)(?=[a-z0-9_.#-]*[a-z])(?=[a-z0-9_.#-]*[0-9_])[a-z0-9][a-z0-9_.#-]{3,}"
_GIVEN = re.compile(
    rf"{_MESSENGER}\s?(?:is\s)?(?:@|(?:の{_ID}|は|が|:|=|→|、|の|です)?\s?{_NAME_WITH_DIGIT})"
    rf"|(?:{_OTHERS})\s?(?:は|:|=|→)\s?{_NAME}"
)
_HANDLE = re.compile(
    r"(?<![a-z0-9._@])@(?!(?:cosme|nifty|home)(?![a-z0-9_])|\d+(?:pt|p|k|yen)?(?![a-z0-9_]))(?=[a-z0-9_.]*[a-z])[a-z0-9_.]{3,}"
    rf"|(?<![a-z一-龠])id\s?(?:は|が|:|=|→)\s?{_NAME}"
)
_QR = re.compile(r"(?:qr\s?コード|キューアールコード|qr ?code)(?!決済|(?:で|の)?(?:払|支払))")


def contact_data_in(words: str) -> set[ContactData]:
    """The kinds of contact data that these words carry; empty for everyday talk."""
    folded = _folded(words)
    spelled = _DOT.sub(".", _AT.sub("@", folded))
    digits = folded.translate(_DIGITS)
    mail = _MAIL.search(spelled)
    found = {
        ContactData.MAIL: mail,
        ContactData.PHONE: any(
            _is_number(each) for rule in _NUMBERS for each in rule.finditer(digits)
        ),
        ContactData.ADDRESS: _WEB.search(_MAIL.sub(" ", spelled)),
        ContactData.MESSENGER: _ASKED.search(folded) or _GIVEN.search(folded),
        ContactData.HANDLE: _HANDLE.search(folded),
        ContactData.QR_CODE: _QR.search(folded),
    }
    return {kind for kind, seen in found.items() if seen}


def _folded(words: str) -> str:
    """Full width, small and dressed-up signs as the plain ones that they are read as."""
    plain = unicodedata.normalize("NFKC", words).lower()
    return "".join(
        each for each in plain if each not in _DRESS and unicodedata.category(each) not in _UNSEEN
    )


def _is_number(found: re.Match[str]) -> bool:
    """No list of days or times, as in "09.05 09.06 09.07": pairs, with unlike gaps between."""
    groups = re.findall(r"\d+", found[0])
    gaps = set(re.findall(r"\D+", found[0]))
    return max(map(len, groups)) > 2 or len(gaps) <= 1
