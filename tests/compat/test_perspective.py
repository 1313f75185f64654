"""What Perspective's protocol is answered, over real HTTP."""

from contextlib import nullcontext
from io import BytesIO
from typing import Any

import httpx2
import pytest
from flask import Flask

from moderation.api.app import create_app
from moderation.compat import perspective
from moderation.compat.perspective.messages import MAX_BODY_BYTES
from moderation.usecases.keys import issue_key
from tests.compat.served import MODEL_HASH, Service
from tests.fakes import GERMAN

ANALYZE = "/v1alpha1/comments:analyze"
SUGGEST = "/v1alpha1/comments:suggestscore"


def error(answer: httpx2.Response) -> tuple[int, str, str]:
    """Return code, status and first reason of an answer that must be an error of Google's."""
    told: dict[str, Any] = answer.json()["error"]
    assert told["code"] == answer.status_code
    detail = told["details"][0]
    assert detail["@type"].startswith("type.googleapis.com/google.")
    return answer.status_code, told["status"], detail.get("reason") or detail.get("errorType", "")


def test_a_key_may_come_in_the_header_instead(service: Service) -> None:
    answer = service.post(
        ANALYZE,
        {"comment": {"text": "turnip"}, "requestedAttributes": {"INSULT": {}}},
        params={"alt": "json"},
        headers={"X-Goog-Api-Key": service.key},
    )

    assert answer.json()["attributeScores"]["INSULT"]["summaryScore"]["value"] == 0.75


def test_the_key_of_a_moderator_is_none(service: Service) -> None:
    with service.services.open_store() as store:
        admin = issue_key(store, now=service.services.now()).secret
    for key in (admin, "cmsite_0", "\u00fc"):
        answer = service.post(ANALYZE, {}, params={"key": key})

        assert error(answer) == (400, "INVALID_ARGUMENT", "API_KEY_INVALID")


def test_the_key_counts_against_its_limit(service: Service) -> None:
    service.limits.refusing = True

    answer = service.analyze("Well said.")

    assert error(answer) == (429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED")
    assert answer.headers["Retry-After"] == "7"


def test_the_scores_say_which_model_made_them(service: Service) -> None:
    assert service.analyze("Well said.").headers["X-Model-Hash"] == MODEL_HASH


def test_what_is_not_scored_in_time_gets_an_error_and_no_score(service: Service) -> None:
    service.instant.down = True

    answer = service.analyze("Well said.")

    assert error(answer) == (503, "UNAVAILABLE", "BACKEND_UNAVAILABLE")
    assert answer.headers["Retry-After"] == "2"


def test_where_no_thread_may_wait_any_more_there_is_an_error_at_once(service: Service) -> None:
    app = Flask("busy")
    app.register_blueprint(
        perspective.make_blueprint(
            service.services, site_of=lambda _: service.site_id, thread=lambda: nullcontext(False)
        )
    )
    message = {"comment": {"text": "Well said."}, "requestedAttributes": {"TOXICITY": {}}}

    answer = app.test_client().post(ANALYZE, json=message, query_string={"key": "k"})

    assert (answer.status_code, answer.get_json()["error"]["status"]) == (503, "UNAVAILABLE")
    assert service.instant.asked == []


def test_a_body_that_breaks_off_is_refused(service: Service) -> None:
    app = create_app(service.services)

    answer = app.test_client().post(
        ANALYZE,
        query_string={"key": service.key},
        input_stream=BytesIO(b"{"),
        content_length=9,
    )

    assert answer.status_code == 400
    assert answer.get_json()["error"]["message"] == "Invalid JSON payload received."


def test_a_short_text_waits_less_than_its_client_and_a_long_one_as_long_as_it_takes(
    service: Service,
) -> None:
    service.analyze("Well said.")
    service.analyze("Well said. " * 200)
    service.analyze("Well said.", spanAnnotations=True)

    assert [each.timeout_s for each in service.instant.asked] == [0.7, 5.0, 5.0]


@pytest.mark.parametrize("do_not_store", [True, False])
def test_a_text_is_never_stored(service: Service, do_not_store: bool) -> None:
    private = f"what nobody else may read {do_not_store}"

    assert service.analyze(private, doNotStore=do_not_store).is_success

    for path in service.services.settings.data_dir.rglob("*"):
        assert not path.is_file() or private.encode() not in path.read_bytes()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("You turnip. Well said!", ["You turnip.", "Well said!"]),
        ("\U0001f600\U0001f600 turnip! Fine \U0001f44d.", ["\U0001f600\U0001f600 turnip!",
         "Fine \U0001f44d."]),
        ("Cafe\u0301 turnip?  E\u0301te\u0301.\n", ["Cafe\u0301 turnip?", "E\u0301te\u0301."]),
        ("\u05e9\u05dc\u05d5\u05dd turnip. \u05e2\u05d5\u05dc\u05dd \u05d8\u05d5\u05d1!",
         ["\u05e9\u05dc\u05d5\u05dd turnip.", "\u05e2\u05d5\u05dc\u05dd \u05d8\u05d5\u05d1!"]),
        ("\u202eturnip. \u202cOne \U0001f468\u200d\U0001f469\u200d\U0001f467.",
         ["\u202eturnip.", "\u202cOne \U0001f468\u200d\U0001f469\u200d\U0001f467."]),
    ],
    ids=["plain", "emoji", "combining marks", "right to left", "override and joined emoji"],
)  # fmt: skip
def test_spans_are_sentences_counted_in_utf_16(
    service: Service, text: str, parts: list[str]
) -> None:
    told = service.analyze(text, spanAnnotations=True).json()["attributeScores"]["TOXICITY"]

    units = text.encode("utf-16-le")
    assert [
        units[2 * span["begin"] : 2 * span["end"]].decode("utf-16-le")
        for span in told["spanScores"]
    ] == parts
    assert [span["score"]["value"] for span in told["spanScores"]] == [0.75, 0.125]
    assert told["summaryScore"]["value"] == 0.75


def test_without_span_annotations_the_whole_is_the_only_span(service: Service) -> None:
    told = service.analyze("\U0001f600 turnip. Fine.").json()["attributeScores"]["TOXICITY"]

    [span] = told["spanScores"]
    assert (span["begin"], span["end"], span["score"]) == (0, 16, told["summaryScore"])


def test_words_are_told_to_those_who_ask(service: Service) -> None:
    text = "\U0001f600 you turnip"

    assert "wordSpans" not in service.analyze(text).json()
    assert service.analyze(text, wordSpans=True).json()["wordSpans"] == [
        {"begin": 7, "end": 13, "signal": "toxicity"}
    ]
    assert [each.wanted.words for each in service.instant.asked] == [False, True]


def test_a_language_that_is_only_recognised_is_told_and_scored_all_the_same(
    service: Service,
) -> None:
    told = service.analyze(GERMAN).json()

    assert (told["languages"], told["detectedLanguages"]) == (["de"], ["de"])
    assert told["attributeScores"]["TOXICITY"]["summaryScore"]["value"] == 0.125
    assert service.instant.asked[0].wanted.any_language


def test_a_language_that_is_declared_and_not_known_is_refused(service: Service) -> None:
    answer = service.analyze("Well said.", languages=["de"])

    kind = "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    assert error(answer) == (400, "INVALID_ARGUMENT", kind)
    assert not service.instant.asked[0].wanted.any_language


def test_what_is_not_measured_may_be_dropped(service: Service) -> None:
    wanted: dict[str, Any] = {"TOXICITY": {}, "FLIRTATION": {}, "SEXUALLY_EXPLICIT": {}}

    told = service.analyze(
        "Well said.", requestedAttributes=wanted, dropUnsupportedAttributes=True
    ).json()
    german = service.analyze(
        "Well said.", requestedAttributes=wanted, languages=["de"], dropUnsupportedAttributes=True
    ).json()

    assert list(told["attributeScores"]) == ["TOXICITY"]
    assert german == {"languages": ["de"], "detectedLanguages": ["de"]}


def test_scores_below_their_threshold_are_not_told(service: Service) -> None:
    wanted = {"TOXICITY": {"scoreThreshold": 0.5}, "INSULT": {"scoreThreshold": 0.125}}
    low = {"TOXICITY": {"scoreThreshold": 0.5}}

    told = service.analyze("Well said.", requestedAttributes=wanted).json()
    nothing = service.analyze("Well said.", requestedAttributes=low).json()

    assert list(told["attributeScores"]) == ["INSULT"]
    assert "attributeScores" not in nothing


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[]",
        b"\xff{}",
        b'{"a": NaN}',
        b'{"a":' * 3_000,
        b'{"comment": {"text": "\\ud800"}}',
        b'{"n": ' + b"1" * 9_000 + b"}",
        b'{"comment": 1}',
        b'{"comment": {"text": 1}}',
        b'{"languages": "en"}',
        b'{"requestedAttributes": {"a private thing to say": {"more": 1}}}',
        b'"' + b"x" * MAX_BODY_BYTES + b'"',
        b" " * (MAX_BODY_BYTES + 1),
    ],
    ids=lambda raw: repr(raw[:40]),
)
@pytest.mark.parametrize("path", [ANALYZE, SUGGEST])
def test_a_body_that_is_no_message_is_refused_and_not_quoted(
    service: Service, path: str, raw: bytes
) -> None:
    answer = httpx2.post(service.url + path, content=raw, params={"key": service.key})

    assert error(answer)[:2] == (400, "INVALID_ARGUMENT")
    assert "private" not in answer.text


def test_names_may_be_written_as_in_the_protocol_and_null_is_nothing(service: Service) -> None:
    message = {
        "comment": {"text": "turnip", "type": None},
        "context": None,
        "requested_attributes": {"TOXICITY": {"score_threshold": 0.1}},
        "do_not_store": True,
    }

    assert service.post(ANALYZE, message).is_success


def test_an_unforeseen_error_quotes_nothing(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(text: str, **_: object) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr(service.instant, "score", broken)

    answer = service.analyze("nobody may read this")

    assert error(answer) == (500, "INTERNAL", "INTERNAL")
    assert "nobody may" not in answer.text + caplog.text


@pytest.mark.parametrize(
    ("token", "scores", "more", "kept"),
    [
        ("comment:{}", {"SPAM": 1.0}, {}, True),
        ("{}", {"SPAM": 0.0}, {}, False),
        ("comment:{}", {"TOXICITY": 0.0}, {"communityId": "Coral:https://n.example"}, False),
        ("comment:{}", {"TOXICITY": 1.0}, {"communityId": "Coral:https://n.example"}, None),
        ("comment:{}", {"TOXICITY": 0.0}, {}, None),
        ("remark:{}", {"SPAM": 1.0}, {}, None),
        ("", {"SPAM": 1.0}, {}, None),
        ("\x00", {"SPAM": 1.0}, {}, None),
        ("comment:", {"SPAM": 1.0}, {}, None),
    ],
)
def test_a_suggestion_is_learnt_from_if_it_says_something_of_a_stored_comment(
    service: Service,
    token: str,
    scores: dict[str, float],
    more: dict[str, str],
    kept: bool | None,
    request: pytest.FixtureRequest,
) -> None:
    external_id = f"our-{abs(hash(request.node.name))}"
    comment_id = service.submitted(external_id)

    answer = service.suggest(token.format(external_id), scores, **more)

    assert answer.status_code == 200
    assert answer.json() == {"clientToken": token.format(external_id)}
    said = dict(service.opinions()).get(comment_id)
    assert said is kept


def test_a_suggestion_may_give_scores_of_parts_alone(service: Service) -> None:
    comment_id = service.submitted("in-parts")
    part = {"begin": 0, "end": 4, "score": {"value": 1, "type": "PROBABILITY"}}

    answer = service.post(
        SUGGEST,
        {
            "comment": {"text": "Buy."},
            "attributeScores": {"SPAM": {"spanScores": [part]}},
            "clientToken": "comment:in-parts",
        },
    )

    assert answer.is_success
    assert (comment_id, True) in service.opinions()


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ANALYZE), ("PUT", SUGGEST), ("POST", "/v1alpha1/comments")]
)
def test_nothing_else_is_found(service: Service, method: str, path: str) -> None:
    answer = httpx2.request(method, service.url + path, params={"key": service.key})

    assert error(answer)[:2] == (404, "NOT_FOUND")


def test_the_discovery_document_names_the_server_that_was_asked(service: Service) -> None:
    found = httpx2.get(f"{service.url}/$discovery/rest?version=v1alpha1").json()
    other = httpx2.get(f"{service.url}/$discovery/rest?version=v2")

    assert found["rootUrl"] == f"{service.url}/"
    paths = {each["path"] for each in found["resources"]["comments"]["methods"].values()}
    assert paths == {ANALYZE[1:], SUGGEST[1:]}
    assert error(other)[:2] == (404, "NOT_FOUND")
