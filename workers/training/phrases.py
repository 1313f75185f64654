"""Sentences written for this project about what comments are misjudged for.

Each kind comes in many shapes, whose gaps are filled at random, so that only the whole
sentence tells harmless from hostile: an identity term in praise and in abuse, hate and the
rebuke of hate, an insult to a person and anger at a thing, harsh words about politics.
No shape is the ``NAME is a ...`` by which the identity templates of the dev data measure.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Final

from workers.training.data import Example, Targets

TERMS: Final = (
    "gay", "lesbian", "bisexual", "transgender", "trans", "queer", "straight", "heterosexual",
    "homosexual", "nonbinary", "Black", "white", "Asian", "African", "African American", "Hispanic",
    "Latino", "Latina", "Mexican", "Canadian", "American", "European", "Indian", "Pakistani",
    "Chinese", "Japanese", "Russian", "Arab", "Middle Eastern", "Native American", "Jewish",
    "Muslim", "Christian", "Catholic", "Protestant", "Buddhist", "Hindu", "Sikh", "Taoist",
    "atheist", "deaf", "blind", "disabled", "paralysed", "old", "older", "elderly", "young",
    "younger", "middle-aged", "male", "female", "immigrant", "millennial", "teenage", "Romani",
    "Irish", "Polish", "Turkish", "Nigerian", "Somali", "Korean", "Ukrainian",
)  # fmt: skip

WORDS: Final[Mapping[str, Sequence[str]]] = {
    "term": TERMS,
    "other": TERMS,
    "person": (
        "person", "man", "woman", "neighbour", "teacher", "nurse", "doctor", "student", "colleague",
        "friend", "farmer", "actor", "writer", "voter", "driver", "couple", "family", "kid",
        "reader", "lawyer",
    ),
    "name": (
        "Anna", "Omar", "Lucia", "Ben", "Priya", "Tom", "Fatima", "Igor", "Mei", "Carlos", "Grace",
        "Noah", "Leila", "Sven", "Rosa", "Kwame", "Hana", "Peter", "Zoe", "Ali", "Ruth", "Diego",
        "Emma", "Yusuf",
    ),
    "kind": (
        "kind", "thoughtful", "brave", "honest", "funny", "clever", "gentle", "patient", "generous",
        "careful", "cheerful", "remarkable", "wonderful", "lovely", "decent",
    ),
    "vile": (
        "disgusting", "filthy", "stupid", "lazy", "dirty", "evil", "worthless", "pathetic", "vile",
        "dumb", "greedy", "horrible", "useless", "repulsive", "moronic", "idiotic",
    ),
    "insult": (
        "idiot", "moron", "loser", "pig", "rat", "fool", "clown", "cockroach", "liar", "scumbag",
        "coward", "imbecile",
    ),
    "fate": ("deported", "shot", "locked up", "beaten", "wiped out", "exterminated", "hanged"),
    "harm": ("shoots", "stabs", "beats up", "runs over", "strangles", "hurts"),
    "thing": (
        "phone", "weather", "printer", "bus", "train", "website", "paywall", "roundabout", "match",
        "recipe", "film", "song", "traffic", "parking", "updates", "coffee", "headline", "photo",
    ),
    "awful": (
        "awful", "dreadful", "terrible", "rubbish", "useless", "ugly", "annoying", "horrible",
        "broken", "ridiculous",
    ),
    "leader": (
        "mayor", "minister", "president", "governor", "senator", "council", "government", "party",
        "chancellor", "commissioner", "chief", "prosecutor", "board",
    ),
    "plan": (
        "budget", "bill", "tax", "reform", "treaty", "tunnel", "curfew", "deal", "merger",
        "pipeline", "ban", "subsidy", "plan", "law", "ruling", "stadium",
    ),
    "damn": ("fucking", "damn", "bloody"),
}  # fmt: skip

HARMLESS: Final = (
    "I am proud to be {term}.", "My {person} is {term}.",
    "As a {term} {person} I found this helpful.", "Being {term} is nothing to be ashamed of.",
    "Being {term} in this town is hard sometimes.", "{name} married a {term} {person} last summer.",
    "The {term} community held a street party.",
    "We hired a {term} {person} and could not be happier.", "{term} people live here too.",
    "A {term} {person} spoke at the meeting.", "I have a {term} friend and a {other} friend.",
    "{name} grew up in a {term} family.", "Our new mayor is a {kind} {term} {person}.",
    "The {term} vote decided the election.", "{term} and {other} residents signed it together.",
    "Happy to see a {term} {person} win the prize.", "{name}, a {term} {person}, wrote the letter.",
    "Why are there so few {term} actors on television?", "She came out as {term} to her parents.",
    "What is it like to be {term}?", "A great evening of {term} music.",
    "My {term} {person} is so {kind}.", "Thank you for being such a {kind} {term} {person}.",
    "{term} rights are human rights.", "Most {term} voters disagreed with the minister.",
    "{name} and her {term} {person} moved in next door.",
    "He said he was {term}, and nobody minded.",
    "The {kind} {term} {person} next door fixed my bike.", "You are a {kind} {term} {person}.",
    "They are all {term} and very {kind}.", "{kind} and {term}, that describes {name} well.",
    "a {term} {person}", "{term}", "so {kind}, so {term}",
)  # fmt: skip

HOSTILE: Final = (
    "{term} people are {vile}.", "Get out of my country, you {vile} {term} {person}.",
    "All {term} people should be {fate}.", "Never trust a {term} {person}.",
    "Of course he stole it, he is {term}.", "Being {term} is a disease.",
    "I cannot stand {term} people.", "Every {term} {person} I met was {vile}.",
    "We have to get rid of the {term} ones.", "{term} people do not deserve to vote.",
    "No {term} {person} should be near children.", "Typical {term} behaviour, {vile} as ever.",
    "The only good {term} {person} is a dead one.", "They are all {term} and {vile}.",
    "Another {vile} {term} {person} living off our taxes.", "{term} people ruin what they touch.",
    "You are a {vile} {term} {person}.", "{vile} and {term}, that describes {name} well.",
    "I would rather die than share a table with {term} people.", "so {vile}, so {term}",
    "Send the {term} people back where they came from.", "{term} people make me sick.",
    "A {term} {person} is worth less than a dog.", "My {term} {person} is so {vile}.",
    "Why would anybody hire a {term} {person}, they are all {vile}.", "fuck {term} people",
    "{term} {insult}s everywhere, {vile}", "I hope all {term} people get {fate}.",
    "The {vile} {term} {person} next door again.", "you {vile} {term} {insult}",
    "If you are {term} you are not one of us and never will be.",
    "I do not want my kids taught by somebody {term}.", "{term} people are animals, not humans.",
)  # fmt: skip

POLITELY_HOSTILE: Final = (
    "I have nothing against {term} people, but they should not be allowed to teach.",
    "With respect, {term} people are simply not as intelligent as the rest of us.",
    "I say this politely: the country was better before the {term} people came.",
    "It is just a fact that {term} people commit most of the crime.",
    "{term} people are welcome, as long as they stay out of our street.",
    "Some jobs are not for {term} people, and everybody knows it.",
    "We all know what happens to a town when {term} people move in.",
    "Perhaps {term} people would be happier if they all went somewhere else.",
)  # fmt: skip

REBUKES: Final = (
    "Nobody should be fired for being {term}.",
    "It is wrong to hate somebody because he is {term}.",
    "The bully called him names because he was {term}, which is a disgrace.",
    "Stop attacking {term} people.", "No {term} {person} deserves to be {fate}.",
    "Calling {term} people {vile} is shameful.", "I would never say that {term} people are {vile}.",
    "Whoever writes that {term} people should be {fate} needs to be reported.",
    "He lost his job for saying that {term} people are {vile}, and rightly so.",
    "It is not true that {term} people ruin what they touch.", "{term} people are not {vile}.",
    "You cannot just call somebody a {vile} {term} {person}.",
    "Posters saying {term} people should be {fate} were removed by the police.",
    "As a {term} {person} I get called {vile} every week, and it hurts.",
)  # fmt: skip

RUDE: Final = (
    "You are a {vile} {person}.", "What a {insult}.", "Only a {insult} would write this.",
    "You are {vile}.", "shut up you {insult}", "You {vile} {insult}, go away.",
    "{name} must be the biggest {insult} in this town.", "The author is a {vile} {insult}.",
    "The {leader} is run by {vile} {insult}s.", "Go back to school, {insult}.",
    "Readers like you are {vile} {insult}s.",
)  # fmt: skip

KIND: Final = (
    "You are a {kind} {person}.", "What a {kind} idea.", "{name} was {kind} to me.",
    "You are {kind}.", "Only a {kind} {person} would say that.", "The author is a {kind} {person}.",
    "Readers like you are {kind}.", "The {leader} is run by {kind} people.",
)  # fmt: skip

THREATS: Final = (
    "I hope somebody {harm} you.", "I know where you live, {insult}.",
    "Somebody ought to be {fate} for this, and it should be you.", "Wait until I find you.",
    "You will be {fate}, I promise.", "I hope somebody {harm} the {leader}.",
)  # fmt: skip

ABOUT_THINGS: Final = (
    "This {thing} is {awful}.", "I hate this {thing}.", "What an {awful} {thing} that was.",
    "The {thing} makes me so angry.", "I could kill for a better {thing}.",
    "The {thing} is a disgrace, please fix it.", "Worst {thing} I have seen in years.",
    "The {thing} should be scrapped, it is {awful}.", "My {thing} died again, it is {awful}.",
)  # fmt: skip

HARSH_ON_POLITICS: Final = (
    "The {plan} is a terrible idea and the {leader} should withdraw it.",
    "The {leader} broke every promise about the {plan}.",
    "The {leader} should resign over this {plan}.",
    "Nobody asked for this {plan}, and it will cost us millions.",
    "I do not believe a word the {leader} says about the {plan}.",
    "The {plan} is a waste of money.", "The {leader} has no idea what the {plan} will do to us.",
    "This {plan} will fail, like the last one.", "I will never vote for this {leader} again.",
    "The {plan} only helps the rich, and the {leader} knows it.",
    "It is time to fight the {plan} in court.", "The {leader} killed the {plan}, what a shame.",
    "How much more of this {plan} nonsense do we have to take?",
    "Your argument about the {plan} is wrong, {name}, and the numbers show it.",
    "I disagree strongly, the {plan} would have saved lives.",
)  # fmt: skip

CRUDE_BUT_FRIENDLY: Final = (
    "That was a {damn} good {thing}.", "I {damn} love this town.", "{damn} brilliant article.",
    "Best {damn} {thing} ever, thank you.", "You are a {damn} legend, {name}.",
)  # fmt: skip

CALM: Final[Targets] = (0.0,) * 6
_HATE: Final[Targets] = (1.0, None, None, None, None, 1.0)
_RUDE: Final[Targets] = (1.0, None, None, 0.0, 1.0, 0.0)
_THREAT: Final[Targets] = (1.0, None, None, 1.0, None, 0.0)
# Readers disagree about crude praise; Wikipedia's annotators call it toxic.
_CRUDE: Final[Targets] = (0.3, 0.0, None, 0.0, 0.0, 0.0)

KINDS: Final = (
    (HARMLESS, CALM, 2_400),
    (HOSTILE, _HATE, 2_400),
    (POLITELY_HOSTILE, _HATE, 400),
    (REBUKES, CALM, 1_000),
    (RUDE, _RUDE, 700),
    (KIND, CALM, 500),
    (THREATS, _THREAT, 300),
    (ABOUT_THINGS, CALM, 600),
    (HARSH_ON_POLITICS, CALM, 1_200),
    (CRUDE_BUT_FRIENDLY, _CRUDE, 200),
)
"""Shapes, what they are labelled, and how many sentences are made of them."""


def phrases(rng: random.Random) -> list[Example]:
    """Fill the shapes of every kind; the order is that of the kinds."""
    return [
        Example(_as_typed(_filled(rng.choice(shapes), rng), rng), targets)
        for shapes, targets, amount in KINDS
        for _ in range(amount)
    ]


def _filled(shape: str, rng: random.Random) -> str:
    chosen = {gap: rng.choice(words) for gap, words in WORDS.items()}
    text = shape.format_map(chosen)
    return text[0].upper() + text[1:] if shape[0] == "{" and shape.endswith(".") else text


def _as_typed(text: str, rng: random.Random) -> str:
    """Write a sentence as some people type: without capitals, or without its full stop."""
    typed = rng.random()
    if typed < 0.25:  # noqa: PLR2004 - a quarter
        return text.lower()
    return text.rstrip(".") if typed < 0.4 else text  # noqa: PLR2004 - fifteen in a hundred
