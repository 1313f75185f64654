"""What tells the language of a text."""

from typing import Protocol


class RecogniseLanguage(Protocol):
    """Names the language of a text, if it is none that the scorers' model was taught."""

    def __call__(self, text: str) -> str | None:
        """Return the language's ISO 639-1 code.

        None for a text in a language of the model's, and for one that leaves a doubt: for a
        short one, for names, code or slang.
        """
        ...


def recognise_none(text: str) -> None:
    """Recognise nothing: for scorers that read any language."""
