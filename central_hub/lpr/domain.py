"""The rules about plate reads: which can be stored, where their images lie, how long they are kept."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from central_hub.kernel import InvalidInput
from protocol.messages import PlateRead

_IGNORED = re.compile(r"[\s\-.·]+")
_PLATE = re.compile(r"^[A-Z0-9]{1,16}$")

#: Larger numbers are no lane of any road, and would not fit the column.
MAX_LANE = 99


class UnusableRead(ValueError):
    """A read that the hub cannot store; the text says why."""


def normalise_plate(text: str) -> str:
    """`abc-1d23` and `ABC 1D23` are one plate. Raises UnusableRead if nothing or other signs remain."""
    plate = _IGNORED.sub("", text).upper()
    if not _PLATE.match(plate):
        raise UnusableRead(f"{text!r} is not a plate")
    return plate


def check_read(read: PlateRead) -> None:
    """Refuse what no column can hold. Raises UnusableRead."""
    if read.lane is not None and not 0 <= read.lane <= MAX_LANE:
        raise UnusableRead(f"lane {read.lane} is not between 0 and {MAX_LANE}")
    if read.image is not None and read.image.size_bytes >= 2**31:
        raise UnusableRead("the image is larger than 2 GiB")


def image_key(city_code: str, read_id: int, captured_at: datetime) -> str:
    """Where the evidence image lies in the object store. The id is the hub's: a box cannot choose the key."""
    return f"{city_code}/plates/{captured_at:%Y/%m/%d}/{read_id}.jpg"


# --- months and retention -------------------------------------------------------

#: Months that are made before they begin: a scheduler that fails for weeks harms nobody.
MONTHS_AHEAD = 2

#: Days within which a city can choose how long its plate reads are kept.
RETENTION_DAYS = range(1, 5 * 366)


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, in UTC."""

    year: int
    month: int

    @classmethod
    def of(cls, at: date) -> "Month":
        return cls(at.year, at.month)

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    def next(self, count: int = 1) -> "Month":
        """The month so many months later; earlier for a negative number."""
        number = self.year * 12 + self.month - 1 + count
        return Month(number // 12, number % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def newest_month(now: datetime) -> Month:
    """The newest month that should have a partition. `now` is UTC."""
    return Month.of(now).next(MONTHS_AHEAD)


#: Most searches fill their page from the present month or these before it.
RECENT_MONTHS = 3


def windows(now: datetime) -> list[tuple[datetime | None, datetime | None]]:
    """All of time in parts, newest first; each from its first instant to before its last, None: no end."""
    this, recent = (_instant(month) for month in (Month.of(now), Month.of(now).next(-RECENT_MONTHS)))
    return [(this, None), (recent, this), (None, recent)]


def _instant(month: Month) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=UTC)


def check_retention(days: int) -> None:
    """Raises InvalidInput."""
    if days not in RETENTION_DAYS:
        raise InvalidInput.in_field("retention_days", f"Informe de 1 a {RETENTION_DAYS[-1]} dias.")


def kept_since(now: datetime, days: int) -> datetime:
    """Reads captured before this have had their time."""
    return now - timedelta(days=days)


#: Why reads are kept, as reports say it.
LEGAL_BASIS = (
    "Execução de políticas públicas e atribuições legais do Poder Público (Lei 13.709/2018, art. 7º, III, e"
    " art. 23), para segurança pública, nos princípios do art. 4º, § 1º."
)
