"""Campaigns as robots spin them: one text, each time in other words, order and disguise."""

import random
import re
from typing import Final

TEMPLATES: Final = {
    "jobs": (
        "{Hi|Hello|Hey} {everyone|guys|friends|all}, I {make|earn|get} ${500|620|780|940} every"
        " week {working|just working} from home {a few|three|four} hours a day. My"
        " {cousin|neighbour} {started|joined} last month and bought a {new car|used truck|house}"
        " already. {Visit|Check|Look at} my profile {for details|to learn how|if interested}!"
    ),
    "trading": (
        "{I never believed in|I was sceptical about} {crypto|bitcoin} trading until Mrs"
        " {Patricia|Helen} Morgan {showed|taught} me how to invest. {Started|Began} with"
        " {200|350|1000} dollars and {withdrew|cashed out} {4000|5200|7100}"
        " {last week|on Friday}. {Contact|Message} her on {telegram|whatsapp}"
        " {today|now}, she is {honest|trustworthy|amazing}."
    ),
    "pills": (
        "{Lost|I lost|Dropped} {15|22|30} {pounds|kilos} in {two|three|five} weeks with keto"
        " gummies {without|no} exercise! My {doctor|husband|coach} could not believe his eyes."
        " {Order|Buy|Get} the original product at {slim-leaf-17.shop|best-keto-42.store}"
        " {before|while} the {discount|offer} {ends|lasts}."
    ),
    "rumour": (
        "{Wake up|Open your eyes} {people|citizens|everyone}: the {new|planned} bridge contract was"
        " {sold|handed} to foreign investors by {corrupt|bribed} councillors. {Nobody|No newspaper}"
        " {reports|writes} about the secret payments in offshore accounts. {Share|Spread|Copy} this"
        " before they {delete|remove|erase} it {again|once more}!"
    ),
    "essays": (
        "{Fantastic|Excellent|Great|Superb} {article|post}! I {truly|really} {enjoyed|liked}"
        " reading your insights {regarding|about|on} this {topic|subject}. {Students|People}"
        " who need {help|assistance} with essays and dissertations {should|can} try our"
        " professional writers, {cheap|affordable} prices and {quick|fast} delivery guaranteed."
    ),
    "recovery": (
        "{My|Our} account was {hacked|stolen|emptied} and the bank {did nothing|could not help}. A"
        " {friend|colleague} {recommended|suggested} a recovery specialist who returned the"
        " full amount within {48 hours|two days}. {I am|We are} {so|very|forever} grateful."
        " {Reach|Contact|Email} him if you {lost|are missing} your savings through fraud."
    ),
}
_EMOJI: Final = ("\U0001f600", "\U0001f525", "\U0001f4b0", "\U0001f44d")
_LOOKALIKES: Final = {"a": "\u0430", "e": "\u0435", "o": "\u043e", "c": "\u0441", "p": "\u0440"}
_SLOT: Final = re.compile(r"\{([^{}]*)\}")


def spun(template: str, dice: random.Random) -> str:
    """Return one copy: words chosen, sentences perhaps in another order, and a disguise or none."""
    text = _SLOT.sub(lambda slot: dice.choice(slot[1].split("|")), template)
    sentences = re.split(r"(?<=[.!]) ", text)
    if dice.random() < 0.5:
        dice.shuffle(sentences)
    words = " ".join(sentences).split(" ")
    disguise = dice.choice((_plain, _decorated, _in_lookalikes, str.upper))
    return " ".join(disguise(word) if dice.random() < 0.3 else word for word in words)


def campaign(name: str, copies: int, seed: int = 1) -> list[str]:
    dice = random.Random(f"{name} {seed}")  # noqa: S311 - the same copies every time
    return [spun(TEMPLATES[name], dice) for _ in range(copies)]


def _plain(word: str) -> str:
    return word


def _decorated(word: str) -> str:
    return word + _EMOJI[len(word) % len(_EMOJI)]


def _in_lookalikes(word: str) -> str:
    return "".join(_LOOKALIKES.get(letter, letter) for letter in word)
