"""Places are found in the form that was written, inside their unit first."""

from __future__ import annotations

import pytest

from scanform.lexicon import address, places

THANH_PHU = frozenset({"837"})


@pytest.mark.parametrize(
    ("text", "level", "value"),
    [
        ("Tỉnh Bến Tre", "province", "Tỉnh Bến Tre"),
        ("Bén Tre", "province", "Bến Tre"),
        ("huyện Thạnh Phú", "district", "huyện Thạnh Phú"),
        ("H. Thạnh Phu", "district", "H. Thạnh Phú"),
        ("T: Bến Tre", "province", "T. Bến Tre"),
        ("XÃ THẠNH HẢI", "commune", "XÃ THẠNH HẢI"),
        ("Phường 5", "commune", "Phường 5"),
        ("Phường 05", "commune", "Phường 05"),
        ("TP. Hồ Chí Minh", "province", "TP. Hồ Chí Minh"),
        ("Thị trấn Thạnh Phú", "commune", "Thị trấn Thạnh Phú"),
    ],
)
def test_written_form_stays(text: str, level: places.Level, value: str) -> None:
    found = places.match(text, level)
    assert found is not None
    assert found.value == value


def test_the_checked_list_of_communes_holds() -> None:
    found = places.match("An Qui", "commune", THANH_PHU)
    assert found is not None
    assert [entry.code for entry in found.entries] == ["29218"]
    assert found.entries[0].vintage == "2021"


def test_within_narrows() -> None:
    inside = places.match("Thanh Hải", "commune", THANH_PHU)
    anywhere = places.match("Thanh Hải", "commune")
    assert inside is not None
    assert inside.value == "Thạnh Hải"
    assert anywhere is not None
    assert anywhere.value == "Thanh Hải"


def test_outside_stays_possible() -> None:
    found = places.match("Xã Phước Vĩnh An", "commune", THANH_PHU)
    assert found is not None
    assert not any(places.lies_in(entry, THANH_PHU) for entry in found.entries)


def test_nothing_alike() -> None:
    assert places.match("Qwrtzpsd", "commune") is None


def test_counts() -> None:
    levels = [places.level_of(entry) for entry in places.places().values()]
    assert [levels.count(level) for level in places.LEVELS] == [63, 705, 10599]
    assert all(e.parent in places.places() for e in places.places().values() if e.parent)


@pytest.mark.parametrize(
    "text",
    [
        "Ấp Thạnh Lợi, xã Thạnh Hải, huyện Thạnh Phú, tỉnh Bến Tre",
        "Số 12/3 khu phố 2, TT. Thạnh Phú, H. Thạnh Phú, T. Bến Tre",
        "Xã Thạnh Phong - Huyện Thạnh Phú - Tỉnh Bến Tre",
        "Phường 5, TP. Vũng Tàu, Bà Rịa - Vũng Tàu",
        "Thạnh Phú, Bến Tre",
        "Nhà ông Tám, bên chợ",
        "Nhà ông Tám. Bên chợ",
        "Số 3, Hương Chữ, Hương Trà, Thừa Thiên Huế",
        "Huyện A Lưới, Tỉnh Thừa Thiên - Huế",
        "Xã Thuận Đức, Thành Phố Đồng Hới, Tỉnh Quảng Bình",
    ],
)
def test_a_clean_address_stays_as_written(text: str) -> None:
    assert address.parse(text).value == text


def test_an_address_is_mended_from_its_right_end() -> None:
    found = address.parse("Ấp An Thuán, Xã Thạnh Hai. huyện Thanh Phú, tinh Bến Tre")
    assert found.value == "Ấp An Thuán, Xã Thạnh Hải, huyện Thạnh Phú, tỉnh Bến Tre"
    assert [part.level for part in found.parts] == [None, "commune", "district", "province"]
    assert found.open_text == "Ấp An Thuán"


@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("Nậm Giôn. Mường La. Sơn La", "Nậm Giôn, Mường La, Sơn La"),
        ("Xã Bình Xa.Huyện Hàm Yên, Tuyên Quang", "Xã Bình Xa, Huyện Hàm Yên, Tuyên Quang"),
        ("Tổ 5. Ấp Chợ", "Tổ 5, Ấp Chợ"),
    ],
)
def test_a_full_stop_before_a_place_is_a_comma(read: str, value: str) -> None:
    assert address.parse(read).value == value
