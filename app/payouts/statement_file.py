"""A statement as a file to keep or print: A4, in Japanese, as tax papers of Japan are.

The same statement always gives the same bytes. Only the letters that occur are embedded.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from app import policy
from app.clock import JAPAN
from app.payouts.models import PayoutState, WithholdingClass
from app.payouts.statements import Line, LineKind, Statement

FONT = Path(__file__).parents[1] / "fonts" / "BIZUDPGothic-Regular.ttf"
MISSING = "〓"  # what printers set for a letter that they have no type of

# Millimetres
LEFT, TOP, WIDTH, BOTTOM = 18.0, 16.0, 174.0, 279.0
ROW = 6.4
COLUMNS = ((34.0, "L"), (24.0, "L"), (62.0, "L"), (24.0, "R"), (30.0, "R"))
HEADS = ("日付", "終了時刻", "内容", "数量", "報酬(税込)")

INK, SOFT, RULE, WASH = 30, 105, 200, 243  # greys
KINDS = {
    LineKind.WALK_IN: "トーク(分単位)",
    LineKind.RESERVED: "予約トーク",
    LineKind.MORE: "予約トーク(後日の決定による追加)",
}
TAXES = {
    WithholdingClass.NONE: "対象外",
    WithholdingClass.TEACHING: "所得税法204条1項1号",
    WithholdingClass.NON_RESIDENT: "非居住者",
}
CONFIRMED = (
    "この通知書は、消費税法に定める仕入明細書を兼ねています。お支払いをお知らせするメールから"
    "7日以内に異議のご連絡がなければ、記載のとおりご確認いただいたものといたします。"
)


def write(statement: Statement) -> bytes:
    """The whole file."""
    paper = _Paper(statement)
    paper.add_page()
    paper.heading()
    paper.parties()
    paper.sum()
    paper.breakdown()
    paper.talks()
    return bytes(paper.output())


def name_of(statement: Statement) -> str:
    """What the file is called when it is saved."""
    return f"statement-{statement.number}.pdf"


class _Paper(FPDF):
    """Pages with a head that repeats and a foot that counts them."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(format="A4")
        self.statement = statement
        self.in_talks = False
        self.add_font("paper", fname=FONT)
        self.set_margins(LEFT, TOP, LEFT)
        self.set_auto_page_break(auto=False)
        self.set_creation_date(_approved_at(statement))
        self.set_title(f"支払通知書 {statement.number}")
        self.set_author(statement.facts["payer"])
        self.set_lang("ja")
        self.alias_nb_pages("{全}")

    def header(self) -> None:
        """From the second page on: whose paper it is, and the head of the table."""
        if self.page_no() == 1:
            return
        self.set_y(TOP)
        self._say(f"支払通知書 {self.statement.number}", size=9, grey=SOFT, width=WIDTH / 2)
        self.set_xy(LEFT + WIDTH / 2, TOP)
        whom = f"{self.statement.facts['payee']} 様"
        self._say(whom, size=9, grey=SOFT, width=WIDTH / 2, align="R")
        self.set_y(TOP + 9)
        if self.in_talks:
            self._table_head()

    def footer(self) -> None:
        self.set_y(BOTTOM + 4)
        self._say(f"{self.page_no()} / {{全}}", size=8.5, grey=SOFT, width=WIDTH, align="C")

    def heading(self) -> None:
        self._say("支払通知書", size=20, width=WIDTH / 2, height=10)
        self.set_xy(LEFT + WIDTH / 2, TOP)
        words = f"発行日 {_date(self.statement.day('issued_on'))}"
        self._say(words, size=9.5, width=WIDTH / 2, align="R", height=5)
        self.set_xy(LEFT + WIDTH / 2, TOP + 5)
        self._say(f"番号 {self.statement.number}", size=9.5, width=WIDTH / 2, align="R", height=5)
        self.set_y(TOP + 14)
        self._rule(grey=INK)
        self.ln(6)

    def parties(self) -> None:
        """Who is paid at the left, who pays at the right."""
        facts, top, half = self.statement.facts, self.get_y(), WIDTH / 2
        self._say(f"{facts['payee']} 様", size=15, width=half, height=8)
        self._say(f"キャスト名 {facts['cast_name']}", size=9.5, grey=SOFT, width=half, height=5.5)
        words = f"登録番号 {facts['registration'] or 'なし'}"
        self._say(words, size=9.5, grey=SOFT, width=half, height=5.5)
        left_end = self.get_y()
        self.set_xy(LEFT + half + 10, top)
        self._lines(facts["payer"], size=11, width=half - 10, height=6)
        for name in ("payer_address", "payer_phone"):
            if facts[name]:
                self.set_x(LEFT + half + 10)
                self._lines(facts[name], size=9.5, grey=SOFT, width=half - 10, height=5)
        self.set_y(max(left_end, self.get_y()) + 6)

    def sum(self) -> None:
        """What arrives, and when; or that it came back."""
        payout, top = self.statement.payout, self.get_y()
        self.set_fill_color(WASH)
        self.rect(LEFT, top, WIDTH, 17, style="F")
        self.set_xy(LEFT + 6, top + 4)
        self._say("お振込額", size=10, grey=SOFT, width=30, height=9, stay=True)
        self._say(_yen(payout.transfer_yen), size=19, width=70, height=9, stay=True)
        words = "支払日" if payout.batch.paid_on else "支払予定日"
        day = f"{words} {_date(self.statement.pay_day)}"
        self._say(day, size=10.5, width=WIDTH - 112, height=9, align="R")
        self.set_y(top + 20)
        if payout.state is PayoutState.RETURNED and payout.returned_on:
            words = f"この振込は{_date(payout.returned_on)}に銀行から戻りました。お支払いは完了していません。"
            self._say(words, size=10.5, width=WIDTH, height=8)
        self.ln(2)

    def breakdown(self) -> None:
        """How the sum came about."""
        payout, facts = self.statement.payout, self.statement.facts
        period = (
            f"{_date(self.statement.day('first_on'))} 〜 {_date(self.statement.day('last_on'))}"
        )
        borne = "キャスト負担" if facts["fee_borne_by"] == "cast" else "当社負担"
        tax = f"うち消費税等({policy.TAX_PERCENT}%)"
        rows = (
            ("対象期間", period),
            (f"報酬の合計(税込) {len(self.statement.lines):,}件", _yen(payout.claimed_yen)),
            (tax, _yen(self.statement.tax_yen)),
            (f"源泉徴収税額({TAXES[payout.tax_class]})", _minus(payout.withheld_yen)),
            (f"振込手数料({borne})", _minus(payout.fee_yen)),
            ("お振込額", _yen(payout.transfer_yen)),
        )
        for words, amount in rows:
            self._say(words, size=10, grey=SOFT, width=WIDTH / 2, height=7, stay=True)
            self._say(amount, size=10, width=WIDTH / 2, height=7, align="R")
            self._rule()
        self.ln(3)
        self._lines(CONFIRMED, size=8.5, grey=SOFT, width=WIDTH, height=4.6)
        self.ln(5)

    def talks(self) -> None:
        """Every talk on a line; the head of the table repeats on each page."""
        self.in_talks = True
        self._say("トークの明細", size=11.5, width=WIDTH, height=8)
        self._table_head()
        self.set_font("paper", size=9)
        self.set_text_color(INK)
        for line in self.statement.lines:
            if self.get_y() + ROW > BOTTOM:
                self.add_page()
                self.set_font("paper", size=9)
                self.set_text_color(INK)
            self._row(_cells(line))
        if self.get_y() + 8 > BOTTOM:
            self.add_page()
        self._say("合計", size=10, width=WIDTH / 2, height=8, stay=True)
        words = _yen(self.statement.payout.claimed_yen)
        self._say(words, size=10, width=WIDTH / 2, height=8, align="R")

    def _table_head(self) -> None:
        self.set_font("paper", size=8.5)
        self.set_text_color(SOFT)
        self.set_fill_color(WASH)
        self._row(HEADS, fill=True)

    def _row(self, cells: Sequence[str], *, fill: bool = False) -> None:
        for (width, align), words in zip(COLUMNS, cells, strict=True):
            self.cell(width, ROW, words, align=align, fill=fill)
        self.ln(ROW)
        self._rule()

    def _say(
        self,
        words: str,
        *,
        size: float,
        width: float,
        height: float = 5,
        grey: int = INK,
        align: str = "L",
        stay: bool = False,
    ) -> None:
        """Words on one line, made smaller where they are too long for it."""
        shown = self._printable(words)
        self.set_font("paper", size=size)
        while size > 5 and self.get_string_width(shown) > width - 2:
            size -= 0.5
            self.set_font_size(size)
        self.set_text_color(grey)
        new_x, new_y = (XPos.RIGHT, YPos.TOP) if stay else (XPos.LMARGIN, YPos.NEXT)
        self.cell(width, height, shown, align=align, new_x=new_x, new_y=new_y)

    def _lines(
        self, words: str, *, size: float, width: float, height: float, grey: int = INK
    ) -> None:
        """Words that may take more than one line."""
        self.set_font("paper", size=size)
        self.set_text_color(grey)
        shown = self._printable(words)
        self.multi_cell(width, height, shown, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _printable(self, words: str) -> str:
        """Names may hold letters that the font has not, as an emoji."""
        font = self.fonts["paper"]
        assert isinstance(font, TTFFont)
        letters = font.cmap
        return "".join(each if ord(each) in letters else MISSING for each in words)

    def _rule(self, *, grey: int = RULE) -> None:
        self.set_draw_color(grey)
        self.set_line_width(0.2)
        self.line(LEFT, self.get_y(), LEFT + WIDTH, self.get_y())


def _cells(line: Line) -> tuple[str, ...]:
    at = line.served_at.astimezone(JAPAN)
    unit = "分" if line.kind is LineKind.WALK_IN else "枠"
    return (_date(at), f"{at:%H:%M}", KINDS[line.kind], f"{line.units:,}{unit}", _yen(line.yen))


def _approved_at(statement: Statement) -> datetime:
    approved_at = statement.payout.batch.approved_at
    assert approved_at, "a statement is of an approved payout"
    return approved_at


def _date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _yen(number: int) -> str:
    return f"{number:,}円"


def _minus(number: int) -> str:
    return f"−{number:,}円" if number else "0円"
