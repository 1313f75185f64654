# ruff: noqa: RUF001 - letters that look like others are the subject here
import pytest

from moderation.domain.spam.phrases import PhraseList
from tests.domain.spamming import seen

BITCOIN = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("send to 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2 now", BITCOIN),
        (
            "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
            "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        ),
        (f"my 0x{'aB3' * 13}4", f"0x{'aB3' * 13}4"),
        ("join t.me/deals_24 now", "t.me/deals_24"),
        ("https://wa.me/15551234567", "wa.me/15551234567"),
        ("whatsapp: +44 7700 900123", "whatsapp: +44 7700 900123"),
        ("Telegram id @best.deals", "Telegram id @best.deals"),
        ("add me on snapchat: ann_99", "snapchat: ann_99"),
        ("text WIN to 80085", "text WIN to 80085"),
        ("call 07046744435 now", "07046744435"),
        ("call me on (202) 555-0173.", "(202) 555-0173"),
    ],
)
def test_invitations_to_numbers_messengers_and_wallets_are_bait(text: str, place: str) -> None:
    found = seen("contact_bait", text)

    assert found.score == 1.0
    assert found.places == [place]


@pytest.mark.parametrize(
    "text",
    [
        "The office: 202-555-0173", "+49 30 901820 is theirs", "dm @alice_b",
        "write to me@evil.com", "e-mail: me@evil.com",
        "+1 202.555.0173",
    ],
)  # fmt: skip
def test_numbers_and_names_without_more_are_weak_bait(text: str) -> None:
    assert seen("contact_bait", text).score == 0.5


@pytest.mark.parametrize(
    "text",
    [
        "", "In 1914-1918 and 2020-21", "2107900000", "2,124,821,694 views", "2.124.821.694 views",
        "71.186.170.196", "I call 71.186.170.196 a vandal", "ISBN 0-316-64041-7 or 9780753827085",
        "$1,000,000,000", "on 12/10/2020 10:15:30", "@alice you are right", "alice@foo.com wrote",
        f"{BITCOIN[:-1]}3", "T111111111111111111111111111111111", "1" * 34, f"T{'z' * 34}",
        "Line 100000000/3", "Signal is a fine app", "Telegram: its founder",
        "Signal: 2024 in review",
        "00 00 00 00 00 00", "Hit Singles 0 7134 8275 3", "I sent a telegram",
        "4-2-1-2-1-2-1-2-1-2-1-2-5",
        "0x12 and 0xdeadbeef",
    ],
)  # fmt: skip
def test_years_sums_machines_books_and_mentions_are_no_bait(text: str) -> None:
    assert seen("contact_bait", text).score == 0.0


def test_moderators_are_told_of_every_kind_of_bait() -> None:
    told = seen("contact_bait", f"call +44 7700 900123, pay {BITCOIN}, dm @alice_b").told

    assert told == (
        "a cryptocurrency wallet and a telephone number and an invitation to write elsewhere"
    )


@pytest.mark.parametrize(
    "text",
    [
        "sdkjfh ksdjhfk sdkjfhsdkjf", "qwertyuiop", "asdfasdf", "xkqzvw jqpxzt", "KJHFDKJHGKJDF",
        "lkjhgfdsa!",
    ],
)  # fmt: skip
def test_letters_without_words_are_gibberish(text: str) -> None:
    assert seen("gibberish", text).score == 1.0


def test_gibberish_among_words_weighs_by_its_letters() -> None:
    found = seen("gibberish", "fine but sdkjfhsdkjf")

    assert found.score == pytest.approx(11 / 18)
    assert found.places == ["sdkjfhsdkjf"]


@pytest.mark.parametrize(
    "text",
    [
        "", "ok", "lol", "gr8 thx brb", "hahahahaha", "hmmmmmmmm", "pfffffft", "kkkkkkkk",
        "jajajajaja",
        "😂😂😂😂😂😂", "NASDAQ UNICEF LGBTQIA", "Rechtschreibungsprüfung Angstschweiß",
        "тест привет",
        "Bürgschaft Llanfairpwllgwyngyll", "Szczebrzeszyn chrząszcz", "čtvrthodina zmrzlina",
        "Grzegorz Brzęczyszczykiewicz", "我们都在这里", "نحن هنا", "Schwarzenegger Nietzsche",
        "rhythms", "strengths", "https://foo.com/sdkjfhsdkjf", "@sdkjfhsdkjf #sdkjfhsdkjf",
        "a.sdkjfhsdkjf.com", "Tsilhqot'in", "XmlHttpRequest", "Brewer", "yesssssss", "Noooooooooo",
    ],
)  # fmt: skip
def test_words_of_any_language_and_short_comments_are_no_gibberish(text: str) -> None:
    assert seen("gibberish", text).score == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "PLEASE VISIT MY CHANNEL AND SUBSCRIBE", "BUY NOW, CHEAP WATCHES - BEST PRICES",
        "𝐁𝐔𝐘 𝐍𝐎𝐖 𝐂𝐇𝐄𝐀𝐏 𝐖𝐀𝐓𝐂𝐇𝐄𝐒 𝐇𝐄𝐑𝐄",
    ],
)  # fmt: skip
def test_rows_of_words_in_capitals_are_shouting(text: str) -> None:
    found = seen("shouting", text)

    assert (found.score, found.told) == (1.0, "much of it is in capitals")
    assert found.places == [text]


def test_half_of_a_text_in_capitals_shouts_half() -> None:
    quiet, loud = "this is the quiet half of all of it", "THIS IS THE NOISY HALF OF ALL OF IT"

    assert seen("shouting", f"{quiet}. {loud}").score == pytest.approx(0.5)


def test_exclamation_marks_alone_shout_a_little() -> None:
    found = seen("shouting", "buy now!!!!!!!!!!")

    assert found.score == pytest.approx(0.2)
    assert found.told == "rows of exclamation marks"
    assert seen("shouting", "!" * 100).score == pytest.approx(0.4)
    assert seen("shouting", "Yes! Yes!! No!").score == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "", "NATO", "WHAT?", "STOP IT NOW", "I LOVE YOUR SONGS",
        "NATO, UNESCO, UNICEF, OPEC and FIFA",
        "The FBI, CIA, NSA, DHS, IRS, EPA and FDA", "😀😀😀😀😀", "ПРИВЕТ КАК ДЕЛА СЕГОДНЯ",
        "ΚΑΛΗΜΕΡΑ ΣΑΣ ΚΥΡΙΟΙ", "我们都在这里", "U.S.A.", "I AM A B C D", "NO",
        "HTML CSS JSON XML", "see HTTP://FOO.COM/VERY/LONG/LINK/IN/CAPITALS",
    ],
)  # fmt: skip
def test_acronyms_short_comments_and_other_scripts_do_not_shout(text: str) -> None:
    assert seen("shouting", text).score == 0.0


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("Great blog! http://foo.com", 1.0),
        ("Thanks for sharing, very nice. foo.com", 1.0),
        ("Keep up the good work, visit my new website www.foo.com", 1.0),
        ("Nice article, see foo.com", 0.4),
        ("A very informative read at http://foo.com", 0.4),
        ("Great blog!", 0.0),
        ("I read this at http://foo.com today", 0.0),
        ("Great blog! See https://gazette.com/b", 0.0),
    ],
)
def test_stock_praise_counts_beside_a_link(text: str, score: float) -> None:
    assert seen("praise_with_link", text).score == score


def test_stock_praise_counts_half_where_only_the_author_has_a_link() -> None:
    found = seen("praise_with_link", "Great blog!", author="https://foo.com")

    assert (found.score, found.places) == (0.5, ["Great blog"])
    assert seen("praise_with_link", "I disagree.", author="https://foo.com").score == 0.0


def test_one_listed_phrase_may_be_chance_and_two_are_not() -> None:
    one = "A FASTIDIOUS piece of writings"
    two = f"{one}, I bookmark your weblog"

    assert seen("blocked_phrase", "I disagree.").score == 0.0
    assert seen("blocked_phrase", one).score == 0.4
    assert seen("blocked_phrase", f"{one} {one}").score == 0.4
    assert seen("blocked_phrase", two).score == 1.0
    assert seen("blocked_phrase", two).places == [
        "FASTIDIOUS piece of writing", "bookmark your weblog",
    ]  # fmt: skip


def test_listed_phrases_begin_words() -> None:
    phrases = PhraseList(["piece of writing"])

    assert phrases.find("a piece of writing") == {"piece of writing": (2, 18)}
    assert phrases.find("codpiece of writing") == {}
    assert phrases.find("İİ Piece of Writing") == {"piece of writing": (3, 19)}


def test_phrases_too_short_to_mean_anything_are_refused() -> None:
    with pytest.raises(ValueError, match="1 phrases of less than 10"):
        PhraseList(["term", "piece of writing"])
