"""``scanform encrypt``: page images that only the holder of a key can open."""

from __future__ import annotations

from pathlib import Path

import click

from scanform.cli.options import by_option, lang_option, workspace_options
from scanform.errors import UsageError
from scanform.model.phrases import Language, Phrase
from scanform.store import age, events
from scanform.store.check import SET_ASIDE
from scanform.store.images import KEY_ENVIRONMENT, RECIPIENT, ImageStore
from scanform.store.keyring import identities_in
from scanform.store.leftovers import leftovers, take_away
from scanform.store.open import open_store
from scanform.whole import write_whole

_INSIDE = Phrase(
    "Khóa nằm trong thư mục làm việc thì không bảo vệ được gì.",
    "A key inside the workspace protects nothing.",
)
_ELSEWHERE = Phrase("Hãy cất nó ở nơi khác.", "Keep it elsewhere.")
_OTHER_KEY = Phrase(
    "Ảnh đã được mã hóa bằng khóa khác.", "The images are encrypted with another key."
)
_GIVE_THAT = Phrase("Hãy cho khóa đó bằng --key.", "Give that one with --key.")
_NO_KEY = Phrase("{file} không có khóa age nào.", "{file} holds no age key.")
_DONE = Phrase(
    "{count} ảnh đã được mã hóa; ảnh mới cũng vậy. Khóa: {key}. Mất khóa là mất ảnh: hãy chép nó "
    "ra nơi khác. Để xem ảnh: {environment}={key}.",
    "{count} images are encrypted now, and new ones will be. The key: {key}. Without it the images "
    "are lost: keep a copy elsewhere. To look at images: {environment}={key}.",
)


@click.command()
@click.option(
    "--key",
    "keyfile",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help="The age key file; made where it isn't there. Not inside the workspace.",
)
@by_option
@workspace_options
@lang_option
def encrypt(keyfile: Path, by: str, workspace: Path, database: str | None, lang: Language) -> None:
    """Encrypt the page images, those that are there and those to come.

    Taking pages in needs no key then, looking at them does. The database stays as it is: put the
    workspace on an encrypted disk for that (docs/security.md). Running it again goes on where it
    was interrupted.
    """
    if keyfile.resolve().is_relative_to(workspace.resolve()):
        raise UsageError(_INSIDE, _ELSEWHERE)
    with open_store(workspace, database, create=False) as store:
        recipient = _recipient(keyfile)
        there = ImageStore(workspace).recipient
        if there and there != recipient:
            raise UsageError(_OTHER_KEY, _GIVE_THAT)
        write_whole(workspace / RECIPIENT, recipient.encode())
        images = ImageStore(workspace)
        count = sum(images.seal(each) for each in images.all())
        count += sum(images.seal_file(each) for each in (workspace / SET_ASIDE).glob("*"))
        for each in leftovers(workspace):  # of an encrypting that was killed, for one
            take_away(each)
        events.note(store, "encrypt", by, detail={"images": count})
    told = {"count": str(count), "key": str(keyfile), "environment": KEY_ENVIRONMENT}
    click.echo(_DONE.say(lang, told))


def _recipient(keyfile: Path) -> str:
    if keyfile.exists():
        identities = identities_in(keyfile)
        if not identities:
            raise UsageError(_NO_KEY.of(file=str(keyfile)))
        return age.recipient_of(identities[0])
    identity, recipient = age.new_identity()
    write_whole(keyfile, f"# public key: {recipient}\n{identity}\n".encode())
    return recipient
