"""From the technician's command on the box to the gestor's list at the hub, and back."""

import pytest

from central_hub.audit.models import AuditEntry
from central_hub.cities import domain
from demo.cameras import SimulatedCameras
from demo.ports import LOOPBACK
from tests.integration.system.conftest import RTSP_PASSWORD, Site


def address(cameras: SimulatedCameras, path: str) -> str:
    return f"rtsp://admin:{RTSP_PASSWORD}@{LOOPBACK}:{cameras.rtsp_port}/{path}"


@pytest.mark.req("S3.1", "S4.1")
def test_a_camera_added_on_site_becomes_the_prefeituras(site: Site, cameras: SimulatedCameras) -> None:
    with site.running():
        camera_id = site.gtv("camera", "add", address(cameras, "praca"), "--name", "Praça").split()[-1]
        adopted = site.until(lambda: site.cameras().get("Praça"), "the camera at the hub")
        assert (adopted["id"].replace("-", ""), adopted["node"]) == (camera_id.replace("-", ""), "caixa-01")

        def at_box() -> dict[str, object]:
            return next(one for one in site.local_cameras() if one["name"] in ("Praça", "Praça da Matriz"))

        site.until(lambda: not at_box()["added_here"], "the box takes the hub's word for it")
        site.until(lambda: site.cameras()["Praça"]["state"] == "online", "recorded, by the password typed")
        site.until(lambda: (site.cameras()["Praça"]["measured"] or {}).get("width") == 640, "its figures")

        renamed = {"name": "Praça da Matriz"}
        assert (
            site.gestor.patch(f"/api/v1/cameras/{adopted['id']}", renamed, format="json").status_code == 200
        )
        site.until(lambda: at_box()["name"] == "Praça da Matriz", "the hub's new name at the box")
        with site.guard() as guard:
            assert {one["name"] for one in guard.get("/api/cameras").json()} == {"Entrada", "Praça da Matriz"}
    entry = AuditEntry.objects.get(action="camera-adopted")
    assert entry.city_code == "vale-verde" and entry.target == adopted["id"]
    assert RTSP_PASSWORD not in site.log_text()


def test_what_the_prefeitura_does_not_take_is_said_on_both_sides(
    site: Site, cameras: SimulatedCameras, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain, "MAX_CAMERAS", 1)
    with site.running():
        site.gtv("camera", "add", address(cameras, "praca"), "--name", "Praça")
        (refused,) = site.until(
            lambda: site.gestor.get("/api/v1/refused-cameras").json(), "the refusal at the hub"
        )
        assert (refused["name"], refused["node"]) == ("Praça", "caixa-01")
        assert "máximo" in refused["reason"]
        shown = site.until(
            lambda: [one for one in site.local_cameras() if one.get("refusal")], "the refusal at the box"
        )
        assert [one["refusal"] for one in shown] == [refused["reason"]]
        assert set(site.cameras()) == {"Entrada"}


def test_what_is_added_while_the_hub_is_away_is_recorded_and_adopted_later(
    site: Site, cameras: SimulatedCameras
) -> None:
    """A box that was enrolled and never had contact with anything since."""
    site.gtv("camera", "add", address(cameras, "praca"), "--name", "Praça")  # no agent runs: into the folder
    assert set(site.cameras()) == {"Entrada"}
    with site.running():
        site.until(lambda: "Praça" in site.cameras(), "the camera at the hub")
        site.until(lambda: site.cameras()["Praça"]["state"] == "online", "recorded")
