"""Two simulated cameras, a CA, and a running box shared by the tests that only ask it."""

from collections.abc import Iterator

import pytest

from demo.cameras import CameraSpec, SimulatedCameras
from tests.integration.edge.rig import LPR_SECRET, NODE, BoxProcess, Pki, camera, desired


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    made = Pki(tmp_path_factory.mktemp("pki"))
    made.issue("broker", "127.0.0.1")
    made.issue("hub", "hub")
    made.issue("node", str(NODE))
    return made


@pytest.fixture(scope="session")
def cameras() -> Iterator[SimulatedCameras]:
    with SimulatedCameras([CameraSpec("street", "Praça", "cam1", LPR_SECRET)]) as running:
        yield running


@pytest.fixture(scope="module")
def box(
    pki: Pki, cameras: SimulatedCameras, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BoxProcess]:
    """A box without broker: one camera that works, one whose address is wrong."""
    state = desired(
        1, camera("cam1", cameras.rtsp_port, "street"), camera("cam2", cameras.rtsp_port, "nowhere")
    )
    prepared = BoxProcess(tmp_path_factory.mktemp("box"), pki, state)
    with prepared.process:
        yield prepared
