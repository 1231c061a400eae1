"""A spreadsheet of cameras is read as people's programs write it, and each row says what is wrong with it."""

import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_hub.cities.csv_rows import COLUMNS, EXAMPLE, MAX_ROWS, read_rows, template
from central_hub.kernel import InvalidInput
from central_hub.spreadsheets import BYTE_ORDER_MARK

HEADER = "nome;rtsp;latitude;longitude;placas\r\n"
GOOD = "Praça São João;rtsp://10.0.0.1/1;-22,5;-45.7;sim\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_file_of_excel_is_read_whatever_its_encoding(encoding: str, delimiter: str) -> None:
    (row,) = read_rows((HEADER + GOOD).replace(";", delimiter).encode(encoding))
    assert (row.name, row.latitude, row.longitude, row.lpr) == ("Praça São João", -22.5, -45.7, True)
    assert (row.line, row.errors, row.transport) == (2, {}, "auto")


def test_commas_separate_too_and_quotes_hold_them() -> None:
    (row,) = read_rows(b'nome,rtsp\n"Rua 1, esquina",rtsp://h/1\n')
    assert row.name == "Rua 1, esquina" and not row.errors


def test_the_template_is_a_file_that_is_read() -> None:
    (row,) = read_rows((BYTE_ORDER_MARK + template()).encode())
    assert row.name == EXAMPLE[0] and row.node == "caixa-01"
    assert row.errors == {} and row.latitude == -22.6871


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (";rtsp://h/1;;;", "nome"),
        ("a;http://h/1;;;", "rtsp"),
        ("a;rtsp://h/1;91;0;", "latitude"),
        ("a;rtsp://h/1;nan;0;", "latitude"),
        ("a;rtsp://h/1;1;;", "latitude"),
        ("a;rtsp://h/1;;;talvez", "placas"),
        ("a;rtsp://h/1;;;;;;", "linha"),
        ("a" * 201 + ";rtsp://h/1;;;", "nome"),
    ],
)
def test_a_bad_row_says_which_column_and_spoils_no_other(cells: str, column: str) -> None:
    good, bad = read_rows((HEADER + GOOD + cells + "\r\n").encode())
    assert good.errors == {} and set(bad.errors) == {column}


def test_a_wrong_address_is_not_repeated_with_its_password() -> None:
    (row,) = read_rows((HEADER + "a;http://u:s3nha@h/1;;;\r\n").encode())
    assert "s3nha" not in str(row.errors)


@pytest.mark.parametrize(
    "data", [b"", b"nome\na\n", b"nome;rtsp;cor\n", b"nome;nome;rtsp\n", b"\x00\xff", b"a" * 3_000_000]
)
def test_what_is_no_such_file_is_said_as_a_whole(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_rows(data)


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(InvalidInput):
        read_rows((HEADER + GOOD * (MAX_ROWS + 1)).encode())


@given(st.binary(max_size=300))
def test_no_bytes_break_it(data: bytes) -> None:
    with contextlib.suppress(InvalidInput):
        read_rows(b"nome;rtsp\n" + data)


@given(st.lists(st.text(max_size=20), min_size=8, max_size=8))
def test_every_row_comes_back_as_one_row(cells: list[str]) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([COLUMNS, ["x", *cells[1:]]])
    assert len(read_rows(text.getvalue().encode("utf-8", "replace"))) == 1
