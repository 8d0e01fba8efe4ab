"""Send what is due, at most once; find what became of the rest; take a live post down. docs/publishing.md holds the promise.

for publication in publish_due(config, store):      what moved, as it moves
    …
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.config import Config
from assistant.errors import AssistantError, Refused, UsageError
from assistant.publish import reconciling, sending
from assistant.publish.network import Network, Outcome
from assistant.reviewed import Publication
from assistant.store import Store, queries
from assistant.store.tables import PublicationRow

if TYPE_CHECKING:
    from assistant.workflow import Reviewer

__all__ = ["open_network", "publish_due", "reconcile", "waiting", "watch_due", "withdraw"]

_DEFAULT_TIMEOUT = timedelta(seconds=20)
_LONGEST_NAP = 15.0  # seconds


def open_network(config: Config, account: str) -> Network:
    """The network of an account; `CredentialsError` where a secret is missing."""
    described = config.accounts[account]
    if described.network == "practice":
        from assistant.publish.practice import Practice

        return Practice(_beside_the_store(config), account)
    from assistant.publish.credentials import read
    from assistant.publish.x import X

    return X(described.base_url, read(config, account), config.publish.timeout or _DEFAULT_TIMEOUT)


def _beside_the_store(config: Config) -> Path:
    prefix = "sqlite:///"
    return Path(config.store_url.removeprefix(prefix)).parent if config.store_url.startswith(prefix) else config.folder


class _Networks:
    """Each account's network, opened when first asked for. One that cannot be opened is told once; its posts stay queued."""

    def __init__(self, config: Config, given: Mapping[str, Network] | None) -> None:
        self._config = config
        self._open: dict[str, Network] = dict(given or {})
        self.broken: dict[str, AssistantError] = {}

    def of(self, account: str) -> Network | None:
        if account not in self._open and account not in self.broken:
            try:
                self._open[account] = open_network(self._config, account)
            except KeyError:
                self.broken[account] = UsageError(
                    f"config.yaml has no account {account}.", remedy="Name it, or cancel its posts."
                )
            except AssistantError as error:
                self.broken[account] = error
        return self._open.get(account)

    def leave(self) -> None:
        """The first of what could not be opened, raised when all the rest is done."""
        for error in self.broken.values():
            raise error


def publish_due(
    config: Config, store: Store, *, account: str | None = None, dry_run: bool = False,
    networks: Mapping[str, Network] | None = None, worker: str | None = None,
) -> Iterator[Publication]:  # fmt: skip
    """Send what is due, one after the other; yields each publication that moved, as it stands then.

    Safe at any time and twice at once. An account that cannot be opened (a missing secret) is left out, and its error raised
    at the end. `dry_run` writes nothing and yields what would be sent (queued) or stopped (missed, held).
    """
    if account is not None and account not in config.accounts:
        raise UsageError(f"There is no account {account!r}.", remedy=f"config.yaml has {', '.join(config.accounts)}.")
    known = _Networks(config, networks)
    run = _foreseen(config, store, account, known) if dry_run else _run(config, store, account, known, worker)
    yield from run
    known.leave()


def _run(
    config: Config, store: Store, account: str | None, known: _Networks, worker: str | None
) -> Iterator[Publication]:
    yield from sending.sweep(store, config, account)
    yield from _look(store, known, reconciling.unknown_ids(store, account, at_once=False))
    name = worker or sending.worker_name()
    tried: set[int] = set()
    while ready := [one for one in sending.due(store, account, known.broken) if one.id not in tried]:
        tried.add(ready[0].id)
        network = known.of(ready[0].account)
        if network is not None and (sent := _send(config, store, ready[0], network, name)) is not None:
            yield sent


def _send(config: Config, store: Store, due: Publication, network: Network, worker: str) -> Publication | None:
    """One publication through claim, wire and settle; None where another worker has it."""
    claimed = sending.claim(store, config, due.id, network, worker)
    if not isinstance(claimed, sending.Claimed):
        return claimed
    stopped = sending.wire(store, config, claimed, network.cost_usd(claimed.post))
    if stopped is not None:
        return stopped
    try:
        outcome = network.send(claimed.post)
    except BaseException as error:  # after the wire whatever is not an answer is an unknown
        told = str(error) if isinstance(error, AssistantError) else type(error).__name__
        settled = sending.settle(store, claimed, Outcome("unknown", detail=f"interrupted: {told}"))
        if not isinstance(error, Exception):
            raise
        return settled
    return sending.settle(store, claimed, outcome)


def _foreseen(config: Config, store: Store, account: str | None, known: _Networks) -> Iterator[Publication]:
    ahead = sending.Ahead()
    for publication in sending.due(store, account):
        network = known.of(publication.account)
        if network is not None:
            yield sending.foresee(store, config, publication.id, network, ahead)


def watch_due(
    config: Config, store: Store, *, account: str | None = None, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Publication]:
    """Stay, and send each post when it is due, until interrupted."""
    while True:
        yield from publish_due(config, store, account=account)
        sleep(_nap(store))


def _nap(store: Store) -> float:
    """Seconds until the next post is due, at most a quarter of a minute."""
    found = sending.next_due(store)
    return _LONGEST_NAP if found is None else min(max((found - store.now()).total_seconds(), 1.0), _LONGEST_NAP)


def waiting(store: Store, account: str | None = None) -> int:
    """How many publications wait for a person: unknown, failed, held, missed."""
    with store.read() as session:
        return int(queries.rows(session, queries.WAITING, account=account)[0][0])


def reconcile(config: Config, store: Store, *, networks: Mapping[str, Network] | None = None) -> Iterator[Publication]:
    """Look for every unknown post on its account's timeline; yields each as it stands after the look."""
    known = _Networks(config, networks)
    yield from sending.sweep(store, config, None)
    yield from _look(store, known, reconciling.unknown_ids(store, None, at_once=True))
    known.leave()


def _look(store: Store, known: _Networks, ids: list[int]) -> Iterator[Publication]:
    for publication_id in ids:
        network = known.of(reconciling.account_of(store, publication_id))
        if network is not None:
            yield reconciling.look(store, publication_id, network)


def withdraw(reviewer: Reviewer, publication_id: int, *, networks: Mapping[str, Network] | None = None) -> Publication:
    """Delete a live post on its network, then keep that: its siblings (the same figure in other words) are blocked."""
    from assistant.workflow import withdrawn

    with reviewer.store.read() as session:
        row = session.get(PublicationRow, publication_id)
        if row is None:
            raise UsageError(f"There is no publication {publication_id}.", remedy="`assistant list --state published`.")
        account, state, remote_id = row.account, row.state, row.remote_id
    if state != "published" or remote_id is None:
        raise Refused(
            f"Publication {publication_id} is {state}, not published.", remedy="Only a live post is withdrawn."
        )
    known = _Networks(reviewer.config, networks)
    network = known.of(account)
    if network is None:
        raise known.broken[account]
    network.delete(remote_id)
    return withdrawn(reviewer, publication_id)
