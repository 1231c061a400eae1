"""Requests of the person concerned (LGPD, art. 18): what may be asked, by when, and how a request ends.

    received ──> in analysis ──> fulfilled
                            └──> refused, with the legal basis

Days are calendar days in the city's time zone, the last one included. Art. 19, II, gives 15 days to the full
answer of an access request; no term is set for the other kinds (art. 18, § 5), and the same one is kept for
them. A last day that is no working day is not put off: the person waits no longer for that.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from central_hub.kernel import Conflict, InvalidInput

#: LGPD, art. 19, II.
ANSWER_WITHIN = timedelta(days=15)

#: So long before its last day a request is shown as urgent.
SOON = timedelta(days=3)

#: What came before that is a slip of the pen.
OLDEST_REQUEST = timedelta(days=366)

#: A word is no answer, and no description.
SHORTEST_TEXT = 10


class Kind(StrEnum):
    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"
    SHARING = "sharing"


class State(StrEnum):
    RECEIVED = "received"
    ANALYSIS = "analysis"
    FULFILLED = "fulfilled"
    REFUSED = "refused"


OPEN = frozenset({State.RECEIVED, State.ANALYSIS})

_MOVES = frozenset(
    {
        (State.RECEIVED, State.ANALYSIS),
        (State.ANALYSIS, State.FULFILLED),
        (State.ANALYSIS, State.REFUSED),
    }
)


class Step(StrEnum):
    """What happened to a request; each is an audit entry too."""

    OPENED = "opened"
    ANALYSIS = "analysis"
    REPORT = "report"
    ERASED = "erased"
    FULFILLED = "fulfilled"
    REFUSED = "refused"
    OVERDUE = "overdue"


class Basis(StrEnum):
    """Why a request is refused, by the article that allows it."""

    IDENTITY = "identity"
    NO_DATA = "no-data"
    OTHER_AGENT = "other-agent"
    LEGAL_DUTY = "legal-duty"
    LEGAL_HOLD = "legal-hold"
    PUBLIC_SECURITY = "public-security"
    IMPOSSIBLE = "impossible"


def today_in(zone: ZoneInfo, now: datetime) -> date:
    """The calendar day that a city is in."""
    return now.astimezone(zone).date()


def due_on(received_on: date, today: date) -> date:
    """The last day for the answer. Raises InvalidInput for a request of tomorrow, or of another age."""
    if received_on > today:
        raise InvalidInput.in_field("received_on", "A data do pedido não pode estar no futuro.")
    if today - received_on > OLDEST_REQUEST:
        raise InvalidInput.in_field("received_on", "Confira a data do pedido: faz mais de um ano.")
    return received_on + ANSWER_WITHIN


def days_left(due: date, today: date) -> int:
    """0 on the last day; negative: so many days late."""
    return (due - today).days


def is_overdue(due: date, state: State, today: date) -> bool:
    return state in OPEN and days_left(due, today) < 0


def check_content(kind: Kind, plate: str, description: str) -> None:
    """A request is about a plate, or says what it is about; what is to be corrected is always said."""
    if len(description.strip()) >= SHORTEST_TEXT:
        return
    if not plate or kind == Kind.CORRECTION:
        raise InvalidInput.in_field("description", "Descreva o que a pessoa pede, em uma frase ou mais.")


def check_move(present: State, to: State) -> None:
    """Raises Conflict."""
    if (present, to) in _MOVES:
        return
    if present not in OPEN:
        raise Conflict("Este pedido já foi encerrado.", code="request-closed")
    if to == State.ANALYSIS:
        raise Conflict("Este pedido já está em análise.", code="already-in-analysis")
    raise Conflict("Comece a análise do pedido antes.", code="not-in-analysis")


def check_fulfilled(kind: Kind, *, about_plate: bool, reported: bool, erased: bool, answer: str) -> None:
    """What the person was promised has been done, or is told. Raises Conflict, InvalidInput."""
    if about_plate and kind == Kind.ACCESS:
        if not reported:
            raise Conflict("Gere o relatório antes de concluir.", code="no-report")
    elif about_plate and kind == Kind.ERASURE:
        if not erased:
            raise Conflict("Elimine os dados da placa antes de concluir.", code="not-erased")
    else:
        check_answer(answer)


def check_answer(answer: str) -> None:
    if len(answer.strip()) < SHORTEST_TEXT:
        raise InvalidInput.in_field("answer", "Escreva o que foi respondido ao titular.")
