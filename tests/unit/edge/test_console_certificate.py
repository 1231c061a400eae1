"""The console's certificate: made once, renewed before it ends, served without a restart."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from edge_agent.config import DataFolder
from edge_agent.console import tls
from edge_agent.console.tls import (
    RENEW_BEFORE,
    VALID_FOR,
    ConsoleCertificate,
    fingerprint,
    load,
    own_addresses,
)


class Clock:
    now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path).prepare()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def served(context: ssl.SSLContext, **client: ssl.TLSVersion) -> x509.Certificate:
    """What a browser that connects now is shown."""
    asks = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    asks.check_hostname, asks.verify_mode = False, ssl.CERT_NONE
    for name, value in client.items():
        setattr(asks, name, value)
    with _answering(context) as connection, asks.wrap_socket(connection) as secured:
        shown = secured.getpeercert(binary_form=True)
    assert shown is not None
    return x509.load_der_x509_certificate(shown)


@contextmanager
def _answering(context: ssl.SSLContext) -> Iterator[socket.socket]:
    ours, theirs = socket.socketpair()
    ours.settimeout(10)
    theirs.settimeout(10)

    def answer() -> None:
        try:
            context.wrap_socket(theirs, server_side=True).close()
        except OSError:
            theirs.close()

    thread = Thread(target=answer)
    thread.start()
    with ours:
        yield ours
    thread.join(10)


def test_a_new_box_makes_a_certificate_that_names_it_and_its_addresses(folder: DataFolder) -> None:
    context = ConsoleCertificate(folder, "caixa-01").context
    names = served(context).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {socket.gethostname(), "localhost", "caixa-01"} <= set(names.get_values_for_type(x509.DNSName))
    assert ip_address("127.0.0.1") in names.get_values_for_type(x509.IPAddress)
    assert set(names.get_values_for_type(x509.IPAddress)) == own_addresses()
    assert folder.console_key.stat().st_mode & 0o077 == 0


def test_the_fingerprint_is_as_browsers_show_it(folder: DataFolder) -> None:
    context = ConsoleCertificate(folder, "caixa-01").context
    assert (
        fingerprint(folder.console_certificate)
        == served(context).fingerprint(hashes.SHA256()).hex(":").upper()
    )


def test_a_restart_keeps_the_certificate_that_browsers_know(folder: DataFolder) -> None:
    ConsoleCertificate(folder, "caixa-01")
    first = fingerprint(folder.console_certificate)
    ConsoleCertificate(folder, "caixa-01")
    assert fingerprint(folder.console_certificate) == first


def test_it_is_renewed_before_it_ends_and_served_without_a_restart(folder: DataFolder, clock: Clock) -> None:
    certificate = ConsoleCertificate(folder, "caixa-01", clock)
    first = served(certificate.context)
    assert first.not_valid_after_utc - clock.now < VALID_FOR
    clock.now = first.not_valid_after_utc - RENEW_BEFORE - timedelta(minutes=1)
    certificate.refresh()
    assert served(certificate.context) == first
    clock.now += timedelta(minutes=2)
    certificate.refresh()
    renewed = served(certificate.context)
    assert renewed != first
    assert renewed.not_valid_after_utc > first.not_valid_after_utc


def test_a_box_that_moved_to_another_network_names_its_new_address(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    loopback = ip_address("127.0.0.1")
    addresses = {loopback, ip_address("10.1.0.5")}
    monkeypatch.setattr(tls, "own_addresses", lambda: addresses)
    certificate = ConsoleCertificate(folder, "caixa-01")
    first = served(certificate.context)
    addresses.add(ip_address("172.17.0.1"))  # a bridge that came up is no move
    certificate.refresh()
    assert served(certificate.context) == first
    monkeypatch.setattr(tls, "own_addresses", lambda: {loopback, ip_address("192.168.7.5")})
    certificate.refresh()
    assert served(certificate.context) != first


def test_a_citys_own_certificate_is_served_and_never_replaced(
    folder: DataFolder, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = ConsoleCertificate(folder, "caixa-01", clock)
    other = DataFolder(tmp_path / "other").prepare()
    with monkeypatch.context() as patch:
        patch.setattr(tls, "_MADE_BY_THE_BOX", "Prefeitura de São Bento")
        ConsoleCertificate(other, "caixa-01", clock)
    folder.console_key.write_bytes(other.console_key.read_bytes())
    folder.console_certificate.write_bytes(other.console_certificate.read_bytes())
    certificate.refresh()
    assert served(certificate.context) == load(other.console_certificate)
    clock.now += VALID_FOR
    certificate.refresh()
    assert served(certificate.context) == load(other.console_certificate)


@pytest.mark.parametrize("broken", ["console_certificate", "console_key"])
def test_a_broken_file_costs_a_new_certificate_not_the_console(folder: DataFolder, broken: str) -> None:
    ConsoleCertificate(folder, "caixa-01")
    first = load(folder.console_certificate)
    getattr(folder, broken).write_bytes(b"half a f")
    assert served(ConsoleCertificate(folder, "caixa-01").context) != first


def test_tls_1_1_is_refused(folder: DataFolder) -> None:
    context = ConsoleCertificate(folder, "caixa-01").context
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    served(context, maximum_version=ssl.TLSVersion.TLSv1_2)
    with pytest.raises((ssl.SSLError, ConnectionError)), pytest.warns(DeprecationWarning):
        served(context, minimum_version=ssl.TLSVersion.TLSv1_1, maximum_version=ssl.TLSVersion.TLSv1_1)


def test_the_key_fits_the_certificate(folder: DataFolder) -> None:
    ConsoleCertificate(folder, "caixa-01")
    key = serialization.load_pem_private_key(folder.console_key.read_bytes(), None)
    assert key.public_key() == load(folder.console_certificate).public_key()
