"""Which half of a set calibration is fitted on, so that the other half can judge it."""

from collections.abc import Mapping
from hashlib import sha256


def is_fitted_on(row: Mapping[str, object]) -> bool:
    """Say whether a row is of the half that calibration is fitted on.

    The first byte of its id's SHA-256 decides, even or odd; that of the text's where there is no
    id. So a row stays in its half whatever else a file holds.
    """
    name = row.get("id") or row.get("text", row.get("body"))
    return sha256(str(name).encode("utf-8", "surrogatepass")).digest()[0] % 2 == 0
