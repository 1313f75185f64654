"""Whatever is sent to Perspective's addresses is answered, with scores or with Google's error."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.api.app import create_app
from tests.compat.served import Service

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
attributes = st.sampled_from(["TOXICITY", "SPAM", "FLIRTATION", "X"])
entries = st.fixed_dictionaries({"text": st.text()}, optional={"type": anything})
likely = st.fixed_dictionaries(
    {"comment": entries | anything},
    optional={
        "requestedAttributes": st.dictionaries(
            attributes,
            st.fixed_dictionaries({}, optional={"scoreThreshold": st.floats() | anything}),
        ),
        "attributeScores": st.dictionaries(
            attributes,
            st.just({"summaryScore": {"value": 1.0}}) | anything,
        ),
        "context": st.fixed_dictionaries({"entries": st.lists(entries)}) | anything,
        "languages": st.lists(st.text() | st.just("en")) | anything,
        "clientToken": st.text() | anything,
        "spanAnnotations": st.booleans(),
        "wordSpans": st.booleans(),
        "dropUnsupportedAttributes": st.booleans(),
    },
)


@dataclass(frozen=True)
class Asking:
    client: FlaskClient
    key: str


@pytest.fixture(scope="module")
def asking(_service: Service) -> Asking:
    """Return what asks without HTTP, since it asks so often."""
    return Asking(create_app(_service.services).test_client(), _service.key)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(message=likely | anything, path=st.sampled_from(["analyze", "suggestscore"]))
def test_no_message_makes_the_service_fail(asking: Asking, message: Any, path: str) -> None:
    answer = asking.client.post(
        f"/v1alpha1/comments:{path}", json=message, query_string={"key": asking.key}
    )

    assert answer.status_code in {200, 400}, answer.get_data()
    if answer.status_code == 400:
        assert answer.get_json()["error"]["details"][0]["@type"]
