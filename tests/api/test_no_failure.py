"""Promise 10: no input makes the service fail. `make fuzz` tries 20,000, the suite some of them."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from werkzeug.test import TestResponse

from moderation.settings import Settings
from tests.api.desk import problem
from tests.api.hostile import Attack, Fortress, open_fortress

CASES = int(os.environ.get("FUZZ_CASES", "600"))
SHARE = CASES // 4
"""Hand-made and by the document, on SQLite and on PostgreSQL."""


@pytest.fixture
def fortress(store_settings: Settings) -> Iterator[Fortress]:
    with open_fortress(store_settings) as opened:
        yield opened
        for status, times in sorted(opened.answered.items()):
            print(f"{times:6d} answers {status}")  # noqa: T201 - what `make fuzz` shows


def trying(cases: int) -> settings:
    return settings(
        max_examples=max(1, cases), deadline=None, suppress_health_check=list(HealthCheck)
    )


def stands(fortress: Fortress, operation: str, answer: TestResponse) -> None:
    """Check that the answer is one that the document promises."""
    assert answer.status_code < 500, (operation, answer.get_data())
    assert str(answer.status_code) in fortress.operations[operation]["responses"], operation
    if answer.status_code >= 400:
        problem(answer)


def test_no_attack_makes_the_service_fail(fortress: Fortress) -> None:
    @trying(SHARE)
    @given(attack=fortress.attacks())
    def attacked(attack: Attack) -> None:
        stands(fortress, attack.operation, fortress.suffer(attack))

    attacked()
    assert fortress.asked >= SHARE


def test_no_request_by_the_document_makes_the_service_fail(fortress: Fortress) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", fortress.desk.client.application)
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    assert len(operations) == len(fortress.operations)
    for operation in operations:
        told = operation.definition.raw
        modes = [GenerationMode.POSITIVE]
        if "requestBody" in told or any(p["in"] != "path" for p in told.get("parameters", [])):
            modes.append(GenerationMode.NEGATIVE)
        for mode in modes:
            _try(fortress, operation, mode, -(-SHARE // len(operations) // len(modes)))


def _try(fortress: Fortress, operation: Any, mode: GenerationMode, cases: int) -> None:
    name = f"{operation.method.upper()} {operation.path}"

    @trying(cases)
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def tried(case: schemathesis.Case[Any], real: bool) -> None:
        if real:
            case.path_parameters = {
                each: fortress.things[each] for each in case.path_parameters or {}
            }
        sent = case.as_transport_kwargs()
        sent.pop("method")
        stands(fortress, name, fortress.ask(name, **sent))

    tried()
