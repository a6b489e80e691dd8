"""Plain text made safe to print: controls, bidi marks and what is invisible go; cut to a length.

Apart from plain.py, since all output needs this and only reading needs the markup of HTML.
"""

from __future__ import annotations

import re

# Terminal sequences as a whole, so that `ESC[31mred` becomes `red` and not `[31mred`. Each part is bounded:
# an unterminated sequence loses only its first character. These patterns are compiled (by `re`, once) when
# the first text comes that needs it: hardly any command meets one, and they would cost it 1.5 ms.
_TERMINAL = (
    r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]{0,4096}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]{0,4}[0-~]"
)
_ESCAPES = "[\x1b\x80-\x9f]"
_UNSAFE = (
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0 and C1 (tab, newline, CR, VT and FF are white space)
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"  # soft hyphen and invisible fillers
    "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"  # zero width, bidi marks, embeddings, isolates
    "\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ufdd0-\ufdef"
    "\ud800-\udfff\ue000-\uf8ff"  # lone surrogates, private use
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff"  # tags, further variation selectors, private planes
    "]"
)
# What nearly all text is made of; as bytes it is left out many times faster than characters are looked at.
_ORDINARY = bytes(range(0x20, 0x7F)) + b"\n"
# Invisible, yet printable in the eyes of the standard library.
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00\ufe01"
# A zero-width joiner is part of an emoji when it stands between two of them.
_JOINER = (
    "(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2190-\u27bf\U0001f000-\U0001faff])"
)
# Accents and vowel signs are drawn over the lines around when many are piled up on one letter.
_MARK = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ufe20-\ufe2f]"
)
_PILE = f"({_MARK}{{8}}){_MARK}+"  # no language needs so many


def strip_controls(text: str) -> str:
    """Take out whatever could steer a terminal or deceive a reader; white space stays as it is."""
    rest = unusual(text)
    if not rest or (
        rest.replace("\xa0", "").isprintable()
        and not any(filler in rest for filler in _FILLERS)
        and (len(rest) < 9 or not re.search(_PILE, rest))
    ):
        return text
    text = text.replace("\x85", "\n").replace("\u2028", "\n").replace("\u2029", "\n").replace("\r\n", "\n")
    if re.search(_ESCAPES, text):
        text = re.sub(_TERMINAL, "", text)
    text = re.sub(_PILE, r"\1", re.sub(_UNSAFE, "", text))
    return re.sub(_JOINER, "", text) if "\u200d" in text else text


def escape_unseen(json_text: str) -> str:
    """Escape in JSON what no program needs as it stands, and a terminal might obey: controls, bidi marks."""
    return json_text if json_text.isprintable() else re.sub(r"[^\x20-\x7e]", _escaped, json_text)


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    if character.isprintable() or character == "\xa0":
        return character
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def unusual(text: str) -> str:
    """Return the characters that are neither printable ASCII nor newlines: of most texts a handful."""
    rest = text.encode("utf-8", "surrogatepass").translate(None, _ORDINARY)
    return rest.decode("utf-8", "surrogatepass") if rest else ""


def even_blanks(text: str) -> str:
    """Write all white space but newlines as single blanks."""
    if any(map(str.isspace, unusual(text))):
        return "\n".join(" ".join(line.split()) for line in text.split("\n"))
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def shorten(text: str, limit: int) -> str:
    """Cut at the end of a word so that the text with its ellipsis has at most `limit` characters."""
    if len(text) <= limit:
        return text
    cut = text[: max(limit - 1, 0)]
    if not text[len(cut)].isspace():
        # A text without spaces (an address, Chinese) is cut where it is.
        spaced = max(cut.rfind(" "), cut.rfind("\n"))
        if spaced > limit // 2:
            cut = cut[:spaced]
    return (cut.rstrip(" \n,;:-–—(") + "…")[:limit]
