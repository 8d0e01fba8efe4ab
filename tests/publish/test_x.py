"""X, driven against a server on a loopback port that verifies signatures and requests as X does."""

from __future__ import annotations

import io
import logging
import socket
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import requests
import tweepy.client
from requests_oauthlib import OAuth1

from assistant.errors import NetworkError, UsageError
from assistant.models import Media, NetworkLimits, Post
from assistant.publish.credentials import Credentials
from assistant.publish.network import Network, Outcome, RemotePost
from assistant.publish.x import X
from assistant.publish.x_wire import LOGGERS
from publish.x_server import KEYS, USER_ID, XServer
from workshop import MONDAY

POST = Post("What a week for Harbour Lights.", "en", ("main",))
SHORT = timedelta(seconds=0.3)
LONG = timedelta(seconds=10)
SECRETS = (KEYS.api_key, KEYS.api_secret, KEYS.access_token, KEYS.access_token_secret)
EPOCH = int(MONDAY.timestamp())


@pytest.fixture
def server() -> Iterator[XServer]:
    """A small X, on the tests' own clock."""
    with XServer(clock=lambda: MONDAY) as running:
        yield running


def an_x(base_url: str, keys: Credentials = KEYS, timeout: timedelta = LONG) -> X:
    """An account on the server, on the tests' own clock."""
    return X(base_url, keys, timeout, clock=lambda: MONDAY)


def problem(status: int, title: str, detail: str) -> dict[str, Any]:
    """An error as X words it."""
    return {"title": title, "detail": detail, "type": "about:blank", "status": status}


DUPLICATE = problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.")
CREDITS = problem(402, "CreditsDepleted", "Your account does not have any credits.")
IN_A_MINUTE = MONDAY + timedelta(seconds=60)

ANSWERS: list[tuple[int, object, dict[str, str], Outcome]] = [
    (201, {"data": {"id": "19", "text": "…"}}, {}, Outcome("published", "19")),
    (200, {"data": {"id": "1900000000000000001"}}, {}, Outcome("published", "1900000000000000001")),
    (201, {"data": {"id": "19"}, "errors": [{"title": "a field"}]}, {}, Outcome("published", "19")),
    (201, {"data": {"id": 19}}, {}, Outcome("unknown")),
    (201, {"data": {"id": "nineteen"}}, {}, Outcome("unknown")),
    (201, {"data": {"id": "19\n"}}, {}, Outcome("unknown")),
    (201, {"data": {"id": "١٩"}}, {}, Outcome("unknown")),
    (201, {"data": {}}, {}, Outcome("unknown")),
    (201, {"data": None}, {}, Outcome("unknown")),
    (201, {"errors": []}, {}, Outcome("unknown")),
    (201, [{"data": {"id": "19"}}], {}, Outcome("unknown")),
    (201, b"<html>posted</html>", {}, Outcome("unknown")),
    (201, b"[" * 200_000, {}, Outcome("unknown")),
    (201, b"\xff\xfe\x00", {}, Outcome("unknown")),
    (201, b"", {}, Outcome("unknown")),
    (204, b"", {}, Outcome("unknown")),
    (201, b'{"data": {"id": "19"}}', {"Content-Length": "2000"}, Outcome("unknown")),
    (201, b'{"data": {"id": "19"}}', {"Content-Encoding": "gzip"}, Outcome("unknown")),
    (301, b"", {"Location": "/elsewhere"}, Outcome("unknown")),
    (307, b"", {"Location": "/2/tweets"}, Outcome("unknown")),
    (307, {"data": {"id": "19"}}, {}, Outcome("unknown")),
    (308, b"", {"Location": "https://[broken"}, Outcome("unknown")),
    (400, problem(400, "Invalid Request", "One or more parameters"), {}, Outcome("failed")),
    (401, problem(401, "Unauthorized", "Unauthorized"), {}, Outcome("failed")),
    (403, problem(403, "Forbidden", "You are not permitted."), {}, Outcome("failed")),
    (403, DUPLICATE, {}, Outcome("failed", duplicate=True)),
    (403, problem(403, "Forbidden", "DUPLICATE CONTENT"), {}, Outcome("failed", duplicate=True)),
    (400, problem(400, "Invalid", "duplicate content"), {}, Outcome("failed")),
    (403, [{"message": "no"}], {}, Outcome("failed")),
    (400, {"errors": None}, {}, Outcome("failed")),
    (400, {"errors": ["no"]}, {}, Outcome("failed")),
    (403, b"<html>no</html>", {}, Outcome("failed")),
    (402, CREDITS, {}, Outcome("held", detail="no credits")),
    (402, {"errors": [{"code": 1, "message": "credits"}]}, {}, Outcome("held", detail="no credits")),
    (402, [], {}, Outcome("held", detail="no credits")),
    (402, b"", {}, Outcome("held", detail="no credits")),
    *[(status, b"", {}, Outcome("failed")) for status in (404, 405, 408, 409, 410, 413, 418, 422, 451, 499)],
    (429, b"", {"x-rate-limit-reset": str(EPOCH + 900)}, Outcome("not sent", retry_at=MONDAY + timedelta(minutes=15))),
    (429, [], {"x-rate-limit-reset": str(EPOCH + 86_400)}, Outcome("not sent", retry_at=MONDAY + timedelta(days=1))),
    (429, b"", {}, Outcome("not sent", retry_at=IN_A_MINUTE)),
    *[
        (429, b"", {"x-rate-limit-reset": absurd}, Outcome("not sent", retry_at=IN_A_MINUTE))
        for absurd in ("", "0", "soon", "-5", "1e9", "9" * 11, "9" * 400, str(EPOCH), str(EPOCH + 86_401))
    ],
    *[(status, b"", {}, Outcome("unknown")) for status in (500, 502, 503, 504, 529, 599)],
    (500, [], {}, Outcome("unknown")),
    (503, problem(503, "Service Unavailable", "Over capacity"), {}, Outcome("unknown")),
    (700, b"", {}, Outcome("unknown")),
]


@pytest.mark.parametrize(("status", "body", "headers", "expected"), ANSWERS)
def test_each_answer_has_its_outcome_and_one_request(
    server: XServer, status: int, body: object, headers: dict[str, str], expected: Outcome
) -> None:
    """Whatever X answers, the outcome is the table's, and nothing was asked twice."""
    server.answer_next(status, body, headers)
    outcome = an_x(server.url).send(POST)
    detail = expected.detail or outcome.detail
    assert outcome == replace(expected, detail=detail)
    assert bool(outcome.detail) == (outcome.what != "published")
    assert [(request.method, request.path) for request in server.requests] == [("POST", "/2/tweets")]
    assert server.connections == 1


@pytest.mark.parametrize("does", ["hang", "reset", "close"])
@pytest.mark.parametrize("posts", [True, False])
def test_no_answer_after_the_wire_is_an_unknown(server: XServer, does: Any, posts: bool) -> None:
    """A read timeout and a broken connection leave it open whether the post is live, and are not tried again."""
    server.answer_next(does=does, posts=posts)
    began = time.monotonic()
    outcome = an_x(server.url, timeout=SHORT).send(POST)
    assert outcome.what == "unknown"
    assert time.monotonic() - began < 5
    assert server.connections == 1
    assert ("did not answer within 0.3 s (ReadTimeout)" in outcome.detail) == (does == "hang")


def test_an_earlier_answer_never_stands_for_a_later_request(server: XServer) -> None:
    """After a post that X has taken, one without an answer is still an unknown."""
    x = an_x(server.url, timeout=SHORT)
    assert x.send(POST).what == "published"
    server.answer_next(does="reset")
    assert x.send(POST).what == "unknown"
    server.answer_next(does="hang")
    with pytest.raises(NetworkError):
        x.delete("19")


def test_an_answer_without_end_is_an_unknown(server: XServer) -> None:
    """An answer that stops in its middle is none, though its status was read."""
    server.answer_next(403, b"{", {"Content-Length": "100"})
    assert an_x(server.url, timeout=SHORT).send(POST).what == "unknown"


def a_closed_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_refused_connection_is_not_sent() -> None:
    """Nobody listens: nothing was sent."""
    outcome = an_x(f"http://127.0.0.1:{a_closed_port()}").send(POST)
    expected = "X was not reached: connection refused (ConnectionRefusedError)"
    assert outcome == Outcome("not sent", detail=expected)


def test_a_name_that_is_not_found_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that no server knows: nothing was sent."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    outcome = an_x("https://api.x.invalid").send(POST)
    assert outcome == Outcome("not sent", detail="X was not reached: name not found (gaierror)")


def test_a_failed_handshake_is_not_sent(server: XServer) -> None:
    """TLS that fails before the request's bytes: nothing was sent."""
    outcome = an_x(server.url.replace("http:", "https:"), timeout=LONG).send(POST)
    assert (outcome.what, "TLS failure" in outcome.detail) == ("not sent", True)
    assert server.requests == []


def test_a_handshake_that_never_ends_is_not_sent() -> None:
    """A server that takes the connection and says nothing to TLS: nothing was sent."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = an_x(f"https://127.0.0.1:{silent.getsockname()[1]}", timeout=SHORT).send(POST)
    assert (outcome.what, "connect timeout" in outcome.detail) == ("not sent", True)


def test_a_connection_that_never_comes_is_not_sent() -> None:
    """A server whose queue is full: the connection times out, and nothing was sent."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        outcome = an_x(f"http://127.0.0.1:{full.getsockname()[1]}", timeout=SHORT).send(POST)
        for each in waiting:
            each.close()
    assert (outcome.what, "connect timeout" in outcome.detail) == ("not sent", True)


def test_each_request_has_a_connection_of_its_own(server: XServer) -> None:
    """A connection that X closes without a word is never taken again: that would make an unknown of what never left."""
    x = an_x(server.url)
    assert {x.send(POST).what for _ in range(20)} == {"published"}
    assert server.connections == 20


def test_a_redirect_of_a_post_is_not_followed(server: XServer) -> None:
    """A 307 would be the post sent a second time, and elsewhere: nobody hears from us there."""
    with XServer() as elsewhere:
        server.answer_next(307, b"", {"Location": f"{elsewhere.url}/2/tweets"})
        assert an_x(server.url).send(POST).what == "unknown"
        assert (len(server.requests), elsewhere.connections) == (1, 0)


def test_only_what_is_set_is_sent(server: XServer) -> None:
    """A post's settings go out where they are set; no member stands in a request for nothing."""
    x = an_x(server.url)
    x.send(POST)
    x.send(replace(POST, reply_settings="mentionedUsers", made_with_ai=True, paid_partnership=True))
    settings = {"reply_settings": "mentionedUsers", "made_with_ai": True, "paid_partnership": True}
    assert [request.json for request in server.requests] == [{"text": POST.text}, {"text": POST.text, **settings}]


@pytest.mark.parametrize("text", ["Récap 🎬 «100 %» & <b>", "a\ufeffb\u202e", "\ud800 alone", "e\u0301", '"\\\n\t'])
def test_the_text_goes_out_code_point_for_code_point(server: XServer, text: str) -> None:
    """What was approved is what is sent: nothing is normalised or lost on the way."""
    assert an_x(server.url).send(replace(POST, text=text)).what == "published"
    assert server.requests[0].json == {"text": text}


def test_pictures_are_refused_without_a_request(server: XServer) -> None:
    """A post with a picture never goes out without it."""
    post = replace(POST, media=(Media(path="still.png", sha256="0" * 64, alt="A harbour at night."),))
    assert an_x(server.url).send(post) == Outcome("failed", detail="pictures are not sent by this version")
    assert server.connections == 0


def test_a_network_has_all_that_the_protocol_asks_for(server: XServer) -> None:
    """X is a `Network` with X's limits."""
    network: Network = an_x(server.url)
    assert network.limits == NetworkLimits()


@pytest.mark.parametrize("name", ["api_key", "api_secret", "access_token", "access_token_secret"])
def test_the_server_refuses_what_another_key_signed(server: XServer, name: str) -> None:
    """A signature with any other secret is a 401, so that the signatures of these tests are known to be right."""
    keys = replace(KEYS, **{name: "tampered"})
    outcome = an_x(server.url, keys).send(POST)
    assert (outcome.what, outcome.detail) == ("failed", "401 Unauthorized")
    assert (len(server.refused_signatures), server.posts) == (1, [])


def test_the_server_refuses_what_was_signed_for_another_host(server: XServer) -> None:
    """A request that is signed for the library's own host and sent here is a 401: it is rewritten before it is signed."""
    auth = OAuth1(KEYS.api_key, KEYS.api_secret, KEYS.access_token, KEYS.access_token_secret)
    signed = requests.Request("POST", "https://api.twitter.com/2/tweets", json={"text": "…"}, auth=auth).prepare()
    signed.url = f"{server.url}/2/tweets"
    with requests.Session() as session, session.send(signed, timeout=10) as answer:
        assert answer.status_code == 401
    assert server.refused_signatures == ["the signature is wrong"]


def test_an_address_may_have_a_path_of_its_own() -> None:
    """A base URL with a path, and one with a slash at its end, are signed and asked as they are written."""
    with XServer(prefix="/relay/x") as server:
        assert an_x(server.url + "/").send(POST).what == "published"
        assert an_x(server.url).recent(datetime(2026, 1, 1, tzinfo=UTC)) != []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "api.x.com",
        "ftp://api.x.com",
        "https://",
        "https://me:word@api.x.com",
        "http://x/?a",
        "https://[::1",
        "https://x:one",
        "https://a b",
    ],
)
def test_what_is_no_address_is_refused_at_once(address: str) -> None:
    """A base URL that cannot be one, or that holds a password, is a fault of the configuration; it is not shown."""
    with pytest.raises(UsageError, match="base_url") as refused:
        an_x(address)
    assert "word" not in str(refused.value)


def test_nothing_of_the_environment_goes_between(
    server: XServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """Neither a proxy nor a .netrc of the environment gets hold of a request."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{a_closed_port()}")
    assert an_x(server.url).send(POST).what == "published"


def test_x_never_sleeps(server: XServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for a limit is the queue's business: one request, one answer, no nap."""
    here, sleep = threading.get_ident(), time.sleep
    naps: list[float] = []

    def watched(seconds: float) -> None:
        """`time.sleep` is everybody's: a thread of somebody else (Py4J's, where Spark ran before) may sleep."""
        (naps.append if threading.get_ident() == here else sleep)(seconds)

    monkeypatch.setattr(tweepy.client.time, "sleep", watched)
    for headers in ({}, {"x-rate-limit-reset": str(int(time.time()) + 5)}):
        server.answer_next(429, b"", headers)
        assert an_x(server.url).send(POST).what == "not sent"
    assert len(server.requests) == 2
    assert not naps


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (problem(403, "Forbidden", "Not you."), "403 Forbidden: Not you."),
        ({"errors": [{"message": "One."}, {"message": "Two."}]}, "403 One.; Two."),
        ({"errors": [{"title": "A", "detail": "b"}], "title": "Invalid"}, "403 Invalid; A: b"),
        ({"title": 7, "detail": ["no"]}, "403 Forbidden"),
        (b"", "403 Forbidden"),
        (problem(403, "Forbidden", "x" * 9000), "403 Forbidden: " + "x" * 485),
        (problem(403, "\x1b[2J", "[/b]"), "403 \x1b[2J: [/b]"),
        (problem(403, "a\x00b", "c\ud800d"), "403 a\ufffdb: c\ufffdd"),
        (problem(403, "Forbidden", f"key {KEYS.api_secret} and {KEYS.access_token}"), "403 Forbidden: key … and …"),
    ],
)
def test_a_refusal_is_told_in_the_words_of_x(server: XServer, body: object, told: str) -> None:
    """X's title and detail reach the reviewer, short, storable, and without our secrets."""
    server.answer_next(403, body)
    assert an_x(server.url).send(POST).detail == told


def test_no_secret_is_ever_shown(server: XServer, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a repr, a message, a traceback nor a log at DEBUG holds a secret or a signature."""
    x = an_x(server.url, timeout=SHORT)
    for name in ("", *LOGGERS, *logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    logging.getLogger("assistant").debug("this is heard")
    shown = [repr(KEYS), str(KEYS), repr(x), f"{KEYS!r:>30}"]
    for canned in ({}, {"status": 403, "body": [KEYS.api_secret]}, {"does": "reset"}, {"does": "hang"}):
        server.answer_next(**canned)
        shown.append(repr(x.send(POST)))
    server.answer_next(500, {"detail": " ".join(SECRETS)}, times=2)
    for ask in (lambda: x.recent(MONDAY), lambda: x.delete("1")):
        with pytest.raises(NetworkError) as failed:
            ask()
        shown.append("".join(traceback.format_exception(failed.value, chain=True)))
        assert failed.value.__context__ is None
    assert "this is heard" in caplog.text
    text = "\n".join([*shown, caplog.text])
    assert not [secret for secret in (*SECRETS, "oauth_", "Bearer") if secret in text]


def test_the_libraries_loggers_are_capped(server: XServer) -> None:
    """The libraries that sign and send log no DEBUG from then on, not even one that is asked for later."""
    an_x(server.url)
    loggers = [logging.getLogger(name) for name in (*LOGGERS, "tweepy.client", "requests_oauthlib.oauth1_auth")]
    assert all(logger.level >= logging.WARNING for logger in loggers)
    logger, stream = logging.getLogger("tweepy.client"), io.StringIO()
    handler, before = logging.StreamHandler(stream), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.debug("Headers: …")
    logger.warning("heard")
    logger.removeHandler(handler)
    logger.setLevel(before)
    assert stream.getvalue() == "heard\n"


def test_recent_reads_every_page_since_an_instant(server: XServer) -> None:
    """The account's own posts since an instant, in any zone, over as many pages as there are."""
    server.add("too early", at=MONDAY - timedelta(minutes=3))
    ids = [server.add(f"post {number}", at=MONDAY + timedelta(seconds=number)) for number in range(250)]
    x = an_x(server.url)
    paris = timezone(timedelta(hours=1))
    posts = x.recent(MONDAY.astimezone(paris))
    assert [post.id for post in posts] == ids[::-1]
    assert posts[-1] == RemotePost(ids[0], "post 0", MONDAY)
    x.recent(MONDAY)
    paths = [request.path for request in server.requests]
    assert paths == ["/2/users/me", *[f"/2/users/{USER_ID}/tweets"] * 6]
    query = {
        "exclude": "replies,retweets",
        "max_results": "100",
        "post.fields": "created_at,entities",
        "start_time": "2026-11-23T10:00:00Z",
    }
    assert [request.query for request in server.requests[1:4]] == [
        query, query | {"pagination_token": "100"}, query | {"pagination_token": "200"}
    ]  # fmt: skip


def test_recent_is_empty_where_nothing_was_posted(server: XServer) -> None:
    """No post is an empty list, and no error."""
    assert an_x(server.url).recent(MONDAY) == []


def test_recent_gives_up_where_there_is_no_end(server: XServer) -> None:
    """After ten pages it says that not all was read: a post that was not read may be the one that is looked for."""
    x = an_x(server.url)
    x.recent(MONDAY)
    server.answer_next(200, {"data": [], "meta": {"next_token": "again"}}, times=10)
    with pytest.raises(NetworkError, match="more than 1000 posts"):
        x.recent(MONDAY)
    assert len(server.requests) == 12


def test_recent_says_what_each_link_stands_for(server: XServer) -> None:
    """A shortened link comes with its target, the post's own picture with none; one without a target is left out."""
    media = {"url": "https://t.co/p", "expanded_url": "https://x.com/ours/status/1/photo/1", "start": 0, "end": 0}
    urls: list[dict[str, Any]] = [
        {
            "url": "https://t.co/a",
            "expanded_url": "https://example.org/week?a=1&b=2",
            "display_url": "example.org/week",
        },
        {**media, "display_url": "pic.x.com/p"},
        {**media, "url": "https://t.co/q", "display_url": "pic.twitter.com/q"},
        {**media, "url": "https://t.co/r", "media_key": "3_19"},
        {"url": "https://t.co/s", "expanded_url": None},
    ]
    server.add("see", urls=urls)
    server.add("Tea & biscuits: https://example.org/tea.")
    newer, older = an_x(server.url).recent(MONDAY)
    assert older.links == (
        ("https://t.co/a", "https://example.org/week?a=1&b=2"),
        ("https://t.co/p", None),
        ("https://t.co/q", None),
        ("https://t.co/r", None),
    )
    assert newer.text.startswith("Tea &amp; biscuits: https://t.co/")
    assert newer.links[0][1] == "https://example.org/tea."


def test_recent_asks_by_the_older_name_where_the_newer_is_not_known() -> None:
    """Where X does not know `post.fields` yet, the same is asked once more with `tweet.fields`, and so from then on."""
    with XServer(specification=False) as server:
        x = an_x(server.url)
        x.recent(MONDAY)
        refusal = "The query parameter [post.fields] is not one of [id,tweet.fields]"
        server.answer_next(400, {"errors": [{"message": refusal}], "title": "Invalid Request"})
        x.recent(MONDAY)
        x.recent(MONDAY)
    names = [sorted(name for name in request.query if name.endswith("fields")) for request in server.requests[1:]]
    assert names == [["post.fields"], ["post.fields"], ["tweet.fields"], ["tweet.fields"]]


@pytest.mark.parametrize("broken", [
    (200, b"<html>"), (200, []), (200, {}), (200, {"data": None}), (200, {"data": 7}), (200, {"data": [7]}),
    (200, {"data": [{"id": "1", "text": "a"}]}), (200, {"data": [{"id": 1, "text": "a", "created_at": "2026-11-23T10:00:00Z"}]}),
    (200, {"data": [{"id": "1", "text": 7, "created_at": "2026-11-23T10:00:00Z"}]}),
    (200, {"data": [{"id": "1", "text": "a", "created_at": "2026-11-23T10:00:00"}]}),
    (200, {"data": [{"id": "1", "text": "a", "created_at": "never"}]}),
    (200, {"data": [], "meta": {"next_token": 7}}), (200, {"data": [], "meta": None}),
    (200, {"errors": [problem(200, "Not Found Error", "Nobody")]}),
    (307, b""), (400, b""), (401, []), (403, problem(403, "Forbidden", "No.")), (404, b""), (500, b""), (204, b""),
])  # fmt: skip
def test_an_unreadable_timeline_is_told(server: XServer, broken: tuple[int, object]) -> None:
    """Anything but a timeline is a `NetworkError` with a remedy, never an empty list."""
    x = an_x(server.url)
    x.recent(MONDAY)
    server.answer_next(*broken)
    with pytest.raises(NetworkError) as failed:
        x.recent(MONDAY)
    assert failed.value.remedy


@pytest.mark.parametrize("body", [{"data": {}}, {"data": {"id": "../../me"}}, {"data": []}, b"no"])
def test_an_account_without_an_id_is_told(server: XServer, body: object) -> None:
    """Without our own id there is no timeline to read, and nothing is guessed."""
    server.answer_next(200, body)
    with pytest.raises(NetworkError, match="cannot be read"):
        an_x(server.url).recent(MONDAY)
    assert len(server.requests) == 1


def test_a_limit_on_reading_names_its_time(server: XServer) -> None:
    """429 on reading says until when."""
    server.answer_next(429, b"", {"x-rate-limit-reset": str(EPOCH + 900)})
    with pytest.raises(NetworkError, match="until 2026-11-23 10:15:00 UTC"):
        an_x(server.url).recent(MONDAY)


def test_a_secret_that_x_refuses_is_told_so(server: XServer) -> None:
    """401 on reading points to the account's secrets."""
    with pytest.raises(NetworkError, match="secrets"):
        an_x(server.url, replace(KEYS, api_secret="other")).recent(MONDAY)


@pytest.mark.parametrize("does", ["hang", "reset", "close"])
def test_a_timeline_that_does_not_come_is_told(server: XServer, does: Any) -> None:
    """A broken connection on reading is a `NetworkError`."""
    server.answer_next(does=does)
    with pytest.raises(NetworkError, match="cannot be read"):
        an_x(server.url, timeout=SHORT).recent(MONDAY)


def test_delete_takes_a_post_down_and_may_be_asked_twice(server: XServer) -> None:
    """A deleted post is gone; deleting it again is no error."""
    x = an_x(server.url)
    remote_id = x.send(POST).remote_id or ""
    x.delete(remote_id)
    x.delete(remote_id)
    assert server.posts == []
    assert [request.method for request in server.requests] == ["POST", "DELETE", "DELETE"]


@pytest.mark.parametrize("host", ["api.twitter.com", "api.x.com"])
def test_a_post_that_x_does_not_find_is_gone(server: XServer, host: str) -> None:
    """Both of X's spellings of "not found" in a 200 say that the post is gone."""
    server.answer_next(200, {"errors": [{"type": f"https://{host}/2/problems/resource-not-found", "title": "No"}]})
    an_x(server.url).delete("19")


@pytest.mark.parametrize("canned", [
    {"status": 200, "body": {"data": {"deleted": False}}}, {"status": 200, "body": {"data": {"deleted": "true"}}},
    {"status": 200, "body": {"data": None, "errors": [{"type": "https://api.x.com/2/problems/resource-not-found"}]}},
    {"status": 200, "body": b""}, {"status": 200, "body": []}, {"status": 204},
    {"status": 202, "body": {"data": {"deleted": True}}},
    {"status": 307}, {"status": 401}, {"status": 403}, {"status": 429}, {"status": 500},
    {"does": "hang"}, {"does": "reset"}, {"does": "close"},
])  # fmt: skip
def test_a_deletion_that_is_not_certain_is_told(server: XServer, canned: dict[str, Any]) -> None:
    """Anything but a clear yes says that it is not certain, and that asking again does no harm."""
    server.answer_next(**canned)
    with pytest.raises(NetworkError, match=r"not certain.*Asking again"):
        an_x(server.url, timeout=SHORT).delete("19")
    assert server.connections == 1


@pytest.mark.parametrize("remote_id", ["", "me", "1/../2", "1?x=2", "１", "1" * 20, "-1"])
def test_what_is_no_id_is_never_asked_for(server: XServer, remote_id: str) -> None:
    """An id from elsewhere cannot lead a deletion to another address."""
    with pytest.raises(UsageError):
        an_x(server.url).delete(remote_id)
    assert server.connections == 0


@pytest.mark.parametrize(("text", "cost"), [
    ("What a week.", 0.015), ("3.5 million hours. Then 4.", 0.015), ("Mr.Robot, e.g. S.W.A.T.", 0.015),
    ("See example.com", 0.20), ("See https://example.org/week", 0.20), ("🥹example.com", 0.20),
    ("a." * 2000, 0.20), ("", 0.015),
])  # fmt: skip
def test_a_link_is_what_makes_a_post_dear(server: XServer, text: str, cost: float) -> None:
    """X's two prices, by whether the network would make a link of any of it; in no time, whatever the text."""
    began = time.monotonic()
    assert an_x(server.url).cost_usd(replace(POST, text=text)) == cost
    assert time.monotonic() - began < 3


def test_the_server_takes_no_half_request(server: XServer) -> None:
    """A client that dies in its request has asked for nothing, and is no fault of the test."""
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as client:
        client.sendall(b"POST /2/tweets HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{")
    assert an_x(server.url).recent(MONDAY) == []
    assert [request.method for request in server.requests] == ["GET", "GET"]


def test_the_server_can_be_looked_at_from_another_process(server: XServer) -> None:
    """What is live stands at an address of its own, so that a test can ask for it from wherever it runs."""
    server.answer_next(503, posts=True)
    assert an_x(server.url).send(POST).what == "unknown"
    answer = requests.get(f"{server.url}/_posts", timeout=10)
    assert [post["text"] for post in answer.json()] == [POST.text]
    assert len(server.requests) == 1


def test_a_request_that_x_does_not_allow_fails_its_test() -> None:
    """What X's specification does not allow is raised when the server is left, whatever became of it there."""
    server = XServer()
    with pytest.raises(AssertionError, match="no such parameter"), server:
        server.violations.append("no such parameter")
