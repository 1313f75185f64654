"""Addresses of cryptocurrency wallets, told from other strings by their checksums."""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
_WALLET: Final = re.compile(
    r"(?<!\w)(?:(?P<sure>0x[0-9a-fA-F]{40}|(?:bc1|ltc1)[02-9ac-hj-np-z]{25,71}+"
    r"|4[0-9AB][1-9A-HJ-NP-Za-km-z]{93}|(?:bitcoincash:)?[qp][02-9ac-hj-np-z]{41})"
    r"|(?P<checked>[13LMDT][1-9A-HJ-NP-Za-km-z]{25,34}+))(?!\w)"
)
"""Ethereum and its kin, Bitcoin and Litecoin with segwit, Monero, Bitcoin Cash; then Bitcoin,
Litecoin, Dogecoin and Tron, whose addresses carry four bytes of checksum."""

_PAYLOAD: Final = 25


def find_wallets(text: str) -> Iterator[tuple[int, int]]:
    """Yield where wallets stand in *text*."""
    for found in _WALLET.finditer(text):
        if found["sure"] or _is_sound(found["checked"]):
            yield found.span()


def _is_sound(written: str) -> bool:
    number = 0
    for letter in written:
        number = number * len(_ALPHABET) + _VALUES[letter]
    if number.bit_length() > 8 * _PAYLOAD:
        return False
    data = number.to_bytes(_PAYLOAD, "big")
    return sha256(sha256(data[:-4]).digest()).digest()[:4] == data[-4:]
