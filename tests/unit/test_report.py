"""The report says the same in every format, and what it says is what was counted."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser

import docx
import openpyxl
import pytest

from scanform.errors import MissingProgram
from scanform.model.campaign import Campaign, Office, Slip, Unit
from scanform.model.numerals import day_text, long_day_text, number_text, percent_text, share_text
from scanform.model.phrases import Language
from scanform.report import WRITERS, writer
from scanform.report.interface import Cell, Chart, Document, Paragraph, Table, plain_rows
from scanform.store.campaign_interface import DayCount, DayRefused, Work
from scanform.tally.compose import Checked, Letter, Quality, compose
from scanform.tally.forecast import outlook
from scanform.tally.progress import follow

START = date(2018, 10, 1)
OFFICE = Office("CÔNG AN TỈNH", "CÔNG AN HUYỆN <&>", "Thạnh Phú", "TRƯỞNG CÔNG AN", "Lê Văn Bé")
UNITS = (Unit("Xã Một | *", 8000), Unit("=cmd()", 4000), Unit("Xã Ba", 1000))
PLAN = Campaign(
    "Thu thập <b>", {"dc01": "commune"}, UNITS, START, date(2018, 12, 31), office=OFFICE
)
WORK = Work(records=2100, complete=2000, doubted=900, decided=700, changed=50)


CHECKED = Checked(400, 2, 0.0006, 0.0179)


def document(
    lang: Language = "vi",
    day: date = date(2018, 10, 26),
    checked: Checked | None = CHECKED,
    boxes: tuple[Slip, ...] = (),
) -> Document:
    worked = PLAN.working_days(START, min(day, PLAN.deadline))
    counts = [DayCount(UNITS[0].name, each, 90, 5) for each in worked]
    counts += [DayCount(UNITS[1].name, each, 30, 0) for each in worked[:5]]
    counts.append(DayCount(None, START, 1, 0, 3))
    refused = [DayRefused(None, START, 4)] if boxes else []
    progress = follow(PLAN, counts, [], day, boxes, refused)
    letter = Letter(day, "12", ("- UBND;",))
    return compose(progress, outlook(progress), Quality(WORK, checked), letter, lang)


def table(made: Document) -> Table:
    return next(block for block in made.blocks if isinstance(block, Table))


def text(made: Document) -> str:
    said = " ".join(f"{b.lead} {b.text}" for b in made.blocks if isinstance(b, Paragraph))
    return said.replace("\u00a0", " ")


def test_numbers_and_dates_are_an_offices() -> None:
    assert number_text(23_500, "vi") == "23.500"
    assert number_text(1234.5, "vi", 1) == "1.234,5"
    assert number_text(1234.5, "en", 1) == "1,234.5"
    assert percent_text(23_500 / 176_500, "vi") == "13,3 %"
    assert share_text(0.7, "vi") == "70 %"
    assert share_text(0.705, "vi") == "70,5 %"
    assert day_text(date(2018, 10, 6), "vi") == "06/10/2018"
    assert long_day_text(date(2018, 2, 6), "vi") == "ngày 06 tháng 02 năm 2018"
    assert long_day_text(date(2018, 10, 6), "en") == "6 October 2018"


def test_the_letter_has_an_offices_head() -> None:
    head = document().letterhead
    assert head.state == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert head.number == "Số: 12/BC"
    assert head.place_and_date == "Thạnh Phú, ngày 26 tháng 10 năm 2018"
    assert document("en").letterhead.state == ""


def test_the_table_goes_by_rate_and_sums_up() -> None:
    made = table(document())
    assert [row[1].text for row in made.rows] == [
        "Xã Một | *",
        "=cmd()",
        "Xã Ba",
        "(chưa rõ đơn vị)",
    ]
    # 20 working days of 95, 5 of 30, and one form of nobody knows where.
    assert [row[3].value for row in made.rows] == [1900, 150, 0, 1]
    assert made.total[3].value == 2051
    assert made.total[2].text == "13.000"
    assert made.marked == {1, 2}
    # Nobody reported without forms: no columns for it.
    assert len(made.headings) == len(made.rows[0]) == len(made.widths) == 8


def test_the_text_names_who_lags_and_what_is_needed() -> None:
    said = text(document())
    assert "2.051 / 13.000" in said
    # 70 % of 13,000 is 9,100; 7,049 are missing, 46 working days are left: 153.2 a day,
    # and with 153 people a day 11 would still be missing.
    assert "cần thêm 7.049 phiếu trong 46 ngày làm việc, mỗi ngày 154" in said
    assert "Xã Ba 0,0 % (20 ngày làm việc không có phiếu mới" in said
    assert "95,2 % đã xong" in said
    assert "sửa 50" in said
    assert "3 phiếu trùng người" in said


def test_the_sample_says_how_many_are_wrong() -> None:
    assert "Kiểm mẫu 400 mục đã nhận: sai 2 (0,5 %; khoảng 95 %: 0,1 %–1,8 %)" in text(document())
    assert "chưa biết tỷ lệ sai" in text(document(checked=None))


def test_boxes_have_a_column_and_refused_pages_are_told() -> None:
    assert "không nhận được" not in text(document())
    made = document(boxes=(Slip(UNITS[0].name, START, "Bình", 2000),))
    assert made.blocks[2].headings[5] == "Đã nộp"  # type: ignore[union-attr]
    assert [row[5].text for row in table(made).rows] == ["2.000", "–", "–", "–"]
    assert table(made).total[5].value == 2000
    assert "4 tệp, trang không nhận được." in text(made)


@pytest.mark.parametrize("day", [date(2018, 10, 1), date(2018, 12, 31), date(2019, 3, 1)])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_first_and_the_last_day_have_a_report_too(day: date, lang: Language) -> None:
    made = document(lang, day)
    assert "{" not in text(made) + made.subtitle
    assert " ? " not in text(made)
    assert writer("pdf")(made).startswith(b"%PDF")


def test_the_charts_ticks_are_round_and_hold_the_goal() -> None:
    (chart,) = [block for block in document().blocks if isinstance(block, Chart)]
    assert [label for _, label in chart.count_ticks] == ["0", "2.000", "4.000", "6.000", "8.000",
                                                         "10.000"]  # fmt: skip
    assert [label for _, label in chart.day_ticks] == ["01/10", "01/11", "01/12", "31/12"]
    assert chart.goal == 9100
    assert chart.fan is not None
    assert len(chart.fan.days) == 46


@pytest.mark.parametrize("name", sorted(set(WRITERS) - {"png"}))
def test_the_same_document_gives_the_same_bytes(name: str) -> None:
    # The chart of a DOCX is drawn by Poppler: a test of its own, below.
    made = document()
    if name == "docx":
        made = replace(made, blocks=tuple(b for b in made.blocks if not isinstance(b, Chart)))
    assert writer(name)(made) == writer(name)(made)


def test_markdown_keeps_strange_names_in_their_cells() -> None:
    lines = writer("md")(document()).decode().splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) == 2 + len(plain_rows(table(document()))) - 1
    assert "Xã Một \\| \\*" in rows[2]
    assert all(row.replace("\\|", "").count("|") == 9 for row in rows)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "br", "col"):
            self.open.append(tag)
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "td":
            self.cells[-1] += data


def test_markdown_says_who_gets_it_and_who_signs() -> None:
    made = writer("md")(document()).decode()
    assert "***Nơi nhận:***\n\n- UBND;\n- Lưu: VT.\n" in made
    assert "**TRƯỞNG CÔNG AN**  \n*(Ký, ghi rõ họ tên và đóng dấu)*  \nLê Văn Bé" in made


def test_the_workbook_prints_as_a_letter_as_wide_as_a_page() -> None:
    book = openpyxl.load_workbook(io.BytesIO(writer("xlsx")(document())))
    for sheet in book.worksheets:
        assert (
            sheet.page_setup.paperSize == sheet.PAPERSIZE_A4 or int(sheet.page_setup.paperSize) == 9
        )
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert int(sheet.page_setup.fitToHeight) == 0
        assert sheet.print_title_rows
    first = book.worksheets[0]
    said = {cell.value: cell for row in first.iter_rows() for cell in row if cell.value}
    assert said["CÔNG AN TỈNH"].row == said["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"].row
    assert said["- Lưu: VT."].row > said["TRƯỞNG CÔNG AN"].row
    assert "Lê Văn Bé" in said


def test_the_web_page_is_whole_and_needs_nothing_else() -> None:
    page = writer("html")(document()).decode()
    reader = _Reader()
    reader.feed(page)
    made = table(document())
    assert reader.cells == [cell.text for row in (*made.rows, made.total) for cell in row]
    assert "<script" not in page
    assert "Thu thập &lt;b&gt;" in page
    assert "http" not in page.replace("http://www.w3.org", "")


def test_the_workbook_holds_figures_and_no_formulas() -> None:
    book = openpyxl.load_workbook(io.BytesIO(writer("xlsx")(document())))
    sheet, days = book.worksheets
    cells = {
        cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value is not None
    }
    assert cells["=cmd()"].data_type == "s"
    (row,) = [each for each in sheet.iter_rows() if each[1].value == "Xã Một | *"]
    assert [cell.value for cell in row][2:5] == [8000, 1900, 1900 / 8000]
    assert row[4].number_format == "0.0%"
    assert len(sheet._charts) == 1
    assert days.max_row == 1 + 26 + 46


def test_the_workbook_takes_no_text_for_its_own_markup() -> None:
    marked = "<r><t>Xã</t> & </r>"
    made = document()
    cells = replace(table(made), rows=(tuple(Cell(marked) for _ in table(made).headings),))
    letterhead = replace(made.letterhead, office=marked)
    made = replace(made, blocks=(Paragraph(marked), cells), letterhead=letterhead, title=marked)
    book = openpyxl.load_workbook(io.BytesIO(writer("xlsx")(made)))
    said = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert said.count(marked) == 3 + len(cells.headings)


@pytest.mark.slow
def test_the_word_file_has_head_table_and_curve() -> None:
    data = writer("docx")(document())
    made = docx.Document(io.BytesIO(data))
    said = "\n".join(each.text for each in made.paragraphs)
    assert "2.051 / 13.000" in said
    head, counts, foot = made.tables
    assert "CÔNG AN HUYỆN <&>" in head.rows[0].cells[0].text
    assert [cell.text for cell in counts.rows[-1].cells][1:4] == ["Tổng cộng", "13.000", "2.051"]
    assert "Lê Văn Bé" in foot.rows[0].cells[1].text
    pictures = [n for n in zipfile.ZipFile(io.BytesIO(data)).namelist() if n.endswith(".png")]
    assert len(pictures) == 1


@pytest.mark.slow
def test_the_picture_is_one_whole_page() -> None:
    from PIL import Image  # noqa: PLC0415

    picture = Image.open(io.BytesIO(writer("png")(document())))
    assert picture.size in ((1240, 1754), (1241, 1754))
    assert picture.convert("L").getextrema()[0] < 60


def test_many_units_go_on_to_a_second_page() -> None:
    units = tuple(Unit(f"Xã {number}", 1000) for number in range(90))
    plan = replace(PLAN, units=units)
    progress = follow(plan, [DayCount("Xã 7", START, 5, 0)], [], START + timedelta(days=20))
    made = compose(progress, outlook(progress, plays=50), Quality(WORK), Letter(START), "vi")
    data = writer("pdf")(made)
    assert data.count(b"/Type /Page\n") >= 2


def test_a_missing_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys  # noqa: PLC0415

    monkeypatch.delitem(sys.modules, "scanform.report.xlsx", raising=False)
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingProgram, match="xlsx"):
        writer("xlsx")
