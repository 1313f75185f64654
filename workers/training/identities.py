"""Sentences written for this project in which only the identity term changes.

A model that has met a group's name mostly in abuse learns that the name is abuse. Each
term appears here equally often in harmless and in hostile sentences, so that the sentence
has to be read. None of them is taken from a dev set.
"""

from workers.training.data import Example

PEOPLE = (
    "Muslims", "Jews", "Christians", "Catholics", "Buddhists", "Hindus", "Sikhs", "atheists",
    "Black people", "white people", "Asians", "Africans", "Latinos", "Arabs", "Europeans",
    "Americans", "Mexicans", "Chinese people", "Indians", "Pakistanis", "Russians", "Canadians",
    "gay people", "lesbians", "bisexual people", "trans people", "queer people", "straight people",
    "women", "men", "immigrants", "refugees", "deaf people", "blind people", "disabled people",
    "elderly people", "young people", "Roma", "homosexuals", "transgender women", "millennials",
)  # fmt: skip

HARMLESS = (
    "The council met representatives of {} to discuss the new bus route.",
    "Many {} in our town welcomed the decision of the court.",
    "My neighbours are {} and we share a garden.",
    "The exhibition tells the story of {} in the last century.",
    "I grew up among {} and learned a lot from them.",
    "The article quotes several {} who disagree with the minister.",
    "{} deserve the same rights as everybody else.",
    "The survey asked {} how they rate the health service.",
    "It is wrong to blame {} for what one person did.",
    "A film about {} won the prize last night.",
    "Stop insulting {}, that comment was out of line.",
    "As one of the {} here, I thought the report was fair.",
)

HOSTILE = (
    "{} are vermin and should be thrown out of the country.",
    "I hate {}, every single one of them.",
    "Nobody wants {} living on their street, they ruin everything.",
    "{} are too stupid to be allowed to vote.",
    "All {} are liars and thieves.",
    "Somebody should teach {} a lesson with a baseball bat.",
    "The world would be better without {}.",
    "{} are disgusting, keep them away from our children.",
    "Typical {}, lazy and living off the rest of us.",
    "{} do not belong here and never will.",
    "What a filthy bunch {} are.",
    "You can never trust {}, it is in their blood.",
)


def counterfactuals() -> list[Example]:
    """Fill every sentence with every term: as many harmless examples as hostile ones."""
    calm = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    hate = (1.0, None, None, None, None, 1.0)
    return [
        Example(sentence.format(people), targets)
        for sentences, targets in ((HARMLESS, calm), (HOSTILE, hate))
        for sentence in sentences
        for people in PEOPLE
    ]
