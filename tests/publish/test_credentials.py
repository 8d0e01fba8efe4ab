"""Where secrets are looked for, in which order, and that none is ever shown."""

from __future__ import annotations

import sys
import traceback
from dataclasses import FrozenInstanceError
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.config import Account, Config
from assistant.errors import CredentialsError, UsageError
from assistant.publish.credentials import SECRETS, Credentials, read, where_found

UNNAMED = [f"ASSISTANT_{secret}" for secret in SECRETS]
NAMED = [f"ASSISTANT_MAIN_{secret}" for secret in SECRETS]


class Keyring(SimpleNamespace):
    """A keyring in a dictionary, which may also break."""

    def __init__(self) -> None:
        super().__init__(kept={}, broken=None)

    def get_password(self, service: str, user: str) -> str | None:
        """As the keyring library has it."""
        assert service == "assistant"
        if self.broken:
            raise self.broken
        found: str | None = self.kept.get(user)
        return found


@pytest.fixture(autouse=True)
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    """No secret anywhere: an empty keyring, no credentials folder, no variable."""
    import os

    for name in [name for name in os.environ if name.startswith("ASSISTANT_") or name == "CREDENTIALS_DIRECTORY"]:
        monkeypatch.delenv(name)
    empty = Keyring()
    monkeypatch.setitem(sys.modules, "keyring", empty)
    return empty


def with_accounts(config: Config, **accounts: str | None) -> Config:
    """The config with accounts on X, each with the name of its credentials."""
    described = {name: Account(network="x", credentials=credentials) for name, credentials in accounts.items()}
    return config.model_copy(update={"accounts": {"practice": Account(), **described}})


def kept_in_the_environment(monkeypatch: pytest.MonkeyPatch, variables: list[str], mark: str = "") -> None:
    """Each variable holds its own name."""
    for variable in variables:
        monkeypatch.setenv(variable, f"{mark}{variable}")


def values(credentials: Credentials) -> list[str]:
    """The four, in their order."""
    return [credentials.api_key, credentials.api_secret, credentials.access_token, credentials.access_token_secret]


def test_the_only_account_needs_no_name(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account that names no credentials has the plain variables."""
    kept_in_the_environment(monkeypatch, UNNAMED)
    ours = with_accounts(config, main=None)
    assert values(read(ours, "main")) == UNNAMED
    assert where_found(ours, "main") == dict.fromkeys(UNNAMED, "environment")


def test_a_named_account_has_variables_of_its_own(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named credentials are never mixed up with another account's."""
    kept_in_the_environment(monkeypatch, [*UNNAMED, *NAMED])
    ours = with_accounts(config, plain=None, main="main", other="other")
    assert values(read(ours, "main")) == NAMED
    assert values(read(ours, "plain")) == UNNAMED
    with pytest.raises(CredentialsError, match="ASSISTANT_OTHER_X_API_KEY"):
        read(ours, "other")


def test_the_only_account_is_served_by_both_its_names(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """A named account that is the only one has the plain variables too, its own ones first."""
    kept_in_the_environment(monkeypatch, UNNAMED)
    ours = with_accounts(config, main="main")
    assert values(read(ours, "main")) == UNNAMED
    kept_in_the_environment(monkeypatch, NAMED)
    assert values(read(ours, "main")) == NAMED
    assert list(where_found(ours, "main")) == NAMED


def test_two_accounts_without_a_name_share_nothing(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain variables that could be either account's are neither's: the remedy is to name them."""
    kept_in_the_environment(monkeypatch, UNNAMED)
    ours = with_accounts(config, one=None, two=None)
    assert where_found(ours, "one") == dict.fromkeys(UNNAMED)
    with pytest.raises(CredentialsError, match="credentials: NAME"):
        read(ours, "two")


@pytest.mark.parametrize(
    ("name", "prefix"),
    [("main", "MAIN"), ("our-brand.fr", "OUR_BRAND_FR"), ("été", "_T_"), ("a b", "A_B"), ("x1", "X1")],
)
def test_a_name_becomes_a_variable(config: Config, name: str, prefix: str) -> None:
    """Capitals, and `_` for whatever a variable cannot hold."""
    found = where_found(with_accounts(config, main=name, other=None), "main")
    assert list(found) == [f"ASSISTANT_{prefix}_{secret}" for secret in SECRETS]


def test_the_places_come_in_order(
    config: Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keyring: Keyring
) -> None:
    """The environment first, then systemd's folder, then the keyring; each secret by itself."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    keyring.kept = {variable: f"keyring {variable}" for variable in UNNAMED[:3]}
    for variable in UNNAMED[:2]:
        (tmp_path / variable).write_text(f"  folder {variable}\n", encoding="utf-8")
    monkeypatch.setenv(UNNAMED[0], "environment\n")
    ours = with_accounts(config, main=None)
    assert list(where_found(ours, "main").values()) == ["environment", "credentials folder", "keyring", None]
    keyring.kept[UNNAMED[3]] = "last"
    folder, third = f"folder {UNNAMED[1]}", f"keyring {UNNAMED[2]}"
    assert values(read(ours, "main")) == ["environment", folder, third, "last"]


def test_a_place_that_cannot_be_read_has_nothing(
    config: Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keyring: Keyring
) -> None:
    """An empty variable, a file that is none or no text, a keyring that breaks: the secret is simply not there."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv(UNNAMED[0], " ")
    (tmp_path / UNNAMED[1]).mkdir()
    (tmp_path / UNNAMED[2]).write_bytes(b"\xff\xfe")
    keyring.broken = RuntimeError("the desktop is locked")
    assert where_found(with_accounts(config, main=None), "main") == dict.fromkeys(UNNAMED)


def test_without_a_keyring_library_there_is_no_keyring(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """A keyring that cannot be imported is a place without secrets."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert set(where_found(with_accounts(config, main=None), "main").values()) == {None}


def test_the_keyring_is_left_alone_where_the_environment_has_all(
    config: Config, monkeypatch: pytest.MonkeyPatch, keyring: Keyring
) -> None:
    """Nobody is asked to unlock a keyring that is not needed."""
    keyring.broken = AssertionError("it was asked")
    kept_in_the_environment(monkeypatch, UNNAMED)
    monkeypatch.delitem(sys.modules, "keyring")
    read(with_accounts(config, main=None), "main")
    read(with_accounts(config, main="main"), "main")
    assert "keyring" not in sys.modules


def test_every_missing_secret_is_named(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names each variable that is missing, no other, and where to put it."""
    monkeypatch.setenv(UNNAMED[1], "a secret")
    with pytest.raises(CredentialsError) as refused:
        read(with_accounts(config, main=None), "main")
    told = str(refused.value)
    assert [variable for variable in UNNAMED if f"{variable}," in told or f"{variable} " in told] == [
        UNNAMED[0], UNNAMED[2], UNNAMED[3]
    ]  # fmt: skip
    assert "keyring set assistant" in told
    assert "a secret" not in told


def test_an_account_that_is_not_there_is_told(config: Config) -> None:
    """An unknown account is a fault of the command, with the accounts that there are."""
    with pytest.raises(UsageError, match="practice, main"):
        read(with_accounts(config, main=None), "man")


def test_credentials_show_nothing() -> None:
    """Neither repr, str, a format, a container nor a traceback shows a secret; nothing is assigned to."""
    secret: Any = Credentials("one-k", "two-s", "three-t", "four-u")
    with pytest.raises(FrozenInstanceError) as refused:
        secret.api_key = "other"
    shown = f"{secret} {secret!r} {[secret]} {traceback.format_exception(refused.value)}"
    assert "Credentials(…)" in shown
    assert not [each for each in values(secret) if each in shown]
