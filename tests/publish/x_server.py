"""X on a loopback port: verifies each signature itself, keeps a timeline, and misbehaves when it is told to.

    with XServer() as server:
        X(server.url, KEYS, timeout)            posts into `server.posts`, each request is in `server.requests`
        server.answer_next(503)                 the next request is answered so, and posts nothing
        server.answer_next(503, posts=True)     the same, but the post is live
        server.answer_next(does="hang")         or "reset" (after reading the request), "close" (before reading it)

Other processes reach it at its address; what is live stands also at `GET /_posts`, unsigned. Where X's OpenAPI file is at
hand, each request is held against it: what it does not allow is answered with 400 and raised when the server is left.
"""

from __future__ import annotations

import base64
import hmac
import html
import json
import os
import re
import socket
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from assistant.publish.credentials import Credentials
from publish.x_specification import Specification
from workshop import SHARED

KEYS = Credentials("key-of-the-app", "secret-of-the-app", "7-token-of-the-account", "secret-of-the-account")
USER_ID = "2244994945"
OPENAPI = SHARED / "x_api" / "openapi.json"
_LINK = re.compile(r"https?://[^\s<>\"]+")
_NO_LINGER = struct.pack("ii", 1, 0)  # close with a reset
_LATE = 300  # seconds: how far a signature's time may be from ours


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What to do with a request; a status of None: what X would do."""

    status: int | None = None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    does: Literal["answer", "hang", "reset", "close"] = "answer"
    posts: bool = False


class XServer:
    """A small X."""

    def __init__(
        self,
        keys: Credentials = KEYS,
        *,
        prefix: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        specification: bool = True,
    ) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self.refused_signatures: list[str] = []
        self.violations: list[str] = []
        self.over = threading.Event()
        self.prefix = prefix
        self._keys, self._clock = keys, clock
        self._timeline: list[dict[str, Any]] = []
        self._answers: deque[Answer] = deque()
        self._nonces: set[str] = set()
        self._number = 1_900_000_000_000_000_000
        self._lock = threading.RLock()
        self._specification = Specification(OPENAPI) if specification and OPENAPI.exists() else None
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.x = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        if kind is None:
            assert not self.violations, self.violations

    @property
    def url(self) -> str:
        """What an account's base_url is set to."""
        return f"http://127.0.0.1:{self._server.server_port}{self.prefix}"

    @property
    def posts(self) -> list[dict[str, Any]]:
        """What is live, the oldest first, as the timeline gives it."""
        with self._lock:
            return list(self._timeline)

    def answer_next(
        self,
        status: int | None = None,
        body: object = b"",
        headers: Mapping[str, str] | None = None,
        *,
        does: Literal["answer", "hang", "reset", "close"] = "answer",
        posts: bool = False,
        times: int = 1,
    ) -> None:
        """What to do with the next request (the next `times`); a body that is no bytes is sent as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._answers.extend([Answer(status, raw, headers or {}, does, posts)] * times)

    def add(self, text: str, *, at: datetime | None = None, urls: list[dict[str, Any]] | None = None) -> str:
        """Put a post on the timeline as X would keep it; its id. With `urls` the text is kept as it is given."""
        with self._lock:
            self._number += 1
            kept, entities = (text, urls) if urls is not None else self._shortened(text)
            created = (at or self._clock()).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            post = {"id": str(self._number), "text": kept, "created_at": created}
            self._timeline.append(post | ({"entities": {"urls": entities}} if entities else {}))
            return post["id"]

    def _shortened(self, text: str) -> tuple[str, list[dict[str, Any]]]:
        """X's hand in a text: links become t.co ones; then `&`, `<` and `>` are entities."""
        urls: list[dict[str, Any]] = []

        def short(match: re.Match[str]) -> str:
            link = f"https://t.co/a{self._number % 10**9:09d}{len(urls)}"
            urls.append({"start": 0, "end": 0, "url": link, "expanded_url": match[0], "display_url": match[0][8:30]})
            return link

        return html.escape(_LINK.sub(short, text), quote=False), urls

    def next_answer(self, does: str | None = None) -> Answer:
        """The answer that is next in line; with `does` only where that is what it does."""
        with self._lock:
            if not self._answers or (does is not None and self._answers[0].does != does):
                return Answer()
            return self._answers.popleft()

    def refusal(self, request: Request) -> tuple[int, object] | None:
        """401 for a signature that is not this request's, 400 for what the specification does not allow; else None."""
        with self._lock:
            wrong = self._signature_fault(request)
            if wrong:
                self.refused_signatures.append(wrong)
                return 401, _problem(401, "Unauthorized", "Unauthorized")
            faults = self._faults(request)
            self.violations += faults
            return (400, _problem(400, "Invalid Request", "; ".join(faults))) if faults else None

    def reply(self, request: Request) -> tuple[int, object]:
        """What X would answer, done."""
        with self._lock:
            return self._routed(request)

    def _faults(self, request: Request) -> list[str]:
        if self._specification is None:
            return []
        return self._specification.faults(request.method, request.path, request.query, _json_of(request))

    def _routed(self, request: Request) -> tuple[int, object]:
        match request.method, request.path.strip("/").split("/"):
            case "POST", ["2", "tweets"]:
                text = request.json["text"]
                return 201, {"data": {"id": self.add(text), "text": text}}
            case "GET", ["2", "users", "me"]:
                return 200, {"data": {"id": USER_ID, "name": "Ours", "username": "ours"}}
            case "GET", ["2", "users", "2244994945", "tweets"]:
                return 200, self._page(request.query)
            case "DELETE", ["2", "tweets", remote_id]:
                return self._deleted(remote_id)
        return 404, _problem(404, "Not Found", "There is no such thing")

    def _page(self, query: Mapping[str, str]) -> dict[str, Any]:
        since = datetime.fromisoformat(query.get("start_time", "2006-03-21T00:00:00Z"))
        found = [post for post in reversed(self._timeline) if datetime.fromisoformat(post["created_at"]) >= since]
        size, first = int(query.get("max_results", "10")), int(query.get("pagination_token", "0"))
        page = found[first : first + size]
        meta: dict[str, Any] = {"result_count": len(page)}
        if first + size < len(found):
            meta["next_token"] = str(first + size)
        return {"data": page, "meta": meta} if page else {"meta": meta}

    def _deleted(self, remote_id: str) -> tuple[int, object]:
        left = [post for post in self._timeline if post["id"] != remote_id]
        if len(left) == len(self._timeline):
            kind = "https://api.twitter.com/2/problems/resource-not-found"
            return 404, {**_problem(404, "Not Found Error", "Could not find tweet"), "type": kind}
        self._timeline = left
        return 200, {"data": {"deleted": True}}

    def _signature_fault(self, request: Request) -> str | None:
        """Why the OAuth 1.0a signature is not that of this request, sent here; None where it is."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        oauth = {name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', given)}
        signature = oauth.pop("oauth_signature", "")
        oauth.pop("realm", None)
        if scheme != "OAuth" or oauth.get("oauth_signature_method") != "HMAC-SHA1":
            return "it is not OAuth 1.0a with HMAC-SHA1"
        if (oauth.get("oauth_consumer_key"), oauth.get("oauth_token")) != (self._keys.api_key, self._keys.access_token):
            return "the app or the account is another"
        nonce = oauth.get("oauth_nonce", "")
        if abs(int(oauth.get("oauth_timestamp", "0")) - time.time()) > _LATE or not nonce or nonce in self._nonces:
            return "the time is off, or the nonce was used before"
        self._nonces.add(nonce)
        return None if hmac.compare_digest(signature, self._signature(request, oauth)) else "the signature is wrong"

    def _signature(self, request: Request, oauth: Mapping[str, str]) -> str:
        where = f"http://127.0.0.1:{self._server.server_port}{self.prefix}{request.path}"
        pairs = sorted((_encoded(name), _encoded(value)) for name, value in [*oauth.items(), *request.query.items()])
        parameters = "&".join(f"{name}={value}" for name, value in pairs)
        base = "&".join(_encoded(part) for part in (request.method, where, parameters))
        key = f"{_encoded(self._keys.api_secret)}&{_encoded(self._keys.access_token_secret)}"
        return base64.b64encode(hmac.digest(key.encode(), base.encode(), "sha1")).decode()


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")


def _json_of(request: Request) -> object:
    if not request.body:
        return None
    return (
        request.json if "json" in request.headers.get("content-type", "") else request.body.decode("utf-8", "replace")
    )


def _problem(status: int, title: str, detail: str) -> dict[str, Any]:
    return {"title": title, "detail": detail, "type": "about:blank", "status": status}


class _Server(ThreadingHTTPServer):
    x: XServer
    daemon_threads = False  # joined when the server is left, so that nothing of it outlives a test

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what the tests are about; anything else is a fault of this server."""
        error = sys.exception()
        if not isinstance(error, OSError):
            self.x.violations.append(repr(error))


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        self.server.x.connections += 1
        if self.server.x.next_answer("close").does != "close":
            super().handle()

    def do_GET(self) -> None:
        if self.path == "/_posts":
            return self._say(200, json.dumps(self.server.x.posts).encode(), {})
        return self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        x, request = self.server.x, self._request()
        x.requests.append(request)
        answer, refusal = x.next_answer(), x.refusal(request)
        status, body = answer.status, answer.body
        if refusal is not None or answer == Answer() or answer.posts:
            replied, value = refusal or x.reply(request)
            status, body = (status, body) if status and refusal is None else (replied, json.dumps(value).encode())
        self._do(answer, status or 500, body)

    def _do(self, answer: Answer, status: int, body: bytes) -> None:
        if answer.does == "hang":
            self.server.x.over.wait(30)
            self.close_connection = True
        elif answer.does == "reset":
            self._reset()
        else:
            self._say(status, body, answer.headers)

    def _request(self) -> Request:
        address = urlsplit(self.path)
        path = address.path.removeprefix(self.server.x.prefix)
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = int(headers.get("content-length", "0"))
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionAbortedError("the client went away in its request")
        return Request(self.command, path, dict(parse_qsl(address.query)), headers, body)

    def _say(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        told = {"Content-Type": "application/json", "Content-Length": str(len(body)), "x-rate-limit-remaining": "99"}
        for name, value in (told | dict(headers)).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True  # without having said so, as a server that closes an idle connection does

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        os.close(self.connection.detach())
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""
