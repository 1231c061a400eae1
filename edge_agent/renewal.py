"""The box renews its certificate by itself, over the connection that the present one makes.

The key stays: it signs clips, and a key that does not change is never on disk beside a
certificate of another (docs/adr/0050). The new certificate lies in `identity/next.crt` until
the broker has taken it once; then one rename puts it in the old one's place. When the broker
does not take it, the box goes on with the old one and asks again.

A box that was registered again while it runs (`gtv edge enrol`) is noticed here too.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from edge_agent.config import DataFolder
from edge_agent.sync.mqtt import HubSession
from protocol.messages import Alarm, CertificateRequest, RenewedCertificate
from protocol.topics import Stream

log = structlog.get_logger()

#: How often the certificate is looked at. Also how long a new registration waits for its turn.
LOOK_EVERY_S = 10.0

#: A hub that did not answer is asked again.
ASK_AGAIN_AFTER = timedelta(hours=1)

#: From here on somebody should know that renewing does not work.
ALARM_BEFORE = timedelta(days=14)


def renewal_due(valid_from: datetime, valid_until: datetime, now: datetime) -> bool:
    """After two thirds of its life: of a year, four months are left for a hub that is away."""
    return now >= valid_from + (valid_until - valid_from) * 2 / 3


def expiry_alarms(certificate: Path, now: datetime) -> list[Alarm]:
    """In words for people; nothing when there is no certificate to read."""
    try:
        until = _load(certificate).not_valid_after_utc
    except (OSError, ValueError):
        return []
    if until <= now:
        return [
            Alarm(
                "O certificado da caixa venceu: a central não a aceita. Registre a caixa de novo "
                "(gtv edge enrol), com uma senha nova da central; nada do que ela guarda se perde.",
                until,
                critical=True,
            )
        ]
    if until - now < ALARM_BEFORE:
        text = f"O certificado da caixa vence em {(until - now).days} dias e não foi renovado."
        return [Alarm(text, critical=True)]
    return []


class Renewal:
    """Looks at the certificate as long as the box runs; `receive` takes the hub's answer."""

    def __init__(
        self, folder: DataFolder, session: HubSession, ask_again_after: timedelta = ASK_AGAIN_AFTER
    ) -> None:
        self._folder = folder
        self._session = session
        self._ask_again_after = ask_again_after
        self._asked_at: datetime | None = None
        self._answers: asyncio.Queue[RenewedCertificate] = asyncio.Queue(maxsize=1)

    def receive(self, answer: RenewedCertificate) -> None:
        if not self._answers.full():
            self._answers.put_nowait(answer)

    async def run(self) -> None:
        while True:
            try:
                await self._look()
            except (OSError, ValueError) as error:  # the old certificate works on
                log.error("certificate_not_renewed", error=str(error))

    async def _look(self) -> None:
        """One round. Raises OSError, ValueError."""
        try:
            async with asyncio.timeout(LOOK_EVERY_S):
                answer = await self._answers.get()
        except TimeoutError:
            answer = None
        if answer is not None:
            await self._try(answer)
        present = _load(self._folder.certificate)
        if _serial(present) != self._session.certificate_serial:
            log.info("certificate_changed", serial=_serial(present))
            await self._session.switch(self._folder.certificate)
        elif self._is_due(present):
            self._ask()

    def _is_due(self, present: x509.Certificate) -> bool:
        now = datetime.now(UTC)
        asked_lately = self._asked_at is not None and now - self._asked_at < self._ask_again_after
        due = renewal_due(present.not_valid_before_utc, present.not_valid_after_utc, now)
        return due and not asked_lately and self._session.connected.is_set()

    def _ask(self) -> None:
        self._asked_at = datetime.now(UTC)
        request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        signed = request.sign(_key(self._folder.key), hashes.SHA256())
        text = signed.public_bytes(serialization.Encoding.PEM).decode()
        self._session.publish(Stream.CERTIFICATE_REQUEST, CertificateRequest(text))
        log.info("certificate_renewal_asked")

    async def _try(self, answer: RenewedCertificate) -> None:
        """Connect with the new certificate; keep it when the broker takes it. Raises OSError, ValueError."""
        self._check(x509.load_pem_x509_certificate(answer.certificate_pem.encode()))
        self._folder.keep_next_certificate(answer.certificate_pem)
        if await self._session.switch(self._folder.next_certificate):
            self._folder.adopt_next_certificate()
            log.info("certificate_renewed", serial=self._session.certificate_serial)
        else:
            log.error("new_certificate_not_taken")
            await self._session.switch(self._folder.certificate)

    def _check(self, new: x509.Certificate) -> None:
        """Whether it is what was asked for: of this name and key, by our authority, and for longer."""
        present = _load(self._folder.certificate)
        try:
            new.verify_directly_issued_by(_load(self._folder.ca))
        except (InvalidSignature, TypeError) as error:
            raise ValueError(f"the new certificate is not of our hub: {error}") from None
        if new.subject != present.subject or new.public_key() != present.public_key():
            raise ValueError("the new certificate is not for this box")
        if new.not_valid_after_utc <= present.not_valid_after_utc:
            raise ValueError("the new certificate does not last longer than the present one")


def _load(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def _serial(certificate: x509.Certificate) -> str:
    return format(certificate.serial_number, "x")


def _key(file: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{file} is no EC key")
    return key
