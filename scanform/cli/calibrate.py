"""``scanform calibrate``: how sure is sure enough, learned from a rehearsal of one's own form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

import scanform
from scanform.cli.files import write_whole
from scanform.cli.options import echo_json, json_option, lang_option
from scanform.cli.progress import counting_bar
from scanform.cli.run import require_programs
from scanform.engine.calibrate import SEED, faces_for, jobs, read_forms
from scanform.engine.kept_forms import KeptForms
from scanform.fields import fitting
from scanform.fields.calibration import weights_name
from scanform.fields.calibration_json import to_json
from scanform.fields.fitting import Sample
from scanform.fields.policy import parse_share, say_share
from scanform.fields.proof import Proof, proofs
from scanform.model.calibration import Calibration
from scanform.model.phrases import Language, Phrase
from scanform.model.template import Template
from scanform.recognise.choose import BEST, for_kind
from scanform.template.find import find
from scanform.template.load import CONFIDENCE_NAME, empty_form

BOUNDS = tuple(map(parse_share, ("0.1%", "0.5%", "1%")))
LINE_EVERY = 20
_WRITTEN = Phrase(
    "{count} phiếu đã đọc ({lost} không nhận được trang). Hiệu chuẩn ở {file}.",
    "{count} forms read ({lost} pages could not be taken). The calibration is in {file}.",
)
_ELSEWHERE = Phrase(
    "Đặt tệp này cạnh template.yaml với tên {name} để dùng.",
    "Put this file beside the form's template.yaml as {name} to use it.",
)
_HEADS = Phrase(
    "loại         bộ đọc                     số mục    đúng",
    "sort         reader                    answers   right",
)
_PROVES = Phrase("nhận ở {bound}", "taken at {bound}")
_MORE = Phrase(
    "-: chưa đủ bằng chứng. Để nhận ở 0.5% cần chừng 600 mục đúng liền, ở 0.1% chừng 3000; "
    "thêm phiếu bằng -n.",
    "-: not proved. To accept at 0.5% it takes about 600 right answers of a sort in a row, at "
    "0.1% about 3000; -n rehearses more forms.",
)
_TAKEN_UP = Phrase(
    "Tiếp tục: {count} phiếu đã đọc lần trước.", "Going on: {count} forms were read before."
)


@click.command()
@click.argument("template", metavar="TEMPLATE")
@click.option(
    "-n",
    "count",
    type=click.IntRange(10, 100_000),
    default=300,
    show_default=True,
    metavar="N",
    help="How many forms to rehearse and read: print and hands, with every wear.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=SEED,
    show_default=True,
    metavar="S",
    help="The same seed gives the same forms. Don't measure with it afterwards.",
)
@click.option(
    "--hand",
    default="auto",
    show_default=True,
    metavar="none|auto|FONT_DIR",
    help="auto: print and four shipped hand fonts by turns; none: print alone, for forms that are "
    "only ever typed; or the fonts of a folder beside print.",
)
@click.option(
    "--text-reader",
    type=click.Choice(BEST["text"]),
    envvar="SCANFORM_TEXT_READER",
    help="What reads lines of text. [default: the best installed; env: SCANFORM_TEXT_READER]",
)
@click.option(
    "--jobs",
    "workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Forms worked at once. [default: one a core]",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=f"Where the calibration goes. [default: {CONFIDENCE_NAME} beside template.yaml]",
)
@json_option
@lang_option
def calibrate(
    template: str,
    count: int,
    seed: int,
    hand: str,
    text_reader: str | None,
    workers: int | None,
    output: Path | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Learn how sure is sure enough for TEMPLATE, its id or folder.

    Fills the form with made-up people, wears the pages, reads them as `run` does and compares
    with what was written. Later runs accept answers of this form by what was seen. It takes a few
    seconds a form; when interrupted, the same command goes on where it stopped.
    """
    require_programs(text_reader, keyed=False)
    folder = find(template).resolve()
    empty = empty_form(folder)
    form = empty.template
    target = output or folder / CONFIDENCE_NAME
    typed = hand == "none"
    faces = () if typed else faces_for(hand)
    header = _header(form, seed, text_reader, [face.path.name for face in faces])
    kept = KeptForms(target, header)
    if kept.forms:
        click.echo(_TAKEN_UP.say(lang, {"count": str(len(kept.forms))}), err=True)
    wanted = jobs(count, seed, kept.forms, typed)
    bar = counting_bar(as_json)
    with bar:
        task = bar.add_task(form.id, total=count, completed=len(kept.forms))
        for at, read in enumerate(read_forms(empty, wanted, faces, workers, text_reader), start=1):
            kept.add(read)
            bar.advance(task)
            if bar.disable and at % LINE_EVERY == 0:
                click.echo(f"{len(kept.forms)} / {count}", err=True)
    forms = {number: some for number, some in kept.forms.items() if number < count}
    samples = [each for some in forms.values() for each in some or ()]
    made = fitting.fit(samples, _source(header, forms, samples))
    write_whole(target, (json.dumps(to_json(made), ensure_ascii=False) + "\n").encode())
    kept.close()
    lost = sum(some is None for some in forms.values())
    rows = proofs(made, samples, BOUNDS)
    if as_json:
        echo_json(_json(target, made, len(forms), lost, rows))
        return
    told = {"count": str(len(forms)), "lost": str(lost), "file": str(target)}
    for line in _lines(rows, lang):
        click.echo(line)
    click.echo(_WRITTEN.say(lang, told))
    if output is not None:
        click.echo(_ELSEWHERE.say(lang, {"name": CONFIDENCE_NAME}))


def _header(
    form: Template, seed: int, text_reader: str | None, faces: Sequence[str]
) -> dict[str, object]:
    """What a kept sample is good for; another form, reader or version begins anew."""
    return {
        "template": form.ref,
        "fields": [[field.id, field.kind] for field in form.fields],
        "seed": seed,
        "text_reader": text_reader or for_kind("text"),
        "fonts": list(faces),
        "scanform": scanform.__version__,
        "weights": weights_name(),
    }


def _source(
    header: Mapping[str, object],
    forms: Mapping[int, object],
    samples: Iterable[Sample],
) -> str:
    readers = ", ".join(sorted({each.reader for each in samples}))
    return (
        f"{header['template']}, {len(forms)} forms, seed {header['seed']}, "
        f"scanform {header['scanform']}; {readers}"
    )


def _lines(rows: Sequence[Proof], lang: Language) -> Iterable[str]:
    heads = [_PROVES.say(lang, {"bound": say_share(bound)}) for bound in BOUNDS]
    yield _HEADS.say(lang) + "".join(f"{head:>17}" for head in heads)
    for row in rows:
        shares = "".join(f"{'-' if s is None else f'{s:.1%}':>17}" for s in row.accepted)
        yield f"{row.sort:12} {row.reader:26} {row.count:6} {row.right:7.2%}{shares}"
    if any(None in row.accepted for row in rows):
        yield _MORE.say(lang)


def _json(
    target: Path, made: Calibration, count: int, lost: int, rows: Sequence[Proof]
) -> dict[str, Any]:
    return {
        "file": str(target),
        "source": made.source,
        "forms": count,
        "not_taken": lost,
        "sorts": [
            {
                "sort": row.sort,
                "reader": row.reader,
                "answers": row.count,
                "right": round(row.right, 5),
                "accepted": {
                    say_share(bound): share
                    for bound, share in zip(BOUNDS, row.accepted, strict=True)
                },
            }
            for row in rows
        ],
    }
