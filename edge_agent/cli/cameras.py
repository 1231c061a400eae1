"""`gtv edge discover` and `gtv edge camera …`: what is on the network, is it good, record it."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edge_agent.cli.link import AgentAbsent, ask_agent, fail, telling
from edge_agent.cli.options import DEFAULT_DATA, DataDir

if TYPE_CHECKING:
    from edge_agent.box import Box
    from edge_agent.cameras.discovery import FoundDevice

app = typer.Typer()
camera = typer.Typer(help="As câmeras desta caixa.", no_args_is_help=True)
app.add_typer(camera, name="camera")

Json = Annotated[bool, typer.Option("--json", help="Resposta em JSON, para programas")]
User = Annotated[str, typer.Option(help="Usuário da câmera")]
Password = Annotated[str, typer.Option(help="Senha da câmera", envvar="GTV_CAMERA_PASSWORD")]
STATES = {"online": "gravando", "offline": "SEM SINAL", "connecting": "conectando", "stopped": "parada"}


@app.command()
def discover(
    address: Annotated[str, typer.Option(help="Endereço ou rede, como 192.168.1.0/24")] = "",
    user: User = "",
    password: Password = "",
    as_json: Json = False,
) -> None:
    """Procura câmeras na rede; com --address, pergunta a cada endereço."""

    with telling("discover"):
        devices = _look(address)
    if as_json:
        typer.echo(json.dumps([asdict(device) for device in devices], ensure_ascii=False))
    else:
        for device in devices:
            _show_device(device, user, password)
    if not devices:
        fail(
            "discover",
            "Nenhuma câmera respondeu. Confira cabos e rede, ou pergunte com --address 192.168.1.0/24.",
        )


def _look(address: str) -> list["FoundDevice"]:
    """Raises edge_agent.cameras.domain.InvalidAddress."""
    from edge_agent.cameras import discovery

    if not address:
        return asyncio.run(discovery.listen_for_devices())
    addresses = discovery.addresses_of(address, allow_loopback=True)
    return asyncio.run(discovery.ask_addresses(addresses))


def _show_device(device: "FoundDevice", user: str, password: str) -> None:
    """With a user, also the streams that it offers."""
    kinds = [
        f"ONVIF na porta {device.onvif_port}" if device.onvif_port else "",
        "RTSP" if device.rtsp_port else "",
    ]
    typer.echo(f"{device.address}  {device.name or device.hardware}  {', '.join(filter(None, kinds))}")
    if user and device.onvif_port:
        _show_streams(device.address, device.onvif_port, user, password)


def _show_streams(address: str, port: int, user: str, password: str) -> None:
    from edge_agent.cameras.onvif import OnvifFailed, ask_device

    try:
        facts = asyncio.run(ask_device(address, port, user, password))
    except OnvifFailed as error:
        typer.echo(f"    {error}")
        return
    typer.echo(f"    {facts.manufacturer} {facts.model}, firmware {facts.firmware}")
    for profile in facts.profiles:
        typer.echo(f"    {profile.codec} {profile.width}×{profile.height}: {profile.stream_url}")
    for note in facts.notes:
        typer.echo(f"    atenção: {note}")


@camera.command("add")
def add(
    url: Annotated[str, typer.Argument(help="Endereço rtsp:// do vídeo")],
    name: Annotated[str, typer.Option(help="Nome que os vigilantes verão")],
    sub: Annotated[str, typer.Option(help="Endereço do vídeo menor, para mosaicos")] = "",
    user: User = "",
    password: Password = "",
    data_dir: DataDir = DEFAULT_DATA,
) -> None:
    """Grava uma câmera a partir de agora; a central a adota quando houver internet."""
    from edge_agent.cameras.domain import check_rtsp_url, with_credentials

    with telling("camera add"):
        full, full_sub = (
            check_rtsp_url(with_credentials(check_rtsp_url(one), user, password)) if one else ""
            for one in (url, sub)
        )
        body = {"name": name, "rtsp_url": full, "sub_rtsp_url": full_sub}
        try:
            added = ask_agent(data_dir, "POST", "/cameras", body)["id"]
        except AgentAbsent:
            added = _in_folder_alone(data_dir, lambda box: _add(box, body))
    typer.echo(f"Câmera «{name}» adicionada: {added}")


@camera.command("remove")
def remove(
    camera_id: Annotated[str, typer.Argument(help="Identificação, como em `camera list`")],
    data_dir: DataDir = DEFAULT_DATA,
) -> None:
    """Retira uma câmera adicionada nesta caixa que a central ainda não adotou."""
    with telling("camera remove"):
        try:
            ask_agent(data_dir, "DELETE", f"/cameras/{camera_id}")
        except AgentAbsent:
            _in_folder_alone(data_dir, lambda box: _remove(box, camera_id))
    typer.echo("Câmera retirada. O que ela gravou fica pelo prazo do plano.")


@camera.command("list")
def list_(data_dir: DataDir = DEFAULT_DATA, as_json: Json = False) -> None:
    """Mostra as câmeras e como cada uma está."""
    with telling("camera list"):
        cameras = cameras_of_box(data_dir)
    if as_json:
        typer.echo(json.dumps(cameras, ensure_ascii=False))
        return
    for one in cameras:
        typer.echo(f"{one['id']}  {one['name']}  {camera_state(one)}")


@camera.command("test")
def test(
    target: Annotated[str, typer.Argument(help="Endereço rtsp:// ou identificação de uma câmera da caixa")],
    user: User = "",
    password: Password = "",
    snapshot: Annotated[Path | None, typer.Option(help="Guarda uma imagem neste arquivo (JPEG)")] = None,
    data_dir: DataDir = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Abre o vídeo de uma câmera por alguns segundos e diz como ele é."""
    from edge_agent.cameras.domain import check_rtsp_url, with_credentials
    from edge_agent.cameras.probe import watch_stream

    with telling("camera test"):
        url = target if "://" in target else _in_folder(data_dir, lambda box: _address_of(box, target))
        full = check_rtsp_url(with_credentials(check_rtsp_url(url), user, password))
    seen = watch_stream(full)
    if snapshot and seen.snapshot_jpeg:
        snapshot.write_bytes(seen.snapshot_jpeg)
    if as_json:
        facts = asdict(seen)
        del facts["snapshot_jpeg"]
        typer.echo(json.dumps(facts, ensure_ascii=False))
    else:
        typer.echo("\n".join([seen.verdict, *(f"atenção: {note}" for note in seen.notes)]))
    raise typer.Exit(0 if seen.ok else 1)


def cameras_of_box(data_dir: Path) -> list[dict[str, Any]]:
    """Raises AgentRefused, NotEnrolled."""
    from edge_agent.control import cameras_of

    try:
        cameras: list[dict[str, Any]] = ask_agent(data_dir, "GET", "/cameras")
    except AgentAbsent:
        cameras = stopped(_in_folder(data_dir, cameras_of))
    return cameras


def stopped(cameras: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As they are while no agent runs: nobody connects to them."""
    return [camera | {"state": "stopped", "reason": ""} for camera in cameras]


def camera_state(shown: dict[str, Any]) -> str:
    """One camera's state in words."""
    if shown["refusal"]:
        return f"RECUSADA pela central: {shown['refusal']}"
    state = f"{STATES[shown['state']]} {shown['reason']}".strip()
    return f"{state} (espera a central)" if shown["added_here"] else state


def _in_folder(data_dir: Path, use: Any) -> Any:
    """Use the box while no agent does. Raises NotEnrolled."""
    from edge_agent.box import Box

    box = Box.open(data_dir)
    try:
        return use(box)
    finally:
        box.store.close()


def _in_folder_alone(data_dir: Path, use: Any) -> Any:
    """For what changes the box: never beside an agent. Raises AlreadyRunning, NotEnrolled."""
    from edge_agent.config import DataFolder

    folder = DataFolder(data_dir)
    folder.load_identity()
    with folder.only_one():
        return _in_folder(data_dir, use)


def _add(box: "Box", body: dict[str, str]) -> str:
    from edge_agent.cameras.services import add_camera
    from edge_agent.control import ACTOR

    return add_camera(box, body["name"], body["rtsp_url"], body["sub_rtsp_url"], ACTOR).id


def _remove(box: "Box", camera_id: str) -> None:
    from edge_agent.cameras.services import remove_camera
    from edge_agent.control import ACTOR

    remove_camera(box, camera_id, ACTOR)


def _address_of(box: "Box", camera_id: str) -> str:
    from edge_agent.cameras.tester import CameraRefused

    known = [*box.desired.local_cameras(), *(box.desired.current.cameras if box.desired.current else [])]
    for one in known:
        if one.id == camera_id:
            return one.rtsp_url
    raise CameraRefused("Não há câmera com esta identificação. Veja `gtv edge camera list`.")
