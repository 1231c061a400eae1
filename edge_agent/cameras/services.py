"""Use cases about cameras at the box: check, add, remove. Console and control socket call these."""

import asyncio
import os
import socket
import uuid

from edge_agent.box import Box
from edge_agent.cameras import domain
from edge_agent.cameras.tester import CameraRefused
from edge_agent.recording.domain import Span
from protocol.messages import DesiredCamera


def loopback_allowed() -> bool:
    """Only for demonstration and tests, whose cameras run on the box itself."""
    return os.environ.get("GTV_ALLOW_LOOPBACK_CAMERAS") == "1"


async def check_reachable_place(host: str, *, allow_loopback: bool) -> None:
    """Every address of the host must be in a local network. Raises InvalidAddress."""
    try:
        async with asyncio.timeout(5):
            resolved = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError):
        raise domain.InvalidAddress(
            "O nome da câmera não foi encontrado na rede. Use o endereço IP."
        ) from None
    for *_, place in resolved:
        address = domain.parse_address(str(place[0]))
        if address is None:
            raise domain.InvalidAddress("Informe o endereço IP da câmera.")
        domain.check_lan_address(address, allow_loopback=allow_loopback)


async def checked_url(url: str, username: str, password: str, *, allow_loopback: bool) -> str:
    """The full address of a stream on the local network. Raises InvalidAddress."""
    domain.check_rtsp_url(url)
    full = domain.check_rtsp_url(domain.with_credentials(url, username, password))
    await check_reachable_place(domain.host_of(full), allow_loopback=allow_loopback)
    return full


def cameras_by_name(box: Box) -> list[DesiredCamera]:
    """The box's cameras as people look for them."""
    cameras = box.desired.current.cameras if box.desired.current else []
    return sorted(cameras, key=lambda camera: domain.name_order(camera.name))


def removed_cameras(box: Box) -> list[tuple[str, Span]]:
    """The ids of cameras that are gone and whose footage is still there, by name, with its extent."""
    present = {camera.id for camera in cameras_by_name(box)}
    left = [(camera, extent) for camera, extent in box.index.extent().items() if camera not in present]
    return sorted(left, key=lambda one: domain.name_order(box.camera_name(one[0])))


def add_camera(box: Box, name: str, full_url: str, full_sub_url: str, actor: str) -> DesiredCamera:
    """Record a camera from now on and offer it to the hub. Raises CameraRefused."""
    present = [*(box.desired.current.cameras if box.desired.current else []), *box.desired.local_cameras()]
    if len({camera.id for camera in present}) >= domain.MAX_CAMERAS:
        raise CameraRefused(f"A caixa já tem {domain.MAX_CAMERAS} câmeras, o máximo permitido.")
    if not name.strip() or len(name) > 200:
        raise CameraRefused("Dê à câmera um nome de até 200 letras.")
    place = domain.place_of(full_url)
    _check_no_twin(present, place)
    camera = DesiredCamera(
        id=str(uuid.uuid4()), name=name.strip(), rtsp_url=full_url, sub_rtsp_url=full_sub_url
    )
    box.desired.add_local(camera, actor)
    return camera


def _check_no_twin(others: list[DesiredCamera], place: tuple[str, int, str]) -> None:
    twin = next((camera for camera in others if domain.place_of(camera.rtsp_url) == place), None)
    if twin is not None:
        raise CameraRefused(f"Este vídeo já está cadastrado como «{twin.name}».")


def known_camera(box: Box, camera_id: str) -> DesiredCamera:
    """One of the box's, also one that the hub has refused. Raises CameraRefused."""
    known = [*(box.desired.current.cameras if box.desired.current else []), *box.desired.local_cameras()]
    found = next((camera for camera in known if camera.id == camera_id), None)
    if found is None:
        raise CameraRefused("Esta caixa não tem câmera com esta identificação. Veja `gtv edge camera list`.")
    return found


def set_camera(box: Box, camera_id: str, change: domain.CameraChange, actor: str) -> DesiredCamera:
    """Correct a camera at the box. Raises CameraRefused, InvalidAddress.

    The name of one that the hub has adopted is the hub's.
    """
    before = known_camera(box, camera_id)
    waits = any(camera.id == camera_id for camera in box.desired.local_cameras())
    if change.name is not None and not waits:
        raise CameraRefused("O nome desta câmera é da central. Mude-o na página da central.")
    if change.name is not None and not 0 < len(change.name.strip()) <= 200:
        raise CameraRefused("Dê à câmera um nome de até 200 letras.")
    after = domain.changed(before, change)
    others = [*(box.desired.current.cameras if box.desired.current else []), *box.desired.local_cameras()]
    _check_no_twin([one for one in others if one.id != camera_id], domain.place_of(after.rtsp_url))
    box.desired.correct_local(after, actor)
    return after


def remove_camera(box: Box, camera_id: str, actor: str) -> None:
    """Remove a camera that the hub has not adopted. Raises CameraRefused."""
    known_camera(box, camera_id)
    if not box.desired.remove_local(camera_id, actor):
        raise CameraRefused("Esta câmera já é da central. Exclua-a na página da central.")
