"""Requests and the test server's answers, held against X's own specification."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.models import Post
from assistant.publish.x import X
from publish.x_server import KEYS, USER_ID, Request, XServer
from publish.x_specification import Specification
from workshop import MONDAY

POST = Post("What a week for Harbour Lights: https://example.org/a.", "en", ("main",))


@pytest.fixture
def specification(shared: Path) -> Specification:
    """X's OpenAPI file."""
    return Specification(shared / "x_api" / "openapi.json")


def test_every_request_is_one_that_x_specifies(specification: Specification) -> None:
    """Posting in every setting, reading over pages and deleting ask for nothing that X does not know."""
    with XServer(clock=lambda: MONDAY) as server:
        x = X(server.url, KEYS, timedelta(seconds=10))
        for setting in (None, "following", "mentionedUsers", "subscribers", "verified"):
            x.send(replace(POST, reply_settings=setting, made_with_ai=setting is None, paid_partnership=True))
        for number in range(200):
            server.add(f"post {number}")
        x.delete(x.recent(MONDAY)[0].id)
    faults = [
        specification.faults(each.method, each.path, each.query, each.json if each.body else None)
        for each in server.requests
    ]
    assert len(faults) == 10
    assert not any(faults)


def test_the_test_server_answers_as_x_specifies(specification: Specification) -> None:
    """What the tests take for X's answers are answers that X gives."""
    with XServer() as server:
        remote_id = server.add("Tea & biscuits: https://example.org/tea")
        asked = [
            Request("POST", "/2/tweets", {}, {}, b'{"text": "a"}'),
            Request("GET", "/2/users/me", {}, {}, b""),
            Request("GET", f"/2/users/{USER_ID}/tweets", {}, {}, b""),
            Request("DELETE", f"/2/tweets/{remote_id}", {}, {}, b""),
            Request("DELETE", "/2/tweets/19", {}, {}, b""),
        ]
        answers = [server.reply(request) for request in asked]
    assert [status for status, _ in answers] == [201, 200, 200, 200, 404]
    for request, (status, body) in zip(asked[:-1], answers[:-1], strict=True):
        assert specification.faults_in_answer(request.method, request.path, status, body) == []


@pytest.mark.parametrize(("method", "path", "query", "body"), [
    ("POST", "/2/tweets", {}, {"text": "a", "colour": "red"}), ("POST", "/2/tweets", {}, {"text": 7}),
    ("POST", "/2/tweets", {}, None), ("POST", "/2/tweets", {}, {"text": "a", "reply_settings": "everyone"}),
    ("POST", "/2/tweets", {"dry": "1"}, {"text": "a"}), ("PUT", "/2/tweets", {}, {"text": "a"}),
    ("GET", "/2/users/7/tweets", {"tweet.fields": "created_at"}, None),
    ("GET", "/2/users/7/tweets", {"max_results": "101"}, None),
    ("GET", "/2/users/7/tweets", {"exclude": "replies,replies"}, None), ("GET", "/2/users/me", {}, {}),
    ("DELETE", "/2/tweets/me", {}, None), ("GET", "/2/elsewhere", {}, None),
])  # fmt: skip
def test_the_judge_finds_what_is_wrong(
    specification: Specification, method: str, path: str, query: dict[str, str], body: object
) -> None:
    """A request that X would not take is found, so that finding none means something."""
    assert specification.faults(method, path, query, body)
