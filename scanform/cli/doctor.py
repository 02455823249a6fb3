"""``scanform doctor``: what is installed, what is missing, and the command that installs it."""

from __future__ import annotations

import platform
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from scanform.cli.options import echo_json, json_option, lang_option
from scanform.errors import MissingProgram
from scanform.model.phrases import Language, Phrase
from scanform.programs import asterocr, poppler, tesseract, zxing
from scanform.template.find import available

_MISSING = Phrase("Thiếu: {names}.", "Missing: {names}.")
_THEN_AGAIN = Phrase(
    "Hãy gõ các lệnh ở trên rồi chạy lại `scanform doctor`.",
    "Type the commands above, then run `scanform doctor` again.",
)
_PROGRAMS: dict[str, dict[str, str]] = {
    # what is missing -> package manager -> what to type
    "tesseract": {
        "apt": "sudo apt-get install tesseract-ocr tesseract-ocr-vie",
        "dnf": "sudo dnf install tesseract tesseract-langpack-vie",
        "pacman": "sudo pacman -S tesseract tesseract-data-vie",
        "zypper": "sudo zypper install tesseract-ocr tesseract-ocr-traineddata-vietnamese",
        "apk": "sudo apk add tesseract-ocr tesseract-ocr-data-vie",
        "brew": "brew install tesseract tesseract-lang",
        "winget": "winget install UB-Mannheim.TesseractOCR",
    },
    "vie": {
        "apt": "sudo apt-get install tesseract-ocr-vie",
        "dnf": "sudo dnf install tesseract-langpack-vie",
        "pacman": "sudo pacman -S tesseract-data-vie",
        "zypper": "sudo zypper install tesseract-ocr-traineddata-vietnamese",
        "apk": "sudo apk add tesseract-ocr-data-vie",
        "brew": "brew install tesseract-lang",
        "winget": "run the Tesseract installer again and tick Vietnamese under its languages",
    },
    "poppler": {
        "apt": "sudo apt-get install poppler-utils",
        "dnf": "sudo dnf install poppler-utils",
        "pacman": "sudo pacman -S poppler",
        "zypper": "sudo zypper install poppler-tools",
        "apk": "sudo apk add poppler-utils",
        "brew": "brew install poppler",
        "winget": "winget install oschwartz10612.Poppler",
    },
}

_EXTRAS = (
    ("starlette", "web", Phrase("duyệt trên trình duyệt", "review in the browser")),
    ("textual", "terminal", Phrase("duyệt toàn màn hình", "review as a full screen")),
    ("openpyxl", "xlsx", Phrase("xuất và nhập Excel", "Excel in and out")),
    ("python-docx", "report", Phrase("báo cáo Word", "reports in Word")),
    ("pyarrow", "parquet", Phrase("xuất Parquet", "exports Parquet")),
    ("lxml", "qcvn109", Phrase("bản tin QCVN 109", "the citizen message")),
    ("pyrage", "encryption", Phrase("mã hóa bản sao lưu", "encrypts backups")),
    ("psycopg", "postgres", Phrase("lưu vào PostgreSQL", "keeps records in PostgreSQL")),
    ("torch", "learn", Phrase("học chữ viết địa phương", "learns a district's hands")),
)
"""A package, the extra that brings it, and what it is for: nothing is needed to read forms."""

_MANAGERS = {
    "debian": "apt",
    "ubuntu": "apt",
    "fedora": "dnf",
    "rhel": "dnf",
    "arch": "pacman",
    "suse": "zypper",
    "opensuse": "zypper",
    "alpine": "apk",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked for. ``version`` is None when it isn't there; ``install`` says how to
    get it then."""

    name: str
    version: str | None
    needed: bool
    install: str
    use: Phrase


def package_manager() -> str:
    """The name of this system's package manager, ``apt`` where none is known."""
    if sys.platform == "darwin":
        return "brew"
    if sys.platform == "win32":
        return "winget"
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return "apt"
    for name in [release.get("ID", ""), *release.get("ID_LIKE", "").split()]:
        if name in _MANAGERS:
            return _MANAGERS[name]
    return "apt"


def checks() -> list[Check]:
    """Everything that scanform needs or could use, as found on this machine."""
    manager = package_manager()
    found = tesseract.version()
    has_vietnamese = found is not None and "vie" in tesseract.languages()
    templates = ", ".join(sorted(folder.name for folder in available()))
    return [
        Check("python", platform.python_version(), True, "", Phrase("chạy", "runs it")),
        Check(
            "opencv-python",
            _package("opencv-python"),
            True,
            _pip("opencv-python"),
            Phrase("căn trang", "aligns pages"),
        ),
        Check(
            "tesseract",
            found,
            True,
            _PROGRAMS["tesseract"][manager],
            Phrase("đọc chữ in", "reads print"),
        ),
        Check(
            "tesseract vie",
            found if has_vietnamese else None,
            True,
            _PROGRAMS["vie"][manager],
            Phrase("đọc tiếng Việt", "reads Vietnamese"),
        ),
        Check(
            "poppler",
            poppler.version(),
            True,
            _PROGRAMS["poppler"][manager],
            Phrase("mở PDF", "opens PDF"),
        ),
        Check(
            "templates",
            templates or None,
            True,
            "set SCANFORM_TEMPLATES to the folder that holds them",
            Phrase("mẫu phiếu", "forms that it knows"),
        ),
        Check(
            "print font",
            _print_font(),
            True,
            _pip("--force-reinstall scanform"),
            Phrase("vẽ phiếu trắng", "draws blank forms"),
        ),
        Check(
            "asterocr",
            asterocr.version(),
            False,
            _pip("'scanform[handwriting]'"),
            Phrase("đọc chữ viết tay tốt hơn", "reads hands and hard print"),
        ),
        Check(
            "zxing-cpp",
            zxing.version(),
            False,
            _pip("'scanform[codes]'"),
            Phrase("đọc mã vạch Code 128, Code 39", "reads bar codes beyond EAN"),
        ),
        *(
            Check(package, _package(package), False, _pip(f"'scanform[{extra}]'"), use)
            for package, extra, use in _EXTRAS
        ),
    ]


def _package(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _print_font() -> str | None:
    from scanform import template  # noqa: PLC0415

    folder = Path(template.__file__).parent / "fonts"
    return "Tinos" if (folder / "Tinos-Regular.ttf").is_file() else None


def _pip(what: str) -> str:
    return f"{sys.executable} -m pip install {what}"


@click.command()
@json_option
@lang_option
def doctor(as_json: bool, lang: Language) -> None:
    """What is installed, what is missing, and the command that installs it here."""
    found = checks()
    missing = [each for each in found if each.needed and each.version is None]
    if as_json:
        rows = [{**asdict(each), "use": each.use.say("en")} for each in found]
        echo_json({"ok": not missing, "checks": rows})
    else:
        for each in found:
            _print(each, lang)
    if missing:
        raise MissingProgram(
            _MISSING.of(names=", ".join(each.name for each in missing)), _THEN_AGAIN
        )


def _print(each: Check, lang: Language) -> None:
    if each.version is not None:
        mark, tail = click.style("✓", fg="green"), each.version
    elif each.needed:
        mark, tail = click.style("✗", fg="red"), f"→ {each.install}"
    else:
        mark, tail = click.style("–", fg="yellow"), f"→ {each.install}"
    click.echo(f"{mark} {each.name:14} {each.use.say(lang):28} {tail}")
