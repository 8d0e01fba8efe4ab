"""Links, mentions, cashtags and hashtags: where a reader is sent, who is called, what the network refuses.

X's self-serve rules (`developer.x.com`, automation rules): at most one cashtag, no unsolicited mentions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from assistant.models import Candidate, Flag

# Services that hide where a link goes. Addresses of one house alone (its own short domain) tell whose they are.
SHORTENERS = (
    "adf.ly", "bit.do", "bit.ly", "bitly.com", "bl.ink", "buff.ly", "cutt.ly", "dlvr.it", "goo.gl", "ht.ly", "is.gd", "j.mp",
    "lc.chat", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly", "s.id", "short.io", "shorte.st", "shorturl.at", "snip.ly", "soo.gd",
    "t.co", "t.ly", "tiny.cc", "tinyurl.com", "trib.al", "urlz.fr", "v.gd", "x.gd",
)  # fmt: skip
_SHORTENED = regex.compile(
    rf"(?<![\w@.-])(?:https?://)?(?:www\.)?(?:{'|'.join(map(regex.escape, SHORTENERS))})/[^\s<>\"“”«»]+",
    regex.IGNORECASE,
)
_INSECURE = regex.compile(r"(?<![\w@.-])http://[^\s<>\"“”«»]+", regex.IGNORECASE)
_MENTION = regex.compile(r"(?<![\w!#$%&*@＠.+-])(?<!://[^\s@]*)[@＠](\w{1,50})(?![\w@＠=]|\.\w|://)")
_CASHTAG = regex.compile(r"(?<![\w$#@])\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w)")
HASHTAG = regex.compile(r"(?<![\w&/#＃])[#＃](\w*\p{L}\w*)")


def check_links(candidate: Candidate, handles: Sequence[str] = (), hashtags: Sequence[str] = ()) -> Iterator[Flag]:
    """Shortened and unencrypted links, mentions of others than `handles`, cashtags, hashtags that the house does not use."""
    text = candidate.text
    if not any(sign in text for sign in "/@＠$#＃"):
        return
    yield from _links(text)
    yield from _mentions(text, handles)
    yield from _cashtags(text)
    yield from _hashtags(text, hashtags)


def _links(text: str) -> Iterator[Flag]:
    for match in _SHORTENED.finditer(text):
        yield Flag(
            "link", "link", "warning", *match.span(), match[0],
            "A shortened link hides where it goes, and a network may refuse it.",
            why="Readers cannot see whom they visit, and the service in between may change, count or drop it.",
            suggestion="The whole address: X counts every link as 23 characters.", rule="link.shortened",
        )  # fmt: skip
    for match in _INSECURE.finditer(text):
        yield Flag(
            "link", "link", "suggestion", *match.span(), match[0], "This link is not encrypted.",
            suggestion="https" + match[0][len("http") :], rule="link.http",
        )  # fmt: skip


def _mentions(text: str, handles: Sequence[str]) -> Iterator[Flag]:
    own = {_bare(handle) for handle in handles}
    for match in _MENTION.finditer(text):
        if _bare(match[0]) not in own:
            yield Flag(
                "mention", "mention", "warning", *match.span(), match[0],
                f"{match[0]} did not ask to be called: X restricts unsolicited mentions by programs.",
                why="A mention rings at someone's home. An account of the house is told by its handle in config.yaml.",
                suggestion=f"Write the name without the sign: {match[1]}.", rule="mention.unsolicited",
            )  # fmt: skip


def _cashtags(text: str) -> Iterator[Flag]:
    for match in list(_CASHTAG.finditer(text))[1:]:
        yield Flag(
            "mention", "mention", "error", *match.span(), match[0],
            "A post may have one cashtag: X refuses more from self-serve apps.",
            suggestion=f"Write {match[0][1:]} without the sign.", rule="mention.cashtags",
        )  # fmt: skip


def _hashtags(text: str, hashtags: Sequence[str]) -> Iterator[Flag]:
    allowed = {_bare(tag) for tag in hashtags}
    for match in HASHTAG.finditer(text) if allowed else ():
        if _bare(match[0]) not in allowed:
            listed = ", ".join(f"#{tag.lstrip('#＃')}" for tag in hashtags[:5])
            yield Flag(
                "link", "house", "warning", *match.span(), match[0], "This hashtag is not one of the house's.",
                suggestion=f"One of {listed}, or none.", rule="house.hashtag",
            )  # fmt: skip


def _bare(name: str) -> str:
    return name.strip().lstrip("@＠#＃").casefold()
