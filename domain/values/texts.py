"""Texts as they are read and shown: composed (NFC), one kind of line break, and no invisible character."""

import re
import unicodedata
from typing import Final

WANTED: Final = "uten tegn som ikke kan ses"
LINE_BREAKS: Final = "\n\t"
"""The only control characters of a text of several lines, which a person pastes or types."""
_BLANK: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks that show nothing, though Unicode counts them as neither control nor format characters."""
_MOST_REASON: Final = 500
_WORD: Final = re.compile(r"[^\W_]+")
_LIKE: Final = str.maketrans(
    {
        "ä": "æ",
        "ö": "ø",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "\u0131": "i",
        "ł": "l",
        "ŋ": "n",
        "œ": "oe",
        "þ": "th",
        "ŧ": "t",
    }
)
"""Letters that Unicode does not take apart, as they are written by somebody who does not have them."""
_WRITTEN_OUT: Final = (("å", "aa"), ("aa", "å"))
_LETTERS: Final = frozenset({"Lu", "Ll", "Lt", "Lo"})
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, format (zero width, direction, soft hyphen, byte order mark), half surrogate pairs, private, unassigned."""


def composed(text: str) -> str:
    """The text in the one way in which it is stored and compared: NFC, lines ended by a line feed alone."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def folded_words(text: str) -> list[str]:
    """The words of a text as they are compared: without case or accents, but æ, ø and å are letters."""
    folded = unicodedata.normalize("NFC", text).casefold()
    plain = folded if folded.isascii() else "".join(map(_plain, folded.translate(_LIKE)))
    return _WORD.findall(plain)


def spellings(word: str) -> set[str]:
    """A folded word, also as it is spelt by those who write å as aa, or aa as å."""
    return {word, *(word.replace(*each) for each in _WRITTEN_OUT)}


def _plain(letter: str) -> str:
    if letter in "æøå":
        return letter
    return "".join(each for each in unicodedata.normalize("NFKD", letter) if not _is_mark(each))


def _is_mark(letter: str) -> bool:
    """Whether a character only marks the letter before it, as an accent or the prime of Skolt Sámi does."""
    return bool(unicodedata.combining(letter)) or unicodedata.category(letter) == "Lm"


def unseen(text: str, allowed: str = "") -> str | None:
    """The first invisible character, by its code point; None if there is none."""
    if text.isprintable() and (text.isascii() or not _BLANK.search(text)):
        return None
    return next((f"U+{ord(each):04X}" for each in text if each not in allowed and is_unseen(each)), None)


def mixes_alphabets(text: str) -> bool:
    """Whether Latin letters stand beside those of another alphabet, as they do only in a disguise."""
    if text.isascii():
        return False
    letters = (each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) in _LETTERS)
    alphabets = {unicodedata.name(each, "").partition(" ")[0] for each in letters}
    return "LATIN" in alphabets and len(alphabets) > 1


def folded(name: str) -> str:
    """A name as it is compared, whatever the case of its letters and the width of its spaces."""
    return " ".join(name.casefold().split())


def shown(text: str) -> str:
    """A text that somebody sent, safe to print: invisible characters are replaced."""
    if unseen(text) is None:
        return text
    return "".join("?" if each != "\n" and is_unseen(each) else each for each in text)


def is_unseen(letter: str) -> bool:
    """Whether a character cannot be seen, or nobody can tell what it looks like."""
    return unicodedata.category(letter) in _UNSEEN or _BLANK.match(letter) is not None


def is_reason(text: str) -> bool:
    """Whether a text can be kept as why somebody asks."""
    return 0 < len(text.strip()) <= _MOST_REASON and text.isprintable()
