"""From the gestor's settings at the hub to a camera's push at the box, and the read back at the hub."""

import httpx
import pytest

from demo.ports import LOOPBACK
from tests.integration.system.conftest import Site

USER, PASSWORD = "portaria", "s3nha-da-camera"


def push(site: Site, plate: str, path: str = "/lpr/generic", **how: object) -> int:
    """The box's answer to a push of the generic format."""
    answer = httpx.post(f"{site.lpr_url}{path}", json={"plate": plate}, timeout=10, **how)  # type: ignore[arg-type]
    return answer.status_code


def read(site: Site, plate: str) -> dict[str, object]:
    """The read at the hub, when it has come."""

    def found() -> list[dict[str, object]]:
        return list(
            site.gestor.get("/api/v1/plate-reads", {"plate": plate, "purpose": "teste"}).json()["results"]
        )

    return dict(site.until(found, f"{plate} at the hub")[0])


@pytest.mark.req("S10.1", "E2")
def test_what_the_hub_says_of_a_cameras_plates_the_box_does(site: Site) -> None:
    camera = f"/api/v1/cameras/{site.world.camera.pk}"

    def configure(**fields: object) -> None:
        assert site.gestor.patch(f"{camera}/lpr-source", fields, format="json").status_code == 200

    with site.running():
        token = site.gestor.post(f"{camera}/lpr-token").json()["token"]
        bearer = {"Authorization": f"Bearer {token}"}
        assert push(site, "AAA0A01") == 401
        site.until(lambda: push(site, "AAA0A02", headers=bearer) == 200, "a push with the token")
        assert read(site, "AAA0A02")["vendor"] == "generic"
        by_id = httpx.DigestAuth(str(site.world.camera.pk), token)
        assert push(site, "AAA0A03", auth=by_id) == 200, "the token is Digest's password"

        configure(digest_username=USER, digest_password=PASSWORD, vendor="generic")
        own = httpx.DigestAuth(USER, PASSWORD)
        site.until(lambda: push(site, "AAA0A04", path="/lpr", auth=own) == 200, "a push with the password")
        assert push(site, "AAA0A05", auth=(USER, PASSWORD)) == 200, "also by Basic"
        assert push(site, "AAA0A06", auth=(USER, "another-password")) == 401
        assert push(site, "AAA0A07", path="/lpr/axis", auth=own) == 400, "it is no Axis camera"

        configure(mapping={"plate": "alpr.0.text", "captured_at": "when"}, time_format="epoch_s")
        body = {"alpr": [{"text": "bra-2e19"}], "when": 1_764_000_000}

        def mapped() -> bool:
            return httpx.post(f"{site.lpr_url}/lpr", json=body, headers=bearer, timeout=10).status_code == 200

        site.until(mapped, "the mapping at the box")
        assert read(site, "BRA2E19")["camera_at"] == "2025-11-24T16:00:00Z", "the time that it said"

        configure(allowed_sources=["10.9.0.0/16"])
        site.until(lambda: push(site, "AAA0A08", headers=bearer) == 403, "refused from elsewhere")
        configure(allowed_sources=[f"{LOOPBACK}/32"], by_address=True, mapping={})
        site.until(lambda: push(site, "AAA0A09") == 200, "known by its address alone")
        assert site.gestor.delete(f"{camera}/lpr-token").status_code == 204
        configure(by_address=False)
        site.until(lambda: push(site, "AAA0A10", headers=bearer) == 401, "a token taken away")
    assert token not in site.log_text() and PASSWORD not in site.log_text()


@pytest.mark.req("S10.1", "S6.2")
def test_the_gestor_sees_at_the_hub_how_a_cameras_pushes_go(site: Site) -> None:
    camera = f"/api/v1/cameras/{site.world.camera.pk}"

    def reported() -> dict[str, object]:
        return dict(site.gestor.get(f"{camera}/lpr-source").json()["reported"] or {})

    assert reported() == {}, "nothing before the box has said something"
    with site.running():
        token = site.gestor.post(f"{camera}/lpr-token").json()["token"]
        bearer = {"Authorization": f"Bearer {token}"}
        site.until(lambda: push(site, "BBB0B01", headers=bearer) == 200, "a push with the token")
        assert httpx.post(f"{site.lpr_url}/lpr/generic", content=b"{", headers=bearer).status_code == 400
        site.until(lambda: reported().get("refused") == 1, "the box's word of the refused push")
        told = reported()
        assert told["last_read_at"] and told["refused_at"] and "JSON" in str(told["refusal"])
        assert told["clock_off_s"] is None
        port = site.lpr_url.rpartition(":")[2]
        assert all(address.endswith(f":{port}") for address in told["addresses"])  # type: ignore[union-attr]
