"""Letters that pass for Latin ones, by eye. A small table, checked by hand.

Unicode's own list of confusables is made for domain names: it also holds pairs that no
reader would mistake. Here every pair has been seen in comments or looks the same in the
usual fonts.
"""

# ruff: noqa: RUF001 - characters that look like others are the subject here

from typing import Final


def _pairs(foreign: str, latin: str) -> dict[str, str]:
    return dict(zip(foreign, latin, strict=True))


_CYRILLIC: Final = _pairs(
    "асеорхуіјѕԁһӏԛԝүАВСЕНІЈКМОРЅТХУҮԌԚԜӀѴѵ",
    "aceopxyijsdhlqwyABCEHIJKMOPSTXYYGQWIVv",
)
_GREEK: Final = _pairs(
    "οανρικυχϲϳΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ",
    "oavpikuxcjABEZHIKMNOPTYXC",
)
_ARMENIAN: Final = _pairs("օսոհցյզԼՏՕ", "ounhgjqLSO")
_CHEROKEE: Final = _pairs("ᎪᏴᏟᎠᎬᏀᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᏃᎽ", "ABCDEGHJKLMPRSTVWZY")
_LISU: Final = _pairs("ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", "BPDTGKJCZFMNLSRVHWXYAEIOU")

LOOKALIKES: Final = _CYRILLIC | _GREEK | _ARMENIAN | _CHEROKEE | _LISU
"""Foreign letter to the Latin letter it is taken for."""

SHAPED_ALIKE: Final = LOOKALIKES | _pairs("кмтτ", "kmtt")
"""With small letters shaped like Latin ones or like capitals, which ordinary Russian is full of."""

LOOSE_LOOKALIKES: Final = LOOKALIKES | _pairs(
    "кмтнвгёїЁЇияшцпльзэєбдчτεγηωσβμςθδλπόάίέύήώϊϋΆΈΉΊΌΎ",
    "kmtnbreiEInrwunnbeeebdyteynwobusodnnoaieunwiuAEHIOY",
)
"""With the pairs that fool nobody alone but are readable inside a Latin word."""

RARE: Final = frozenset("ԁԛԝһӏ")
"""Lookalikes that ordinary Russian, Ukrainian, Bulgarian or Serbian text does not hold."""

LUNATE: Final = "ϲϹ"
"""Greek letters that look as Latin ones do; Unicode decomposes them into sigmas, which do not."""

LATIN_VARIANTS: Final = _pairs(
    "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɡɑıɩøđłħŧƀɨʉɵØĐŁĦŦ",
    "abcdefghijklmnoprstuvwyzgaiiodlhtbiuoODLHT",
)
"""Latin letters of other shapes, which Unicode does not decompose."""

QUOTES: Final = _pairs("‘’‛′ʼ´“”„‟″", "''''''" + '"""""')
"""Typographic marks and the plain ones that keyboards have."""


def _letters(first: int) -> dict[str, str]:
    return {chr(first + i): chr(ord("A") + i) for i in range(26)}


SQUARED: Final = _letters(0x1F150) | _letters(0x1F170)
"""White letters on black discs and squares, which Unicode does not decompose."""

REGIONAL: Final = _letters(0x1F1E6)
"""Halves of flags, which spell words when they do not pair up."""
