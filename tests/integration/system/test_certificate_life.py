"""A box and the hub over a certificate's life: renewed in time, replaced when it ran out."""

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from central_hub import pki
from central_hub.fleet import certificates
from central_hub.fleet.models import NodeCertificate, NodeState
from central_hub.fleet.revocation import BrokerGuard
from edge_agent.config import DataFolder
from edge_agent.renewal import Renewal
from edge_agent.sync import mqtt
from edge_agent.sync.mqtt import HubSession
from protocol.messages import RenewedCertificate
from tests.integration.hub.box import eventually
from tests.integration.system.conftest import CITY, NODE, Site


@pytest.fixture
def guard(site: Site) -> Iterator[None]:
    guarding = BrokerGuard()
    thread = threading.Thread(target=guarding.run)
    thread.start()
    yield
    guarding.stop()
    thread.join(20)


def certificate_of(site: Site) -> x509.Certificate:
    return x509.load_pem_x509_certificate(DataFolder(site.root).certificate.read_bytes())


def status(site: Site) -> dict[str, Any]:
    return dict(json.loads(site.gtv("status", "--json")))


def serial_in_use() -> str:
    return str(NodeState.objects.get(node__city__code=CITY).certificate_serial)


def enrol_with_a_life_of(site: Site, life: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(pki, "NODE_LIFE", life)
        site.enrol()


@pytest.mark.req("E5")
def test_a_box_renews_its_certificate_by_itself_and_uses_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol_with_a_life_of(site, timedelta(minutes=10), monkeypatch)
    key, old = DataFolder(site.root).key.read_bytes(), certificate_of(site)
    with site.running():
        site.until(lambda: certificate_of(site) != old, "another certificate on the box")
        new = certificate_of(site)
        assert new.not_valid_after_utc > datetime.now(UTC) + timedelta(days=300)
        serial = format(new.serial_number, "x")
        site.until(lambda: serial_in_use() == serial, "the hub hears that it is in use")
        site.until(lambda: site.node()["online"], "the box in contact")
    assert DataFolder(site.root).key.read_bytes() == key, "clips are signed by the key that the box has"
    assert not DataFolder(site.root).next_certificate.exists()
    with site.running():
        site.until(lambda: serial_in_use() == serial, "also after a restart")


@pytest.mark.req("E5")
def test_a_box_whose_certificate_ran_out_is_registered_again_while_it_runs_and_loses_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol_with_a_life_of(site, timedelta(minutes=-30), monkeypatch)
    with site.switched_on():
        site.gtv("camera", "add", "rtsp://127.0.0.1:1/nowhere", "--name", "Rua Nova", "--no-test")
        site.until(lambda: "certificado da caixa venceu" in str(status(site)["alarms"]), "the box says why")
        assert not site.node()["online"] and "Rua Nova" not in site.cameras()
        site.enrol()
        site.until(lambda: site.node()["online"], "the box in contact, without a restart")
        site.until(lambda: "Rua Nova" in site.cameras(), "what waited in its outbox arrives")
        site.until(lambda: "venceu" not in str(status(site)["alarms"]), "the alarm is over")


def test_a_box_is_not_registered_as_another(site: Site) -> None:
    certificates.cities.add_node(None, CITY, "caixa-02")
    token = certificates.issue_token(None, CITY, "caixa-02").token
    refused = site.try_gtv("enrol", "--hub", site.hub_url, "--token", token)
    assert refused.returncode == 1 and f"Esta caixa é {CITY}/{NODE}" in refused.stderr
    assert str(DataFolder(site.root).load_identity().address) == f"{CITY}/{NODE}"


def test_a_certificate_that_the_broker_does_not_take_is_dropped_and_the_old_one_works_on(
    site: Site, guard: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the hub's clock or authority is wrong."""
    monkeypatch.setattr(mqtt, "PROVEN_WITHIN_S", 3.0)
    folder = DataFolder(site.root)
    old = certificate_of(site)
    monkeypatch.setattr(pki, "NODE_LIFE", pki.NODE_LIFE + timedelta(days=1))
    csr = _request(folder)
    useless = certificates.renew(site.world.node.pk, csr)
    serial = format(x509.load_pem_x509_certificate(useless.encode()).serial_number, "x")
    NodeCertificate.objects.filter(serial=serial).update(revoked_at=datetime.now(UTC))
    refused = NodeCertificate.objects.get(serial=serial)
    eventually(lambda: refused.refresh_from_db() or refused.refused_since, "the broker refuses it")

    async def box() -> None:
        session = HubSession(folder.load_identity(), folder)
        renewal = Renewal(folder, session)
        async with asyncio.timeout(40):
            tasks = [asyncio.create_task(session.run(lambda *_: None)), asyncio.create_task(renewal.run())]
            await session.connected.wait()
            renewal.receive(RenewedCertificate(useless))
            while session.certificate_serial != serial:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.05)
            assert not session.connected.is_set()
            await session.connected.wait()
            assert session.certificate_serial == format(old.serial_number, "x")
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(box())
    assert certificate_of(site) == old


def _request(folder: DataFolder) -> str:
    key = serialization.load_pem_private_key(folder.key.read_bytes(), password=None)
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    signed = request.sign(key, hashes.SHA256())  # type: ignore[arg-type]
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def test_a_stolen_box_is_locked_out_while_it_runs(site: Site, guard: None) -> None:
    with site.running():
        certificates.revoke(None, CITY, NODE, "furtada")
        site.until(lambda: not status(site)["online_with_hub"], "the box is thrown out")
        revoked = NodeCertificate.objects.get()
        eventually(lambda: revoked.refresh_from_db() or revoked.refused_since, "the broker refuses it")
        seen = site.log_text().count("hub_connected")
        site.until(lambda: site.log_text().count("hub_disconnected") > 2, "it tries again")
        assert site.log_text().count("hub_connected") == seen, "and is refused"
        assert not site.node()["online"]
