"""Finding answers: words are compared without width, case, and the two kinds of kana."""

import re
import unicodedata
from html import unescape

TO_HIRAGANA = {katakana: katakana - 0x60 for katakana in range(0x30A1, 0x30F7)}
TAG = re.compile(r"<[^>]*>")
HARDLY_WORDS = re.compile(r"[\s、。??!!「」・]+")


def fold(text: str) -> str:
    """フリガナ, フリガナ and ふりがな are one word. The page's faq.js folds alike."""
    return unicodedata.normalize("NFKC", text).casefold().translate(TO_HIRAGANA)


class Asked:
    """What somebody looks for among the questions. A page asks it of each, and it counts."""

    def __init__(self, words: str) -> None:
        self.words = words.strip()
        self.folded = [word for word in HARDLY_WORDS.split(fold(words)) if word]
        self.found = 0

    def fits(self, question: str, answer: str) -> bool:
        """Does this question have all the words? The mark-up of its answer is none."""
        text = fold(f"{question} {unescape(TAG.sub('', answer))}")
        has_all = all(word in text for word in self.folded)
        self.found += has_all
        return has_all
