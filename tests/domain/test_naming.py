import pytest

from moderation.domain.naming import checked_email, checked_name
from moderation.errors import Invalid


@pytest.mark.parametrize(
    ("given", "kept"),
    [("Gazette", "Gazette"), ("  Die Süddeutsche ", "Die Süddeutsche"), ("x" * 200, "x" * 200)],
)
def test_a_name_is_kept_without_the_blanks_around_it(given: str, kept: str) -> None:
    assert checked_name("name", given) == kept


@pytest.mark.parametrize("given", ["", "  ", "x" * 201, "two\nlines", "nul\x00", "\u202eevil"])
def test_a_name_that_cannot_be_shown_on_one_line_is_refused(given: str) -> None:
    with pytest.raises(Invalid) as raised:
        checked_name("site.name", given)
    assert raised.value.field == "site.name"


@pytest.mark.parametrize("given", ["ann@gazette.example", " Ann@Gazette.Example\n"])
def test_an_address_is_kept_in_the_form_that_is_compared(given: str) -> None:
    assert checked_email("email", given) == "ann@gazette.example"


@pytest.mark.parametrize(
    "given", ["", "ann", "@gazette.example", "ann@", "a nn@gazette.example", "a\x00@b.example"]
)
def test_what_is_no_address_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(Invalid) as raised:
        checked_email("email", given)
    assert str(raised.value) == "email: is not an e-mail address"


def test_an_address_longer_than_mail_can_carry_is_refused() -> None:
    assert checked_email("email", "x" * 242 + "@example.org")
    with pytest.raises(Invalid):
        checked_email("email", "x" * 243 + "@example.org")
