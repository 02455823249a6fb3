"""The citizen message: what is mapped, what is told, and that it is always valid."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from scanform.export import EXPORTERS
from scanform.export.citizen import BLOOD, MAPPED, MARITAL, NO_BLOOD, RELATIONS, SEXES
from scanform.export.interface import Layout, Unmapped
from scanform.export.mask import Mask
from scanform.export.qcvn109 import NAMESPACE, schema
from scanform.export.reasons import REASONS
from scanform.export.units import locate
from scanform.lexicon import lists
from scanform.model.record import Answer, Record
from scanform.template.find import find
from scanform.template.load import load

MOMENT = datetime(2018, 10, 26, 20, 30, tzinfo=UTC)
NS = {"c": NAMESPACE}
SCHEMA = etree.fromstring((files("scanform.export") / "qcvn109.xsd").read_bytes())
WHOLE = {
    "full_name": "NGUYỄN THỊ ÁNH",
    "birth_date": "1985-06-05",
    "sex": "Nữ",
    "blood_group": "AB",
    "marital_status": "Đã kết hôn",
    "ethnic_group": "Khmer",
    "religion": "Phật giáo",
    "nationality": "Việt Nam",
    "id_number": "083185012345",
    "permanent_address": "Ấp 3, Xã Thạnh Hải, Huyện Thạnh Phú, Tỉnh Bến Tre",
    "father_name": "NGUYỄN VĂN BA",
    "father_id_number": "320123456",
    "head_name": "NGUYỄN THỊ ÁNH",
    "relation_to_head": "Chủ hộ",
    "household_book_number": "cm41",
}


def record(values: dict[str, str | None], record_id: str = "r1") -> Record:
    answers = tuple(
        Answer(field, value, 1.0, "accepted" if value else "blank")
        for field, value in values.items()
    )
    return Record(record_id, "dc01", 1, "box/a.pdf", "ab" * 32, 1, answers)


def written(*records: Record) -> tuple[etree._Element, list[tuple[str, str, str]]]:
    """The message, which must be valid, and what was told."""
    fields = dict.fromkeys(answer.field for each in records for answer in each.answers)
    told: list[Unmapped] = []
    to = io.BytesIO()
    layout = Layout(tuple(fields), moment=MOMENT)
    count = EXPORTERS["qcvn109"].write(records, to, layout, told.append)
    root = etree.fromstring(to.getvalue())
    schema().assertValid(root)
    assert root.get("SoCongDan") == str(count) == str(len(root))
    return root, [(each.record, each.field, each.reason) for each in told]


def text(root: etree._Element, path: str) -> str | None:
    found = root.find("c:CongDan/" + "/".join(f"c:{name}" for name in path.split("/")), NS)
    return None if found is None else found.text


def test_a_whole_record_becomes_a_citizen_without_a_complaint() -> None:
    root, told = written(record({**WHOLE}))
    assert told == []
    assert root.get("ThoiDiemDuLieu") == "2018-10-27T03:30:00"  # in Vietnam
    expected = {
        "SoDinhDanh": "083185012345",
        "SoCMND": None,
        "HoVaTen/Ten": "NGUYỄN THỊ ÁNH",
        "HoVaTen/Ho": None,
        "GioiTinh": "2",
        "DanToc": "05",
        "TonGiao": "01",
        "TinhTrangHonNhan": "2",
        "NhomMau": "03",
        "NgayThangNamSinh/Nam": "1985",
        "NgayThangNamSinh/NgayThangNam": "1985-06-05",
        "QuocTich": "VN",
        "ThuongTru/MaDonViHanhChinh": "29221",
        "ThuongTru/ChiTiet": "Ấp 3",
        "ThuongTru/QuocGia": "VN",
        "Cha/HoVaTen": "NGUYỄN VĂN BA",
        "Cha/SoCMND": "320123456",
        "ChuHo/QuanHe": "CH01",
        "SoSoHoKhau": "cm41",
    }
    assert {path: text(root, path) for path in expected} == expected


@pytest.mark.parametrize(
    ("field", "value", "reason", "path", "kept"),
    [
        ("ethnic_group", "Người sao Hỏa", "no_code", "DanToc", None),
        ("religion", "Cơ đốc Phục lâm", "no_code", "TonGiao", None),
        ("sex", "Khác", "no_code", "GioiTinh", None),
        ("relation_to_head", "Con đẻ", "no_code", "ChuHo/QuanHe", None),
        ("id_number", "12345", "not_digits", "SoDinhDanh", None),
        ("birth_date", "1985-02-31", "no_such_date", "NgayThangNamSinh", None),
        ("birth_date", "1985-06", "no_day", "NgayThangNamSinh/Nam", "1985"),
        ("permanent_address", "Ấp 3, đâu đó", "place_unknown", "ThuongTru/ChiTiet", "Ấp 3, đâu đó"),
        ("permanent_address", "Xã Lạ, Bến Tre", "place_partly", "ThuongTru/ChiTiet", "Xã Lạ"),
        ("full_name", "AN\x01", "bad_character", None, None),
        ("father_name", "AN\x01", "bad_character", "Cha/HoVaTen", None),
        ("nationality_other", "Lào", "two_values", "QuocTich", "VN"),
    ],
)
def test_what_cannot_be_mapped_is_told_with_its_reason(
    field: str, value: str, reason: str, path: str | None, kept: str | None
) -> None:
    root, told = written(record({**WHOLE, field: value}))
    assert ("r1", field, reason) in told
    assert len(root) == (0 if field == "full_name" else 1)
    if path is not None:
        assert text(root, path) == kept


def test_a_record_without_a_name_is_left_out_and_told() -> None:
    root, told = written(record({"sex": "Nam", "full_name": None}, "r1"), record(WHOLE, "r2"))
    assert told == [("r1", "", "no_name")]
    assert [each.text for each in root.iterfind("c:CongDan/c:SoDinhDanh", NS)] == ["083185012345"]


def test_fields_without_an_element_are_told_once_for_all() -> None:
    values = {**WHOLE, "hamlet": "Ấp 3", "stamp": "present"}
    _, told = written(record(values, "r1"), record(values, "r2"))
    assert told == [("", "hamlet", "no_element"), ("", "stamp", "no_element")]


def test_blank_answers_need_no_element() -> None:
    root, told = written(record({**dict.fromkeys(WHOLE), "full_name": "AN"}))
    assert told == []
    assert text(root, "NhomMau") == NO_BLOOD
    assert [etree.QName(each).localname for each in root[0]] == ["HoVaTen", "NhomMau"]


def test_masked_values_are_left_out_and_told() -> None:
    mask = Mask(frozenset({"religion"}), frozenset({"id_number"}), b"k" * 16)
    root, told = written(mask(record(WHOLE)))
    assert sorted(told) == [("r1", "id_number", "masked"), ("r1", "religion", "masked")]
    assert text(root, "SoDinhDanh") is None


def test_only_the_year_is_no_complaint() -> None:
    root, told = written(record({**WHOLE, "birth_date": "1985"}))
    assert (told, text(root, "NgayThangNamSinh/Nam")) == ([], "1985")
    assert text(root, "NgayThangNamSinh/NgayThangNam") is None


@pytest.mark.parametrize(
    ("address", "unit", "detail", "reason"),
    [
        ("Xã Thạnh Hải, Huyện Thạnh Phú, Tỉnh Bến Tre", "29221", "", ""),
        ("ấp 3, Thạnh Hải, Thạnh Phú, Bến Tre", "29221", "ấp 3", ""),
        ("X. Thạnh Hải, H. Thạnh Phú, T. Bến Tre", "29221", "", ""),
        ("XÃ THẠNH HẢI, HUYỆN THẠNH PHÚ, TỈNH BẾN TRE", "29221", "", ""),
        ("Thạnh Hải, Bến Tre, Việt Nam", "29221", "", ""),
        ("Huyện Thạnh Phú, Bến Tre", "837", "", ""),
        ("Bến Tre", "83", "", ""),
        ("Phường 5, Quận 3, TP Hồ Chí Minh", "27151", "", ""),
        ("P. 05, Q. 3, TP Hồ Chí Minh", "27151", "", ""),
        ("Xã An Thạnh", "", "Xã An Thạnh", "place_ambiguous"),
        ("số 3, ấp Lạ", "", "số 3, ấp Lạ", "place_unknown"),
    ],
)
def test_units_are_found_by_their_exact_names(
    address: str, unit: str, detail: str, reason: str
) -> None:
    found = locate(address)
    assert (found.unit, found.detail, found.reason) == (unit, detail, reason)


def test_a_foreign_address_has_its_country() -> None:
    found = locate("Phnôm Pênh, Campuchia")
    assert (found.unit, found.detail, found.country, found.reason) == ("", "Phnôm Pênh", "KH", "")


def test_the_schema_knows_the_lists_codes() -> None:
    def enumerated(name: str) -> set[str]:
        path = f"//xs:simpleType[@name='{name}']//xs:enumeration/@value"
        xs = {"xs": "http://www.w3.org/2001/XMLSchema"}
        return set(SCHEMA.xpath(path, namespaces=xs))

    for name, codes in (("DanToc", "ethnic_groups"), ("TonGiao", "religions")):
        assert enumerated(name) == {each.code for each in lists.entries(codes) if each.code}
    assert set(BLOOD.values()) | {NO_BLOOD} == enumerated("NhomMau")
    for name, own in (("GioiTinh", SEXES), ("TinhTrangHonNhan", MARITAL), ("QuanHe", RELATIONS)):
        assert set(own.values()) <= enumerated(name)


def test_every_field_of_dc01_about_the_person_has_a_place() -> None:
    fields = {field.id for field in load(find("dc01")).fields}
    assert fields >= MAPPED
    others = {
        "province",
        "district",
        "commune",
        "hamlet",
        "street",
        "house",
        "declared_on",
        "stamp",
    }
    officials = {"signed_police_chief", "signed_officer", "signed_declarant"}
    heads = {"head_nationality", "head_nationality_other"}
    assert fields - MAPPED == others | officials | heads


anything = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
plausible = st.sampled_from(
    [*WHOLE.values(), "Nam", "1985", "Lào", "Kinh", "Không", "=cmd", "a\r\nb", "<b>&amp;", "  "]
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(MAPPED)), anything | plausible))
def test_whatever_is_on_the_form_the_message_is_valid_and_nothing_is_dropped_in_silence(
    values: dict[str, str | None],
) -> None:
    root, told = written(record(values))
    assert {reason for _, _, reason in told} <= set(REASONS)
    if not values.get("full_name") or ("r1", "", "no_name") in told:
        assert ("r1", "", "no_name") in told
        assert len(root) == 0
        return
    said = {field for _, field, _ in told}
    texts = [each.text for each in root.iter() if each.text]
    for field, value in values.items():
        if value and field.endswith(("name", "book_number")) and field not in said:
            assert value in texts
