"""The wire under `x.py`: one request, once, over a connection of its own, at the configured address and within its time.

It tells the one thing that urllib3's exceptions do not: whether a connection was made at all. A TLS alert that comes after
the request looks there like one that came before it; here only what fails while connecting is an `Unreached`.
"""

from __future__ import annotations

import logging
import ssl
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

LOGGERS = ("tweepy", "requests_oauthlib", "oauthlib", "urllib3")
_FAILED_CONNECTIONS: tuple[tuple[type[Exception], str], ...] = (
    (NameResolutionError, "name not found"),
    (ConnectionRefusedError, "connection refused"),
    (NewConnectionError, "no connection"),
    (ConnectTimeoutError, "connect timeout"),
    (TimeoutError, "connect timeout"),
    (ssl.SSLError, "TLS failure"),
)


class Unreached(Exception):
    """No connection was made: no byte of the request has left. Its cause says why."""


class _Connecting:
    """Marks what goes wrong before the request: urllib3's own exceptions tell a TLS alert after it no differently."""

    def connect(self) -> None:
        """Connect, TLS included; every failure is an `Unreached`."""
        try:
            super().connect()  # type: ignore[misc]  # urllib3's connection stands behind this class
        except Exception as error:
            raise Unreached from error


class _Connection(_Connecting, HTTPConnection):
    pass


class _SecureConnection(_Connecting, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    """Sends once, over connections that say whether they were made."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As requests does, with our connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class Session(requests.Session):
    """What tweepy sends through: to our host, within our time, once; keeps the answer, whatever tweepy makes of it."""

    def __init__(self, base_url: str, timeout: timedelta) -> None:
        super().__init__()
        self._base_url = base_url
        self._timeout = timeout.total_seconds()
        self.answer: requests.Response | None = None
        self.trust_env = False
        self.headers["Connection"] = "close"
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(max_retries=0))

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """tweepy's request at the configured address; rewritten here, before it is signed for it."""
        own = {"timeout": (self._timeout, self._timeout), "allow_redirects": False}
        url = self._base_url + urlsplit(str(url)).path
        try:
            self.answer = super().request(method, url, *args, **{**kwargs, **own})
        finally:
            self.close()  # asking for it is not enough: a server that does not say "close" leaves an idle connection here
        return self.answer


def why_unreached(error: Unreached) -> str:
    """In a few words, and the exception's name; never its text, which holds what was sent."""
    outer = error.__cause__
    inner = outer.__cause__ if outer is not None and outer.__cause__ is not None else outer
    kinds = ((kind, words) for kind, words in _FAILED_CONNECTIONS if isinstance(outer, kind) or isinstance(inner, kind))
    _, why = next(kinds, (None, "no connection"))
    return f"{why} ({type(inner).__name__})"


def _quiet(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def hush() -> None:
    """No DEBUG from the libraries that sign and send: theirs print tokens, signatures and headers."""
    known = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in LOGGERS]
    for name in {*LOGGERS, *known}:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
        logger.addFilter(_quiet)
