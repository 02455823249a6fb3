"""Encryption with age (https://age-encryption.org/v1), streamed, through pyrage.

What is written here, the ``age`` program opens too; nothing of ours is in the format.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from scanform.errors import MissingProgram, StoreError, UsageError
from scanform.store import wording

MAGIC = b"age-encryption.org/v1"


def _pyrage() -> Any:
    try:
        import pyrage  # noqa: PLC0415 - an extra may be missing
    except ModuleNotFoundError as error:
        raise MissingProgram(wording.NEEDS_PYRAGE, wording.INSTALL_PYRAGE) from error
    return pyrage


def new_identity() -> tuple[str, str]:
    """A fresh key: the identity (secret) and its recipient (public)."""
    identity = _pyrage().x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipient_of(identity: str) -> str:
    """The recipient that belongs to an identity; raises ``UsageError`` for what is none."""
    return str(_identity(identity).to_public())


def encrypt(data: bytes, recipients: Sequence[str]) -> bytes:
    return bytes(_pyrage().encrypt(data, [_recipient(each) for each in recipients]))


def decrypt(data: bytes, identities: Sequence[str]) -> bytes:
    """Raises ``StoreError`` when none of the identities opens it."""
    age = _pyrage()
    try:
        return bytes(age.decrypt(data, [_identity(each) for each in identities]))
    except age.DecryptError as error:
        raise _shut() from error


@contextmanager
def encrypting(out: BinaryIO, recipients: Sequence[str]) -> Iterator[BinaryIO]:
    """What is written to the yielded stream goes to ``out`` encrypted. Whole once left without
    an exception."""
    age, keys = _pyrage(), [_recipient(each) for each in recipients]
    source, sink = os.pipe()
    reader = os.fdopen(source, "rb")
    with (
        _beside(lambda: age.encrypt_io(reader, out, keys), reader.close),
        os.fdopen(sink, "wb") as writer,
    ):
        yield writer


@contextmanager
def decrypting(file: BinaryIO, identities: Sequence[str]) -> Iterator[BinaryIO]:
    """``file`` as it was before it was encrypted. Raises ``StoreError`` when none of the
    identities opens it or it was changed."""
    age, keys = _pyrage(), [_identity(each) for each in identities]
    source, sink = os.pipe()
    writer = os.fdopen(sink, "wb")

    def work() -> None:
        try:
            age.decrypt_io(file, writer, keys)
        except BrokenPipeError:
            raise  # whoever reads has had enough
        except (age.DecryptError, OSError) as error:  # the latter where a piece was changed
            raise _shut() from error

    with _beside(work, writer.close), os.fdopen(source, "rb") as reader:
        yield reader


@contextmanager
def _beside(work: Callable[[], object], close: Callable[[], None]) -> Iterator[None]:
    """Runs ``work`` in a thread while the block runs; raises what it raised."""
    failed: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            with suppress(BrokenPipeError):
                close()

    thread = threading.Thread(target=guarded, daemon=True)
    thread.start()
    try:
        yield
    except GeneratorExit:  # whoever read has seen enough
        thread.join()
        raise
    except BaseException:
        thread.join()
        # The block fails because the pipe did: what the thread met is the reason.
        if failed and not isinstance(failed[0], BrokenPipeError):
            raise failed[0] from None
        raise
    thread.join()
    if failed and not isinstance(failed[0], BrokenPipeError):
        raise failed[0]


def _recipient(text: str) -> Any:
    age = _pyrage()
    try:
        return age.x25519.Recipient.from_str(text.strip())
    except age.RecipientError as error:
        raise UsageError(
            wording.NO_RECIPIENT.of(text=repr(text)), wording.RECIPIENT_BEGINS
        ) from error


def _identity(text: str) -> Any:
    age = _pyrage()
    try:
        return age.x25519.Identity.from_str(text.strip())
    except age.IdentityError as error:
        raise UsageError(wording.NO_IDENTITY, wording.IDENTITY_BEGINS) from error


def _shut() -> StoreError:
    return StoreError(wording.NO_KEY_OPENS, wording.GIVE_ITS_OWN)
