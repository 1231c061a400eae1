"""A plate camera of the prefeitura, as the tests play it."""

from datetime import UTC, datetime

import httpx

from tests.integration.system.conftest import Site
from tests.unit.edge.builders import anpr_xml

LPR_SECRET = "h1dden-lpr"


def push(site: Site, plate: str) -> None:
    """As the prefeitura's camera does; returns when the box has accepted it."""
    xml = anpr_xml(plate=plate, event=f"event-{plate}", time=datetime.now(UTC).isoformat())
    httpx.post(
        f"{site.lpr_url}/lpr/hikvision",
        files=[("anpr.xml", ("anpr.xml", xml))],
        auth=(str(site.world.camera.pk), LPR_SECRET),
        timeout=20,
    ).raise_for_status()
