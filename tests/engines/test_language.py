"""Texts in other languages are told, and English is never taken for one."""

import json
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from moderation.domain.language import LANGUAGES
from tests.bench.texts import samples
from tests.domain.timing import best_seconds
from workers.engines.language import LanguageRecogniser

FOREIGN: dict[str, list[str]] = json.loads(
    (Path(__file__).parent / "foreign.json").read_text(encoding="utf-8")
)
"""Comments written for these tests: some polite, some not, some without their accents."""

ROMANCE = ("es", "fr", "it", "pt")

DOUBTFUL = [
    "lol ok",
    "haha",
    "+1",
    "LOCK HIM UP!!!",
    "ur mum gay lol",
    "Nah bruv innit",
    "noooooooo",
    "yada yada yada",
    "MAGA 2024",
    "\U0001f602\U0001f602\U0001f602",
    "https://example.com/une/page/tres/longue?avec=des&mots=etrangers",
    "@jemand_anders #einfachgrossartig",
    "reader@nachrichten-aus-der-stadt.example",
    "for (int i = 0; i < n; i++) { sum += a[i]; }",
    "SELECT * FROM users WHERE id = 1;",
    '{"a": 1, "b": [2, 3]}',
    "Muhammad Ali, Zinedine Zidane, Lionel Messi",
    "Volodymyr Zelenskyy vs Vladimir Putin",
    "Ram\u00f3n is a kind lgbtq",
    "Carpe diem and la dolce vita, as they say",
    "Viva la revolucion!",
    "Sieg Heil",
    "schadenfreude",
    "So ein Quatsch",  # it is German, and too short to be sure of
    "\U0001f926 smh",
    "\u00af\\_(\u30c4)_/\u00af",
    "",
]

DISGUISED = {
    "lookalikes": "y\u043eu \u0430r\u0435 \u0430n idi\u043et \u0430nd \u0430 \u0441l\u043ewn",
    "short, all lookalikes": "\u0443\u043e\u0443 \u0430r\u0435 \u0430n \u0456d\u0456\u043et",
    "leet": "y0u 4r3 4n 1d10t 4nd 3v3ry0n3 kn0w5 1t",
    "spaced": "y o u   a r e   a n   i d i o t   a n d   a   c l o w n",
    "fullwidth": "".join(
        chr(ord(c) + 0xFEE0) if c > " " else c for c in "you are an idiot and a fool"
    ),
    "invisible": "\u200b".join("Joseph Campbell and Bruce Campbell"),
    "stacked": "".join(f"{c}\u0301\u0301" for c in "you are an idiot and a fool"),
}


@pytest.fixture(scope="module")
def english() -> LanguageRecogniser:
    """Return what serves a model that knows English, as the shipped one does."""
    return LanguageRecogniser(("en",))


@pytest.mark.parametrize("language", FOREIGN)
def test_a_comment_in_another_language_is_told_by_that_language(
    language: str, english: LanguageRecogniser
) -> None:
    assert len(FOREIGN[language]) >= 5
    assert {text: english(text) for text in FOREIGN[language]} == dict.fromkeys(
        FOREIGN[language], language
    )


@pytest.mark.parametrize("text", DOUBTFUL)
def test_what_leaves_a_doubt_is_of_no_language(text: str, english: LanguageRecogniser) -> None:
    assert english(text) is None


@pytest.mark.parametrize("text", DISGUISED.values(), ids=DISGUISED)
def test_disguised_english_is_not_taken_for_another_language(
    text: str, english: LanguageRecogniser
) -> None:
    assert english(text) is None


def test_no_comment_of_the_sample_is_taken_for_one_in_another_language(
    english: LanguageRecogniser,
) -> None:
    assert [text for text in samples() if english(text) is not None] == []


def test_a_language_that_the_model_knows_is_not_told() -> None:
    several = LanguageRecogniser(("en", *ROMANCE, "tr", "ru"))
    known = chain.from_iterable(FOREIGN[each] for each in (*ROMANCE, "tr", "ru"))

    assert [text for text in known if several(text) is not None] == []
    assert several(FOREIGN["de"][0]) == "de"
    assert several("The city should build more cycle lanes.") is None
    assert LanguageRecogniser(("de",))("The city should build more cycle lanes.") == "en"


@pytest.mark.parametrize("known", [(), ("en", "tlh")])
def test_for_languages_that_cannot_be_told_from_others_nothing_is_said(
    known: tuple[str, ...],
) -> None:
    assert LanguageRecogniser(known)(FOREIGN["de"][0]) is None


def test_a_long_text_is_read_from_its_start_to_its_end(english: LanguageRecogniser) -> None:
    german, plain = " ".join(FOREIGN["de"]), " ".join(samples()[:20])

    assert english(plain[:200] + german * 50) == "de"
    assert english(german + plain * 10) is None


@pytest.mark.parametrize(
    ("odd", "language"),
    [
        ("\ud800", None),
        ("\x00", None),
        ("\u0301", None),
        ("\U0001f1e9\U0001f1ea", None),
        ("\ufdfa", "ar"),
    ],
)
def test_no_text_is_too_odd(odd: str, language: str | None, english: LanguageRecogniser) -> None:
    assert english(odd * 20_000) == language


@pytest.mark.parametrize("body", [FOREIGN["de"][0], "\ufdfa", "a\u0301", "www.", "x@"])
def test_the_longest_text_is_looked_at_in_fifty_milliseconds(
    body: str, english: LanguageRecogniser
) -> None:
    longest = (body * 20_000)[:20_000]
    english(longest)

    assert best_seconds(lambda: english(longest), enough=0.05) < 0.05


def test_every_language_that_can_be_told_has_a_name(english: LanguageRecogniser) -> None:
    told = {english(text) for texts in FOREIGN.values() for text in texts}

    assert told <= LANGUAGES.keys()


def test_nothing_is_loaded_for_short_texts_or_for_a_model_of_unknown_languages() -> None:
    program = (
        "import sys; from workers.engines.language import LanguageRecogniser as R;"
        "R(('en',))('lol ok'); R(())('a text of which nobody asks');"
        "print('py3langid' in sys.modules)"
    )

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert said.stdout == b"False\n"
