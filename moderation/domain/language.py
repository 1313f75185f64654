"""Languages: which of them a tag names, and what people call it."""

from collections.abc import Collection
from typing import Final

LANGUAGES: Final = {
    "am": "Amharic",
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "eu": "Basque",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "gu": "Gujarati",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ka": "Georgian",
    "kk": "Kazakh",
    "km": "Khmer",
    "kn": "Kannada",
    "ko": "Korean",
    "lo": "Lao",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "ml": "Malayalam",
    "mn": "Mongolian",
    "mr": "Marathi",
    "ms": "Malay",
    "my": "Burmese",
    "ne": "Nepali",
    "nl": "Dutch",
    "no": "Norwegian",
    "pa": "Punjabi",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "si": "Sinhala",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sq": "Albanian",
    "sr": "Serbian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "te": "Telugu",  # codespell:ignore te
    "th": "Thai",
    "tl": "Tagalog",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
"""Those that are told apart, by ISO 639-1 code, with their English names. The one registry."""

UNKNOWN: Final = "und"
"""The tag of a text whose language could not be looked for. ISO 639-2."""

ANY: Final = "*"
"""Stands for every language. RFC 4647, 2.1."""


def primary(tag: str) -> str:
    """Return the part that names the language: ``en-GB`` and ``EN_us`` are ``en``.

    RFC 5646, 2.2.1.
    """
    return tag.replace("_", "-").split("-")[0].lower()


def covers(languages: Collection[str], tag: str) -> bool:
    """Say whether *tag* is one of some languages, given as primary tags or `ANY`."""
    return ANY in languages or primary(tag) in languages


def name_of(tag: str) -> str:
    """Name a language in English; one without a name is quoted as its tag."""
    return LANGUAGES.get(primary(tag), f"{tag!r}")
