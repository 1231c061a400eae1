"""When a box asks for another certificate, and when somebody is told that it does not get one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.renewal import expiry_alarms, renewal_due

START = datetime(2026, 1, 1, tzinfo=UTC)


@given(days=st.integers(3, 4000), part=st.floats(0, 2))
def test_a_certificate_is_renewed_after_two_thirds_of_its_life_and_not_before(days: int, part: float) -> None:
    life = timedelta(days=days)
    due = renewal_due(START, START + life, START + life * part)
    assert due == (part >= 2 / 3) or abs(part - 2 / 3) < 1e-6


@pytest.mark.parametrize(
    ("days_left", "said"), [(200, None), (15, None), (13, "vence em 13 dias"), (0, "venceu"), (-5, "venceu")]
)
def test_somebody_is_told_before_and_after_it_runs_out(
    tmp_path: Path, days_left: int, said: str | None
) -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    alarms = expiry_alarms(_certificate(tmp_path, now + timedelta(days=days_left)), now)
    assert len(alarms) == (said is not None)
    assert said is None or said in alarms[0].text


def test_no_certificate_is_no_alarm_of_this_kind(tmp_path: Path) -> None:
    (tmp_path / "garbage").write_text("x")
    assert expiry_alarms(tmp_path / "garbage", START) == expiry_alarms(tmp_path / "none", START) == []


def _certificate(folder: Path, until: datetime) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(START).not_valid_after(until)
    file = folder / "node.crt"
    file.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return file
