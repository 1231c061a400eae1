"""A spreadsheet of cameras, read: UTF-8, or Latin-1 with semicolons as Excel in Brazil writes it.

Pure: bytes in, rows with their errors out. What only the database knows (the prefeitura's
boxes, its room, cameras that are there already) is `camera_import`'s business.
"""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from central_hub.cities import domain
from central_hub.kernel import InvalidInput

#: The template's columns, in its order.
COLUMNS = ("nome", "rtsp", "rtsp_menor", "transporte", "caixa", "latitude", "longitude", "placas")
REQUIRED = ("nome", "rtsp")
EXAMPLE = (
    "Praça da Matriz", "rtsp://usuario:senha@10.0.0.21:554/stream1", "rtsp://usuario:senha@10.0.0.21:554/stream2",
    "auto", "caixa-01", "-22,6871", "-45,7322", "não",
)  # fmt: skip

#: A prefeitura's cameras, twice; and a line of the longest fields.
MAX_ROWS = 2000
MAX_BYTES = 2_000_000

Check = Callable[[str], None]

_YES_NO = {"": False, "não": False, "nao": False, "n": False, "0": False, "sim": True, "s": True, "1": True}


@dataclass(frozen=True)
class CameraRow:
    """One line of the file; with `errors` (by column) its other fields are not to be used."""

    line: int
    name: str = ""
    rtsp_url: str = ""
    sub_rtsp_url: str = ""
    transport: str = "auto"
    node: str = ""
    latitude: float | None = None
    longitude: float | None = None
    lpr: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)


def template() -> str:
    """What is filled in. Not by `spreadsheets`: its guard against formulas would spoil negative degrees."""
    return "".join(f"{';'.join(cells)}\r\n" for cells in (COLUMNS, EXAMPLE))


def read_rows(data: bytes) -> list[CameraRow]:
    """The rows of a file. Raises InvalidInput for what is no such file at all."""
    if len(data) > MAX_BYTES:
        raise InvalidInput(f"O arquivo passa de {MAX_BYTES // 1_000_000} MB.", code="file-too-large")
    text = _decoded(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        _check_header(header)
        rows: list[CameraRow] = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) == MAX_ROWS:
                raise InvalidInput(f"O arquivo passa de {MAX_ROWS} linhas.", code="file-too-large")
            rows.append(_row(reader.line_num, header, cells))
    except csv.Error as error:
        raise InvalidInput(f"O arquivo não é um CSV: {error}", code="not-csv") from None
    return rows


def _decoded(data: bytes) -> str:
    """UTF-8 with or without its mark; what is not is Windows' Latin-1 (every byte of it is some letter)."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(";,\t", key=first.count)


def _check_header(header: list[str]) -> None:
    unknown = [name for name in header if name and name not in COLUMNS]
    missing = [name for name in REQUIRED if name not in header]
    if unknown or missing or len(set(header)) != len(header):
        raise InvalidInput(
            f"A primeira linha deve ter os nomes das colunas: {', '.join(COLUMNS)} ({', '.join(REQUIRED)} "
            "são obrigatórias). Baixe o modelo.",
            code="csv-header",
        )


def _row(line: int, header: list[str], cells: list[str]) -> CameraRow:
    if len(cells) > len(header):
        return CameraRow(line, errors={"linha": "Há mais células do que colunas."})
    given = dict(zip(header, (cell.strip() for cell in cells), strict=False))
    errors: dict[str, str] = {}
    row = CameraRow(
        line=line,
        name=_checked("nome", given, errors, domain.check_camera_name, most=200),
        rtsp_url=_checked("rtsp", given, errors, domain.check_rtsp_url, most=1000),
        sub_rtsp_url=_checked("rtsp_menor", given, errors, domain.check_sub_rtsp_url, most=1000),
        transport=_one_of("transporte", given.get("transporte", "").lower() or "auto", errors),
        node=given.get("caixa", ""),
        latitude=_degrees("latitude", given, errors, 90),
        longitude=_degrees("longitude", given, errors, 180),
        lpr=_yes_no(given.get("placas", ""), errors),
        errors=errors,
    )
    if (row.latitude is None) != (row.longitude is None) and not errors:
        errors["latitude"] = "Informe latitude e longitude, ou nenhuma."
    return row


def _checked(column: str, given: dict[str, str], errors: dict[str, str], check: Check, *, most: int) -> str:
    text = given.get(column, "")
    try:
        if len(text) > most or any(ord(sign) < 32 for sign in text):
            raise InvalidInput(f"Use até {most} letras.")
        check(text)
    except InvalidInput as error:
        errors[column] = error.detail
    return text


def _one_of(column: str, text: str, errors: dict[str, str]) -> str:
    if text not in domain.TRANSPORTS:
        errors[column] = f"Use um destes: {', '.join(domain.TRANSPORTS)}."
    return text


def _degrees(column: str, given: dict[str, str], errors: dict[str, str], most: int) -> float | None:
    """With a decimal comma or point, and the apostrophe that keeps a spreadsheet from reading a formula."""
    text = given.get(column, "").lstrip("'").replace(",", ".")
    if not text:
        return None
    try:
        degrees = float(text)
    except ValueError:
        degrees = float("nan")
    if not -most <= degrees <= most:
        errors[column] = f"Informe graus entre -{most} e {most}."
        return None
    return degrees


def _yes_no(text: str, errors: dict[str, str]) -> bool:
    if text.lower() not in _YES_NO:
        errors["placas"] = "Use sim ou não."
    return _YES_NO.get(text.lower(), False)
