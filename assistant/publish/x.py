"""X. This is the only file that knows tweepy, and it takes no more of it than the signing of requests (OAuth 1.0a).

What became of a request is told by two facts alone: whether a connection was made at all, and the status of the answer.
tweepy's exceptions are not asked: some of them break over an error's body and lose its status on the way.

    no connection: name not found, refused, TLS, timed out      not sent: the request's bytes come after the connection
    an answer                                                   by its status, see `_judged`
    anything else                                               unknown: the post may be live

Nothing between us and X may send a post twice or answer for X: redirects are not followed, nothing is retried, each
request has a connection of its own (an idle one that X has closed meanwhile would make an unknown of a post that never
left), and of the environment neither proxies nor .netrc nor certificate bundles are used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import tweepy

from assistant.errors import NetworkError, UsageError
from assistant.models import NetworkLimits, Post
from assistant.publish.credentials import Credentials
from assistant.publish.network import Outcome, RemotePost
from assistant.publish.x_wire import Session, Unreached, hush, why_unreached

T = TypeVar("T")

# X's published prices of August 2026, in US dollars a post.
COST_USD = 0.015
COST_WITH_LINK_USD = 0.20

LONGEST_DETAIL = 500
LONGEST_WAIT = timedelta(hours=24)
WAIT_UNTOLD = timedelta(seconds=60)  # 429 without a time that can be believed
PAGE, PAGES = 100, 10
_LONGEST_PARSED = 600  # the link parser takes seconds on thousands of "a.a."; nothing that long goes out without a link
_MAYBE_LINK = re.compile(r"\S\.[^\s.]")
_ID = re.compile(r"[0-9]{1,19}")
_EPOCH = re.compile(r"[0-9]{1,11}")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")  # what neither UTF-8 nor PostgreSQL can hold
_OWN_MEDIA = ("pic.x.com/", "pic.twitter.com/")
# X is renaming `tweet.fields`, which tweepy still uses; asking for an unknown name is a 400 that names it.
_FIELD_NAMES = ("post.fields", "tweet.fields")


class X:
    """One account on X, for one thread at a time."""

    limits: NetworkLimits

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        timeout: timedelta,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.limits = NetworkLimits()
        self._clock = clock
        self._timeout = timeout
        self._secrets = (
            credentials.api_key, credentials.api_secret, credentials.access_token, credentials.access_token_secret
        )  # fmt: skip
        self._session = Session(_address(base_url), timeout)
        self._client = tweepy.Client(
            consumer_key=credentials.api_key,
            consumer_secret=credentials.api_secret,
            access_token=credentials.access_token,
            access_token_secret=credentials.access_token_secret,
            wait_on_rate_limit=False,
        )
        self._client.session = self._session
        self._user_id: str | None = None
        self._fields = _FIELD_NAMES[0]
        hush()

    def send(self, post: Post) -> Outcome:
        """One request to post, never more; every exception after the first byte is an `unknown`."""
        if post.media:
            return Outcome("failed", detail="pictures are not sent by this version")
        try:
            return self._judged(self._ask("POST", "/2/tweets", json=_body(post)))
        except Unreached as error:
            return Outcome("not sent", detail=f"X was not reached: {why_unreached(error)}")
        except Exception as error:
            return Outcome("unknown", detail=f"{self._what_broke(error)}; the post may be live")

    def recent(self, since: datetime) -> list[RemotePost]:
        """The account's own posts since an instant, replies and reposts left out; `NetworkError` where it cannot be read."""
        route = f"/2/users/{self._own_id()}/tweets"
        asked = {"exclude": "replies,retweets", "max_results": str(PAGE), "start_time": _utc_seconds(since)}
        posts: list[RemotePost] = []
        for _ in range(PAGES):
            page = self._timeline_page(route, asked)
            posts += _understood(_posts_of, page)
            token = _understood(_next_token, page)
            if not token:
                return posts
            asked["pagination_token"] = token
        raise NetworkError(
            f"The account has more than {PAGE * PAGES} posts since {_utc_seconds(since)}: not all were read.",
            remedy="Look on X itself, then: assistant resolve",
        )

    def delete(self, remote_id: str) -> None:
        """Take a post down; one that is gone already is no error. `NetworkError` where that is not certain."""
        if not _ID.fullmatch(remote_id):
            raise UsageError(f"{remote_id[:40]!r} is not an id of X.", remedy="An id is up to 19 digits.")
        unsure = f"It is not certain that post {remote_id} is gone"
        remedy = "Asking again does no harm."
        answer = self._reach("DELETE", f"/2/tweets/{remote_id}", unsure, remedy)
        if answer.status_code == HTTPStatus.NOT_FOUND or (answer.status_code == HTTPStatus.OK and _is_gone(answer)):
            return
        raise NetworkError(f"{unsure}: {self._told(answer)}.", remedy=remedy)

    def cost_usd(self, post: Post) -> float:
        """What sending it costs, in US dollars: X's published prices of August 2026."""
        return COST_WITH_LINK_USD if _has_link(post.text) else COST_USD

    def _ask(self, method: str, route: str, **request: Any) -> requests.Response:
        """The answer to one signed request, whatever its status; what was raised, where there was no whole answer."""
        self._session.answer = None
        failure: Exception | None = None
        try:
            self._client.request(method, route, user_auth=True, **request)
        except Exception as error:
            failure = error
        if self._session.answer is not None:
            return self._session.answer
        raise failure or RuntimeError("tweepy sent nothing")

    def _judged(self, answer: requests.Response) -> Outcome:
        """The outcome of a post by the status of its answer."""
        status = answer.status_code
        if 200 <= status < 300:
            return self._published(answer)
        if status == HTTPStatus.PAYMENT_REQUIRED:
            return Outcome("held", detail="no credits")
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            retry_at = self._reset(answer)
            return Outcome("not sent", detail=f"X asks to wait: again at {retry_at:%H:%M:%S} UTC", retry_at=retry_at)
        if 400 <= status < 500:
            duplicate = status == HTTPStatus.FORBIDDEN and "duplicate content" in _words(answer).lower()
            return Outcome("failed", detail=self._told(answer), duplicate=duplicate)
        what = "a redirect was not followed" if 300 <= status < 400 else "the post may be live"
        return Outcome("unknown", detail=f"{what}: {self._told(answer)}"[:LONGEST_DETAIL])

    def _published(self, answer: requests.Response) -> Outcome:
        remote_id = _data(answer).get("id")
        if isinstance(remote_id, str) and _ID.fullmatch(remote_id):
            return Outcome("published", remote_id=remote_id)
        return Outcome("unknown", detail=f"X answered {answer.status_code} without an id; the post may be live")

    def _reset(self, answer: requests.Response) -> datetime:
        """When X will take requests again; in a minute, where it names no time, one that is past or over a day away."""
        now = self._clock()
        named = answer.headers.get("x-rate-limit-reset", "").strip()
        if _EPOCH.fullmatch(named) and now < (reset := datetime.fromtimestamp(int(named), UTC)) <= now + LONGEST_WAIT:
            return reset
        return now + WAIT_UNTOLD

    def _own_id(self) -> str:
        if self._user_id is None:
            self._user_id = _understood(_user_id_of, self._read("/2/users/me", {}))
        return self._user_id

    def _timeline_page(self, route: str, asked: Mapping[str, str]) -> requests.Response:
        fields = "created_at,entities"
        answer = self._get(route, {**asked, self._fields: fields})
        if answer.status_code == HTTPStatus.BAD_REQUEST and self._fields in answer.text:
            self._fields = next(name for name in _FIELD_NAMES if name != self._fields)
            answer = self._get(route, {**asked, self._fields: fields})
        return self._readable(answer)

    def _read(self, route: str, params: Mapping[str, str]) -> requests.Response:
        return self._readable(self._get(route, params))

    def _get(self, route: str, params: Mapping[str, str]) -> requests.Response:
        return self._reach("GET", route, "The account on X cannot be read", "Try again later.", params=params)

    def _readable(self, answer: requests.Response) -> requests.Response:
        told = _object(_json(answer)).keys()
        if answer.status_code == HTTPStatus.OK and ("data" in told or "meta" in told):
            return answer
        if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            until = f"{self._reset(answer):%Y-%m-%d %H:%M:%S} UTC"
            raise NetworkError(f"X lets nothing be read until {until}.", remedy="Try again after that.")
        refused = answer.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
        remedy = "Look at the account's secrets and the app's permissions." if refused else "Try again later."
        raise NetworkError(f"The account on X cannot be read: {self._told(answer)}.", remedy=remedy)

    def _reach(self, method: str, route: str, failed: str, remedy: str, **request: Any) -> requests.Response:
        """The answer, or a `NetworkError`; raised outside of the handler, so that no request hangs on its context."""
        try:
            return self._ask(method, route, **request)
        except Unreached as error:
            problem = f"X was not reached: {why_unreached(error)}"
        except Exception as error:
            problem = self._what_broke(error)
        raise NetworkError(f"{failed}: {problem}.", remedy=remedy)

    def _what_broke(self, error: Exception) -> str:
        if isinstance(error, requests.Timeout):
            return f"X did not answer within {self._timeout.total_seconds():g} s ({type(error).__name__})"
        if isinstance(error, requests.RequestException):
            return f"the connection to X broke ({type(error).__name__})"
        return f"the answer of X was not understood ({type(error).__name__})"

    def _told(self, answer: requests.Response) -> str:
        """The status and X's own words, without our secrets and in what a store can hold."""
        told = _words(answer)
        for secret in self._secrets:
            told = told.replace(secret, "…") if secret else told
        return _UNSTORABLE.sub("\ufffd", f"{answer.status_code} {told}")[:LONGEST_DETAIL]


def _address(base_url: str) -> str:
    """The API's address, refused at once where no request could ever reach it or where a password stands in it."""
    address = base_url.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # half an IPv6 address, a port that is no number
        usable = False
    if not usable or set("@?# ") & set(address):
        raise UsageError("The account's base_url is not an address of an API.", remedy="Write https://api.x.com")
    return address


def _body(post: Post) -> dict[str, Any]:
    settings = {
        "reply_settings": post.reply_settings,
        "made_with_ai": post.made_with_ai,
        "paid_partnership": post.paid_partnership,
    }
    return {"text": post.text, **{name: value for name, value in settings.items() if value}}


def _has_link(text: str) -> bool:
    """As the length check finds links; a text too long to be parsed is taken for the dearer one."""
    if not _MAYBE_LINK.search(text):
        return False
    if len(text) > _LONGEST_PARSED:
        return True
    from twitter_text import extract_urls

    return bool(extract_urls(text))


def _utc_seconds(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except (ValueError, RecursionError):
        return None


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _data(answer: requests.Response) -> dict[str, Any]:
    return _object(_object(_json(answer)).get("data"))


def _problems(answer: requests.Response) -> list[dict[str, Any]]:
    """The errors beside or inside of an answer, in both of X's shapes."""
    body = _object(_json(answer))
    errors = body.get("errors")
    return [body, *(_object(each) for each in errors)] if isinstance(errors, list) else [body]


def _words(answer: requests.Response) -> str:
    """X's title, detail and messages; the status in words where there are none."""
    found = [_sentence(problem) for problem in _problems(answer)]
    told = "; ".join(dict.fromkeys(words for words in found if words))
    return told or next((status.phrase for status in HTTPStatus if status == answer.status_code), "no words")


def _sentence(problem: Mapping[str, Any]) -> str:
    parts = (problem.get(name) for name in ("title", "detail", "message"))
    return ": ".join(dict.fromkeys(part for part in parts if isinstance(part, str) and part))


def _is_gone(answer: requests.Response) -> bool:
    if "data" in _object(_json(answer)):
        return _data(answer).get("deleted") is True
    kinds = [str(problem.get("type")) for problem in _problems(answer)]
    return any(kind.endswith("/problems/resource-not-found") for kind in kinds)


def _understood(read: Callable[[requests.Response], T], answer: requests.Response) -> T:
    try:
        return read(answer)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError):
        problem = "The account on X cannot be read: its answer has not the shape that it should"
    raise NetworkError(f"{problem}.", remedy="Try again later; look at the account's base_url if it goes on.")


def _user_id_of(answer: requests.Response) -> str:
    return _id(answer.json()["data"])


def _posts_of(answer: requests.Response) -> list[RemotePost]:
    return [_remote_post(item) for item in answer.json().get("data", [])]


def _next_token(answer: requests.Response) -> str | None:
    token = answer.json().get("meta", {}).get("next_token")
    if token is not None and not isinstance(token, str):
        raise TypeError("a page's token is a string")
    return token


def _remote_post(item: Mapping[str, Any]) -> RemotePost:
    text, at = item["text"], datetime.fromisoformat(item["created_at"])
    if not isinstance(text, str) or at.tzinfo is None:
        raise TypeError("a post has a text and an instant")
    return RemotePost(_id(item), text, at.astimezone(UTC), tuple(_links(item.get("entities") or {})))


def _id(item: Mapping[str, Any]) -> str:
    remote_id = item["id"]
    if not isinstance(remote_id, str) or not _ID.fullmatch(remote_id):
        raise TypeError("an id is a string of digits")
    return remote_id


def _links(entities: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Shortened links and what they stand for; one whose target X does not tell is left as it stands."""
    for url in entities.get("urls") or []:
        short, expanded = url.get("url"), url.get("expanded_url")
        own_media = url.get("media_key") or str(url.get("display_url")).startswith(_OWN_MEDIA)
        if isinstance(short, str) and (own_media or isinstance(expanded, str)):
            yield short, None if own_media else expanded
