"""An enrolled box with ten seconds of footage, a gap of ten, ten seconds more; clips ordered from it."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from edge_agent.box import Box
from edge_agent.evidence.authorities import Authorities
from edge_agent.evidence.domain import Clip, ClipSpan
from edge_agent.recording.domain import Fragment, Segment
from tests.unit.edge.builders import NOON_US, SECOND, record

CAMERA = "cam1"


def certificate(
    subject: str, key: ec.EllipticCurvePrivateKey, issuer: str, issuer_key: ec.EllipticCurvePrivateKey
) -> bytes:
    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(issuer_key, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def authority() -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    return key, certificate("GT-Vision CA", key, "GT-Vision CA", key)


@pytest.fixture
def enrolled(box: Box, authority: tuple[ec.EllipticCurvePrivateKey, bytes]) -> Box:
    """The box with a real key and certificate."""
    ca_key, ca_pem = authority
    key = ec.generate_private_key(ec.SECP256R1())
    box.folder.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    box.folder.certificate.write_bytes(certificate("sao-bento/caixa-01", key, "GT-Vision CA", ca_key))
    box.folder.ca.write_bytes(ca_pem)
    return box


def store_video(
    box: Box,
    video: Path,
    start_us: int,
    run_us: int | None = None,
    drift_us: int = 0,
    last_us: int = SECOND,
) -> None:
    """The ten seconds of `video`, recorded from `start_us` on; in the index the last lasts `last_us`."""
    path = f"{CAMERA}/2025-11-24/{start_us}.mp4"
    target = box.index.folder / path
    init_bytes, written = record(video, target)
    box.index.store_segment(
        Segment(
            camera=CAMERA,
            start_us=start_us,
            run_us=start_us if run_us is None else run_us,
            path=path,
            init_bytes=init_bytes,
            fragments=tuple(
                Fragment(
                    offset,
                    size,
                    start_us + number * SECOND,
                    SECOND if number < len(written) - 1 else last_us,
                )
                for number, (offset, size) in enumerate(written)
            ),
            drift_us=drift_us,
        )
    )


@pytest.fixture
def footage(enrolled: Box, video: Path) -> Iterator[Box]:
    """Ten seconds at noon, a gap of ten, ten seconds more."""
    store_video(enrolled, video, NOON_US)
    store_video(enrolled, video, NOON_US + 20 * SECOND)
    yield enrolled
    enrolled.store.close()


def span(start_s: float, end_s: float, camera: str = CAMERA) -> ClipSpan:
    return ClipSpan(camera, NOON_US + int(start_s * SECOND), NOON_US + int(end_s * SECOND))


async def made(box: Box, *spans: ClipSpan) -> Clip:
    """Order a clip and wait until it is finished."""
    ordered = box.clips.order("ana", "Ocorrência 7", spans)
    working = asyncio.create_task(box.clips.run())
    try:
        return await finished(box, ordered.id)
    finally:
        working.cancel()


async def finished(box: Box, clip_id: str) -> Clip:
    async with asyncio.timeout(20):
        while (clip := box.clips.get(clip_id)).state in ("queued", "running"):  # noqa: ASYNC110 - a database row
            await asyncio.sleep(0.02)
    return clip


def trusting(certificate_pem: bytes) -> Authorities:
    """A verifier who has this authority from the hub."""
    return Authorities((x509.load_pem_x509_certificate(certificate_pem),), named=True)
