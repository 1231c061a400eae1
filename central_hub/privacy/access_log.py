"""The log of accesses to personal data: of the own city for its gestor, of all for who may read the trail.

What the central's people do without naming a city has no city, and is in the log of all alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from central_hub.audit import accesses
from central_hub.audit import services as audit
from central_hub.audit.accesses import Access, Accesses
from central_hub.cities import services as cities
from central_hub.kernel import Caller, NotPermitted, Permission, may
from central_hub.lpr import services as lpr
from central_hub.spreadsheets import BYTE_ORDER_MARK, lines

CSV_HEADER = ("registro", "data_hora_utc", "quem", "acao", "alvo", "prefeitura", "placa", "finalidade")


@dataclass(frozen=True)
class LogSearch:
    """Empty texts and None stand for anything; `plate` is a whole one, in either spelling."""

    city: str = ""
    actor: str = ""
    plate: str = ""
    since: datetime | None = None
    until: datetime | None = None


def page(caller: Caller, search: LogSearch, before_id: int | None, limit: int) -> list[Access]:
    """Newest first."""
    return accesses.page(_wanted(caller, search), before_id, limit)


def stream_csv(caller: Caller, search: LogSearch) -> Iterator[bytes]:
    """All of a search, oldest first. Audited before the first byte."""
    wanted = _wanted(caller, search)
    last = accesses.newest_id()
    filters = {name: str(value) for name, value in vars(search).items() if value}
    city_code = search.city or cities.own_code(caller)
    audit.record(caller, "access-log-exported", city_code=city_code, details={"filters": filters})
    return _csv(accesses.until_id(wanted, last))


def _wanted(caller: Caller, search: LogSearch) -> Accesses:
    """Raises NotPermitted, InvalidInput. Another's city is as one where nothing happened."""
    return Accesses(
        cities=_cities(caller, search.city),
        actor=search.actor,
        plates=lpr.whole_plate(search.plate) if search.plate else (),
        since=search.since,
        until=search.until,
    )


def _cities(caller: Caller, asked: str) -> list[str] | None:
    if may(caller, Permission.READ_AUDIT):
        return [asked] if asked else None
    if not may(caller, Permission.GOVERN):
        raise NotPermitted("Seu papel não permite ver o registro de acessos.")
    own = cities.own_code(caller)
    return [own] if asked in ("", own) else []


def _csv(found: Iterator[Access]) -> Iterator[bytes]:
    yield (BYTE_ORDER_MARK + lines([CSV_HEADER])).encode()
    for access in found:
        fact = access.fact
        at = fact.at.astimezone(UTC).isoformat(timespec="seconds")
        row = (
            access.id, at, fact.actor, fact.action, fact.target, fact.city_code, access.plate, access.purpose,
        )  # fmt: skip
        yield lines([row]).encode()
