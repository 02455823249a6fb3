"""The queue as a plain dialogue: works on any terminal, over any line, with a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from scanform.cli.wording import answer_lines, one_line, say_doubt
from scanform.errors import Overtaken, ScanformError, UsageError
from scanform.model.phrases import Language, Phrase
from scanform.programs.scratch import PICTURE, scratch
from scanform.review import Claim, Desk, Filter, Order, Outcome, Person, Work

_HELP = Phrase(
    "Enter = đúng, gõ = sửa, - = bỏ trống, ? = không đọc được, s = để sau, q = thôi; "
    "=2 = chọn cách đọc 2, /undo = hoàn tác, /paper = cần xem phiếu, /note LỜI = ghi chú.",
    "Enter = right, type = correct it, - = blank, ? = unreadable, s = skip, q = quit; "
    "=2 = take reading 2, /undo = take back, /paper = the paper is needed, /note TEXT = a note.",
)
_PICTURE = Phrase("Ảnh:        {file}", "Picture:    {file}")
_NO_PICTURE = Phrase("Không có ảnh: {why}", "No picture: {why}")
_NOTE = Phrase("Chú ý: {why}", "Note: {why}")
_OPTION = Phrase("={key}          {value}", "={key}          {value}")
_DONE = Phrase("Đã duyệt {count} mục.", "{count} answers decided.")
_EMPTY = Phrase("Không còn mục nào chờ duyệt.", "Nothing waits for review.")
_OTHERS = Phrase(
    "Còn {count} mục chờ nhưng không giao được: người khác đang giữ, hoặc không mẫu nào ở đây có "
    "mục đó (scanform review list).",
    "{count} answers wait that can't be given to you: others have them in hand, or no template "
    "here has their field (scanform review list).",
)
_TAKEN_BACK = Phrase("Đã hoàn tác: {field}", "Taken back: {field}")
_REOPENED = Phrase("Cần xem lại: {fields}", "To be looked at again: {fields}")
_NO_SUCH = Phrase("Không có cách đọc đó.", "There is no such reading.")


class Dialogue:
    """One person's sitting. ``work`` and ``order`` are what he asked for."""

    def __init__(self, desk: Desk, who: Person, lang: Language, work: Work, order: Order) -> None:
        self.desk, self.who, self.lang = desk, who, lang
        self.work, self.order = work, order

    def work_through(self, only: Filter) -> None:
        """Asks for every answer of the queue until it is empty or the person has had enough."""
        count = seen = 0
        with scratch(PICTURE) as folder:
            picture = folder / "answer.png"
            while (
                claim := self.desk.queue.claim(self.who, self.work, self.order, only)
            ) is not None:
                seen += 1
                if seen == 1:
                    click.echo(_HELP.say(self.lang))
                for line in self._lines(claim, picture):
                    click.echo(line)
                decided = self._ask(claim)
                if decided is None:
                    self.desk.queue.release(self.who, claim.token)
                    break
                count += decided
        done = _DONE.say(self.lang, {"count": str(count)})
        click.echo(done if seen else self._nothing(only))

    def _nothing(self, only: Filter) -> str:
        left = self.desk.queue.waits(self.who, only).review if self.work == "review" else 0
        return _OTHERS.say(self.lang, {"count": str(left)}) if left else _EMPTY.say(self.lang)

    def _lines(self, claim: Claim, picture: Path) -> Iterator[str]:
        yield ""
        if claim.work == "review":
            yield from answer_lines(claim.item, self.lang)
        else:
            yield f"{claim.item.field.label}  [{claim.item.record.id} {claim.item.field.id}]"
        if len(claim.options) > 1 or claim.work != "review":
            for key, option in enumerate(claim.options, 1):
                value = one_line(option.value) if option.value is not None else option.outcome
                yield "  " + _OPTION.say(self.lang, {"key": str(key), "value": value})
        for note in claim.notes:
            yield "  " + _NOTE.say(self.lang, {"why": one_line(note)})
        try:
            picture.write_bytes(self.desk.queue.picture(self.who, claim.token))
            yield "  " + _PICTURE.say(self.lang, {"file": str(picture)})
        except ScanformError as error:
            yield "  " + _NO_PICTURE.say(self.lang, {"why": error.told(self.lang)[0]})

    def _ask(self, claim: Claim) -> bool | None:
        """Whether it was decided; None when the person leaves."""
        while True:
            try:
                typed = input("> ").strip()
            except EOFError:
                click.echo()
                return None
            if typed == "q":
                return None
            try:
                done = self._do(claim, typed)
            except Overtaken as error:
                click.echo(f"  {error.told(self.lang)[0]}")
                return False
            except UsageError as error:
                for line in filter(None, error.told(self.lang)):
                    click.echo(f"  {line}")
            else:
                if done is not None:
                    return done

    def _do(self, claim: Claim, typed: str) -> bool | None:
        """Whether it was decided; None when the same answer is asked for again."""
        queue, who, token = self.desk.queue, self.who, claim.token
        word, _, rest = typed.partition(" ")
        match word:
            case "s":
                queue.skip(who, token)
                return False
            case "/undo":
                mine = queue.undo(who)
                click.echo("  " + _TAKEN_BACK.say(self.lang, {"field": mine.label}))
                return None
            case "/paper":
                queue.paper(who, token, rest)
                return False
            case "/note":
                queue.note(who, token, rest)
                return None
        return self._decide(claim, typed)

    def _decide(self, claim: Claim, typed: str) -> bool | None:
        queue, who, token = self.desk.queue, self.who, claim.token
        if typed.startswith("="):
            picked = typed[1:]
            if not picked.isdecimal() or not 1 <= int(picked) <= len(claim.options):
                click.echo("  " + _NO_SUCH.say(self.lang))
                return None
            option = claim.options[int(picked) - 1]
            typed = option.value or ("?" if option.outcome == "unreadable" else "-")
        match typed:
            case "":
                self._tell(queue.accept(who, token))
            case "-":
                self._tell(queue.blank(who, token))
            case "?":
                self._tell(queue.unreadable(who, token))
            case _:
                self._tell(queue.correct(who, token, typed))
        return True

    def _tell(self, done: Outcome) -> None:
        for each in done.warnings:
            click.echo("  " + _NOTE.say(self.lang, {"why": say_doubt(each.doubt, self.lang)}))
        if done.reopened:
            click.echo("  " + _REOPENED.say(self.lang, {"fields": ", ".join(done.reopened)}))
