"""Bytes to text, and the characters that no spec may hold.

This stands before the parser because libyaml stops at its first bad byte with an offset in bytes, and
because it counts U+0085, U+2028 and U+2029 as line breaks, which no editor does: every line below one
would be off. An unknown encoding is never guessed silently; the finding says which one it looks like.
"""

from __future__ import annotations

import codecs
import re

from netspec.diagnostics import SourceFile
from netspec.limits import Limits
from netspec.source.flaws import Flaw

_BOM = "\ufeff"
_SEPARATORS = "\x85\u2028\u2029"
FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_NAMES = {
    "\x00": "NUL",
    "\x07": "BEL",
    "\x08": "backspace",
    "\x0b": "vertical tab",
    "\x0c": "form feed",
    "\x1b": "ESC",
    "\x7f": "DEL",
    "\x85": "next line",
    "\u2028": "line separator",
    "\u2029": "paragraph separator",
}
_MOST = 100  # of one kind in one file; the first few say it all


def decode(source: str | bytes, name: str, limits: Limits) -> tuple[SourceFile, list[Flaw]]:
    """The text without its byte order mark, and what forbids reading it (then nothing else is worth saying)."""
    length = len(source) if isinstance(source, bytes) else _utf8_length(source)
    if length > limits.file_bytes:
        head = source[:200]
        text = head.decode("utf-8", "replace") if isinstance(head, bytes) else head
        values: dict[str, object] = {"what": "file_bytes", "value": length}
        flaw = Flaw("limit", 0, 0, {**values, "maximum": limits.file_bytes})
        return SourceFile(name, text), [flaw]
    if isinstance(source, bytes):
        text, flaws = _decode_bytes(source)
        if flaws:
            return SourceFile(name, text), flaws
    else:
        text = source
    text = text.removeprefix(_BOM)
    return SourceFile(name, text), _forbidden(text)


def _utf8_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _decode_bytes(data: bytes) -> tuple[str, list[Flaw]]:
    for encoding, marks in (
        ("utf-32", (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)),
        ("utf-16", (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)),
    ):
        if data.startswith(marks):
            return data.decode(encoding, "replace"), [_wrong_encoding(encoding)]
    if guess := _utf16_without_mark(data):
        return data.decode(guess, "replace"), [_wrong_encoding("utf-16")]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        offset = len(data[: error.start].decode("utf-8").removeprefix(_BOM))
        byte = data[error.start]
        values: dict[str, object] = {"received": "latin-1", "byte": f"0x{byte:02X}"}
        values["character"] = bytes((byte,)).decode("latin-1") if byte >= 0xA0 else ""
        text = data.decode("utf-8", "replace").removeprefix(_BOM)
        return text, [Flaw("encoding", offset, offset + 1, values)]


def _utf16_without_mark(data: bytes) -> str | None:
    """The byte order of UTF-16 text without a mark: every other byte of its ASCII part is NUL."""
    head = data[:64]
    for encoding, zeros, others in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        if len(head) >= 4 and not any(head[zeros::2]) and all(head[others::2]):
            return encoding
    return None


def _wrong_encoding(encoding: str) -> Flaw:
    return Flaw("encoding", 0, 0, {"received": encoding})


def _forbidden(text: str) -> list[Flaw]:
    flaws: list[Flaw] = []
    for match in FORBIDDEN.finditer(text):
        character = match.group()
        rule = "line-separator" if character in _SEPARATORS else "control-character"
        code = ord(character)
        kind = "lone surrogate" if 0xD800 <= code <= 0xDFFF else "control character"
        values: dict[str, object] = {
            "received": f"U+{code:04X}",
            "name": _NAMES.get(character, kind),
        }
        flaws.append(Flaw(rule, match.start(), match.end(), values))
        if len(flaws) == _MOST:
            break
    return flaws
