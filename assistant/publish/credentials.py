"""Where an account's secrets are: the environment, systemd's credentials folder, the system keyring; in this order.

    ASSISTANT_X_API_KEY        …   the one account on X that names no credentials, or the only account on X
    ASSISTANT_MAIN_X_API_KEY   …   an account with `credentials: main`

A secret goes from its place to `Credentials` and from there to the signature: no repr, message or log shows it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.config import Config
from assistant.errors import CredentialsError, UsageError

SECRETS = ("X_API_KEY", "X_API_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET")
KEYRING_SERVICE = "assistant"
_NOT_IN_A_VARIABLE = re.compile(r"[^A-Za-z0-9]")


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """The four secrets of one account on X (OAuth 1.0a, user context)."""

    api_key: str
    api_secret: str
    access_token: str
    access_token_secret: str

    def __repr__(self) -> str:
        return "Credentials(…)"


@dataclass(frozen=True, slots=True, repr=False)
class _Found:
    variable: str
    place: str | None = None
    secret: str = ""


def where_found(config: Config, account: str) -> dict[str, str | None]:
    """Each variable that the account needs, and the place that has it; None where no place does."""
    return {found.variable: found.place for found in _look(config, account)}


def read(config: Config, account: str) -> Credentials:
    """The account's four secrets, or a `CredentialsError` that names each one that is missing."""
    found = _look(config, account)
    missing = [each.variable for each in found if each.place is None]
    if missing:
        raise CredentialsError(
            f"Account '{account}': {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing.",
            remedy=_remedy(config, account),
        )
    return Credentials(*(each.secret for each in found))


def _remedy(config: Config, account: str) -> str:
    if not _prefixes(config, account):
        return "More than one account on X names no credentials: write `credentials: NAME` into each of them in config.yaml."
    return (
        "Put it into the environment, into systemd's credentials folder, or into the system keyring "
        f"(keyring set {KEYRING_SERVICE} VARIABLE)."
    )


def _look(config: Config, account: str) -> list[_Found]:
    prefixes = _prefixes(config, account)
    if not prefixes:
        return [_Found(f"ASSISTANT_{secret}") for secret in SECRETS]
    return [_first([prefix + secret for prefix in prefixes]) for secret in SECRETS]


def _prefixes(config: Config, account: str) -> list[str]:
    """What the account's variables begin with, the most particular first; none where it would be a guess."""
    if account not in config.accounts:
        raise UsageError(f"There is no account '{account}'.", remedy=f"Accounts: {', '.join(config.accounts)}.")
    named = config.accounts[account].credentials
    on_x = [each for each in config.accounts.values() if each.network == "x"]
    unnamed = [each for each in on_x if not each.credentials]
    prefixes = [f"ASSISTANT_{_NOT_IN_A_VARIABLE.sub('_', named).upper()}_"] if named else []
    if len(on_x) <= 1 or (not named and len(unnamed) == 1):
        prefixes.append("ASSISTANT_")
    return prefixes


def _first(variables: list[str]) -> _Found:
    """The place decides first: no keyring is asked, and nobody to unlock it, for what the environment has."""
    everywhere = ((variable, place) for place in _PLACES for variable in variables)
    found = (_Found(variable, place, secret) for variable, place in everywhere if (secret := _PLACES[place](variable)))
    return next(found, _Found(variables[0]))


def _environment(variable: str) -> str:
    return os.environ.get(variable, "").strip()


def _credentials_folder(variable: str) -> str:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return ""
    try:
        return (Path(folder) / variable).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _keyring(variable: str) -> str:
    # A keyring fails in as many ways as there are desktops, and cron has none at all: then it has no secret for us.
    try:
        import keyring

        return (keyring.get_password(KEYRING_SERVICE, variable) or "").strip()
    except Exception:
        return ""


_PLACES: dict[str, Callable[[str], str]] = {
    "environment": _environment,
    "credentials folder": _credentials_folder,
    "keyring": _keyring,
}
