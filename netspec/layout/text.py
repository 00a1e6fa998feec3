"""How wide text is, without looking up a font: a table of advance widths in the package.

Per character the wider of Helvetica (whose metrics Arial and Liberation Sans share) and DejaVu Sans, for
the regular and the bold face. So a label fits its box in whichever of them a viewer has, and the bytes of
a picture do not depend on the fonts of the machine that drew it. Rejected: measuring with an installed
font (other bytes elsewhere), and one average width (long labels leave their boxes).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

UNKNOWN_WIDTH = 1000
"""Thousandths of an em for a character outside the table: as wide as a CJK character."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a line of text is set: `size` in pixels."""

    name: str
    size: float
    bold: bool = False


LABEL = Style("label", 12, bold=True)
"""The first line of a node."""
DETAIL = Style("detail", 10.5)
"""The second line of a node."""
TITLE = Style("title", 12, bold=True)
"""The name of a frame."""
NOTE = Style("note", 10.5)
"""The numbers of a frame."""
HEAD = Style("heading", 9.5, bold=True)
"""The head of a table, and the names of its rows."""
CELL = Style("cell", 9.5)
"""The numbers in a table."""

QUIET = frozenset({DETAIL, NOTE, CELL})
"""The styles that stand back behind the names."""


def width(text: str, style: Style) -> float:
    """The width of `text` in pixels; a little more than most fonts need, never less."""
    table = _BOLD if style.bold else _REGULAR
    return sum(table.get(character, UNKNOWN_WIDTH) for character in text) * style.size / 1000


def _by_character(characters: Mapping[int, str]) -> Mapping[str, int]:
    return MappingProxyType({each: size for size, text in characters.items() for each in text})


# Thousandths of an em -> the characters that wide: ASCII, Latin-1, punctuation, some Greek.
_REGULAR = _by_character(
    {
        275: "'",
        278: "ijlìíîï",
        295: "IÌÍÎÏ",
        318: " ,.‘’",
        333: "·",
        337: "/:;\\|¦",
        352: "f",
        361: "-",
        390: "()[]",
        392: "t",
        401: "!¡²³¹",
        411: "r",
        460: '"',
        471: "ªº",
        500: "*J`¨°´¸",
        518: "“”",
        521: "s",
        525: "z",
        550: "cç",
        552: "¯",
        556: "?_§–",
        557: "L",
        579: "k",
        590: "•",
        592: "vxyýÿγλ",
        602: "τ",
        611: "FT¿",
        612: "o«»ðòóôõöøδ",
        613: "aàáâãäå",
        615: "eèéêë",
        630: "ß",
        634: "hnuñùúûüσ",
        635: "bdgpqþ",
        636: "$0123456789{}¢£¤¥µ¶μ",
        638: "β",
        659: "α",
        667: "EKPSYÈÉÊËÝÞ",
        684: "AVÀÁÂÃÄÅ",
        685: "XZ",
        686: "B",
        690: "π",
        722: "CRÇ",
        732: "UÙÚÛÜ",
        748: "NÑ",
        752: "H",
        770: "D",
        775: "Ð",
        778: "G",
        780: "&",
        787: "OQÒÓÔÕÖØ",
        818: "w",
        833: "∞",
        838: "#+<=>^~¬±×÷−≤≥≠",
        863: "M",
        950: "%",
        969: "¼½¾",
        974: "m",
        982: "æ",
        989: "W",
        1000: "©®Æ—…→←",
        1015: "@",
    }
)
_BOLD = _by_character(
    {
        306: "'",
        343: "ijlìíîï",
        348: " ",
        365: "/\\|¦",
        372: "IÌÍÎÏ",
        380: ",.·‘’",
        400: ":;",
        415: "-",
        435: "f",
        438: "²³¹",
        456: "!¡",
        457: "()[]",
        478: "t",
        493: "r",
        500: "`¨°´¸",
        521: '"',
        523: "*",
        552: "¯",
        556: "J_§–",
        564: "ªº",
        582: "z",
        593: "cç",
        595: "s",
        611: "?¿",
        633: "λ",
        636: "¤¶",
        637: "L",
        638: "τ",
        639: "•",
        645: "x",
        646: "«»",
        652: "vyýÿ",
        657: "“”",
        665: "k",
        675: "aàáâãäå",
        678: "eèéêë",
        681: "γ",
        682: "T",
        683: "EFÈÉÊË",
        687: "oðòóôõöøαδ",
        696: "$0123456789¢£¥",
        712: "hnu{}ñùúûü",
        716: "bdgpqþβ",
        719: "ß",
        720: "S",
        724: "YÝ",
        725: "Z",
        733: "P",
        734: "CÇ",
        736: "µμ",
        738: "Þ",
        762: "B",
        770: "R",
        771: "X",
        774: "AVÀÁÂÃÄÅ",
        775: "K",
        779: "σ",
        791: "π",
        812: "UÙÚÛÜ",
        821: "G",
        830: "D",
        833: "∞",
        837: "HNÑ",
        838: "#+<=>^~¬±Ð×÷−≤≥≠",
        850: "OQÒÓÔÕÖØ",
        872: "&",
        924: "w",
        995: "M",
        1000: "@©®—…→←",
        1002: "%",
        1035: "¼½¾",
        1042: "m",
        1048: "æ",
        1085: "Æ",
        1103: "W",
    }
)
