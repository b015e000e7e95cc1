import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.texts import markup
from app.texts.markup import Kind, Piece


def test_headings_lists_and_paragraphs_are_told_apart():
    text = "# 第1条\n一行目\n二行目\n\n次の段落\n- 一\n- 二\n\n## 小さな見出し\n- 三"

    assert markup.read(text) == [
        Piece(Kind.HEADING, ("第1条",)),
        Piece(Kind.PARAGRAPH, ("一行目", "二行目")),
        Piece(Kind.PARAGRAPH, ("次の段落",)),
        Piece(Kind.LIST, ("一", "二")),
        Piece(Kind.SUBHEADING, ("小さな見出し",)),
        Piece(Kind.LIST, ("三",)),
    ]


def test_two_headings_in_a_row_are_two():
    assert markup.read("# 一\n# 二") == [Piece(Kind.HEADING, ("一",)), Piece(Kind.HEADING, ("二",))]


@pytest.mark.parametrize("line", ["#一", "##", "# ", "-一", "-", "### 三", "1. 一", "> 引用"])
def test_what_is_no_mark_is_words(line):
    assert markup.read(line) == [Piece(Kind.PARAGRAPH, (line.strip(),))]


@pytest.mark.parametrize("text", ["", "\n\n", "  \n "])
def test_nothing_is_no_piece(text):
    assert markup.read(text) == []


@given(st.text(alphabet="#- \n<>&\"'一a\u2028"))
def test_every_word_comes_through_as_it_is_and_no_piece_is_empty(text):
    pieces = markup.read(text)

    assert all(piece.lines and all(piece.lines) for piece in pieces)
    kept = "".join(line for piece in pieces for line in piece.lines)
    marks = str.maketrans("", "", "#- \n\u2028")
    assert kept.translate(marks) == text.translate(marks)


def test_built_in_words_become_marks_and_back():
    html = (
        '<p>はじめに &amp; <a href="/x">こちら</a>です。</p>\n<h2>1. 見出し</h2>\n<h3>小</h3>'
        "<ul>\n  <li>一</li>\n  <li>二</li>\n</ul><p>a\n   b</p>"
    )

    text = markup.write(html)

    assert text == "はじめに & こちらです。\n\n# 1. 見出し\n\n## 小\n\n- 一\n- 二\n\na b"
    assert [piece.kind for piece in markup.read(text)] == [
        Kind.PARAGRAPH,
        Kind.HEADING,
        Kind.SUBHEADING,
        Kind.LIST,
        Kind.PARAGRAPH,
    ]
