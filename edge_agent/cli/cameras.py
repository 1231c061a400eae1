"""`gtv edge camera …`: test, record, correct and remove the cameras of this box."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote

import msgspec
import typer

from edge_agent.cli.link import AgentAbsent, ask_agent, fail, telling
from edge_agent.cli.options import DEFAULT_DATA, DataDir, Json, Password, User

if TYPE_CHECKING:
    from edge_agent.box import Box
    from edge_agent.cameras.domain import CameraChange
    from edge_agent.cameras.probe import StreamTest

app = typer.Typer()
camera = typer.Typer(help="As câmeras desta caixa.", no_args_is_help=True)
app.add_typer(camera, name="camera")

NoTest = Annotated[bool, typer.Option("--no-test", help="Sem testar antes: para uma câmera desligada")]
Transport = Literal["auto", "tcp", "udp"]
STATES = {"online": "gravando", "offline": "SEM SINAL", "connecting": "conectando", "stopped": "parada"}


@camera.command("add")
def add(
    url: Annotated[str, typer.Argument(help="Endereço rtsp:// do vídeo")],
    name: Annotated[str, typer.Option(help="Nome que os vigilantes verão")],
    sub: Annotated[str, typer.Option(help="Endereço do vídeo menor, para mosaicos")] = "",
    user: User = "",
    password: Password = "",
    no_test: NoTest = False,
    data_dir: DataDir = DEFAULT_DATA,
) -> None:
    """Testa uma câmera e a grava a partir de agora; a central a adota quando houver internet."""
    from edge_agent.cameras.domain import check_rtsp_url, with_credentials

    with telling("camera add"):
        full, full_sub = (
            check_rtsp_url(with_credentials(check_rtsp_url(one), user, password)) if one else ""
            for one in (url, sub)
        )
        if not no_test:
            _require_video("camera add", "Nada foi adicionado", full, full_sub)
        body = {"name": name, "rtsp_url": full, "sub_rtsp_url": full_sub}
        try:
            added = ask_agent(data_dir, "POST", "/cameras", body)["id"]
        except AgentAbsent:
            added = _in_folder_alone(data_dir, lambda box: _add(box, body))
    typer.echo(f"Câmera «{name}» adicionada: {added}")


@camera.command("set")
def set_(
    camera_id: Annotated[str, typer.Argument(help="Identificação, como em `camera list`")],
    url: Annotated[str | None, typer.Option(help="Novo endereço rtsp:// do vídeo")] = None,
    name: Annotated[str | None, typer.Option(help="Novo nome; o de uma câmera adotada é da central")] = None,
    sub: Annotated[str | None, typer.Option(help="Novo endereço do vídeo menor; vazio: nenhum")] = None,
    user: User = "",
    password: Password = "",
    transport: Annotated[Transport | None, typer.Option(help="auto, tcp ou udp")] = None,
    no_test: NoTest = False,
    data_dir: DataDir = DEFAULT_DATA,
) -> None:
    """Corrige uma câmera; vale nesta caixa até que a central a mude."""
    from edge_agent.cameras.domain import CameraChange, changed
    from edge_agent.cameras.services import known_camera

    change = CameraChange(name, url, sub, user, password, transport)
    with telling("camera set"):
        if not no_test:
            after = changed(in_folder(data_dir, lambda box: known_camera(box, camera_id)), change)
            _require_video(
                "camera set", "Nada foi mudado", after.rtsp_url, after.sub_rtsp_url, after.transport
            )
        try:
            ask_agent(data_dir, "PATCH", f"/cameras/{quote(camera_id, safe='')}", msgspec.to_builtins(change))
        except AgentAbsent:
            _in_folder_alone(data_dir, lambda box: _set(box, camera_id, change))
    typer.echo("Câmera corrigida.")


def _require_video(
    command: str, unchanged: str, url: str, sub_url: str, transport: Transport = "auto"
) -> None:
    """Watch the streams; says what is wrong and ends the command, if anything is."""
    from edge_agent.cameras.probe import watch_stream

    for what, address in (("", url), ("O vídeo menor: ", sub_url)):
        seen = watch_stream(address, transport) if address else None
        if seen and not seen.ok:
            hint = "se a câmera está desligada agora, use --no-test"
            fail(command, f"{what}{seen.verdict} {unchanged}; {hint}.")


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
    for one in sorted(cameras, key=lambda one: one["name"].casefold()):
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
    from edge_agent.cameras.services import known_camera

    with telling("camera test"):
        url = (
            target if "://" in target else in_folder(data_dir, lambda box: known_camera(box, target)).rtsp_url
        )
        full = check_rtsp_url(with_credentials(check_rtsp_url(url), user, password))
    seen = watch_stream(full)
    if snapshot and seen.snapshot_jpeg:
        _save(snapshot, seen.snapshot_jpeg)
    if as_json:
        facts = asdict(seen)
        del facts["snapshot_jpeg"]
        typer.echo(json.dumps(facts, ensure_ascii=False))
    else:
        sound = [sound_of(seen)] if seen.ok else []
        typer.echo("\n".join([seen.verdict, *sound, *(f"atenção: {note}" for note in seen.notes)]))
    raise typer.Exit(0 if seen.ok else 1)


def _save(path: Path, jpeg: bytes) -> None:
    try:
        path.write_bytes(jpeg)
    except OSError as error:
        fail("camera test", f"A imagem não pôde ser gravada em {path}: {error.strerror}.")


def sound_of(seen: "StreamTest") -> str:
    """What a test found of sound, in words."""
    names = {"aac": "AAC", "opus": "Opus", "pcm_mulaw": "G.711 (µ-law)", "pcm_alaw": "G.711 (A-law)"}
    return f"Som: {names.get(seen.audio, seen.audio)}." if seen.audio else "Sem som."


def cameras_of_box(data_dir: Path) -> list[dict[str, Any]]:
    """Raises AgentRefused, NotEnrolled."""
    from edge_agent.control import cameras_of

    try:
        cameras: list[dict[str, Any]] = ask_agent(data_dir, "GET", "/cameras")
    except AgentAbsent:
        cameras = stopped(in_folder(data_dir, cameras_of))
    return cameras


def stopped(cameras: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As they are while no agent runs: nobody connects to them."""
    return [camera | {"state": "stopped", "reason": ""} for camera in cameras]


def camera_state(shown: dict[str, Any]) -> str:
    """One camera's state in words."""
    if shown["refusal"]:
        return f"RECUSADA pela central: {shown['refusal']}"
    state = f"{STATES[shown['state']]} {shown['reason']}".strip()
    if shown["added_here"]:
        return f"{state} (espera a central)"
    return f"{state} (corrigida aqui)" if shown["corrected_here"] else state


def in_folder(data_dir: Path, use: Any) -> Any:
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
        return in_folder(data_dir, use)


def _add(box: "Box", body: dict[str, str]) -> str:
    from edge_agent.cameras.services import add_camera
    from edge_agent.control import ACTOR

    return add_camera(box, body["name"], body["rtsp_url"], body["sub_rtsp_url"], ACTOR).id


def _remove(box: "Box", camera_id: str) -> None:
    from edge_agent.cameras.services import remove_camera
    from edge_agent.control import ACTOR

    remove_camera(box, camera_id, ACTOR)


def _set(box: "Box", camera_id: str, change: "CameraChange") -> None:
    from edge_agent.cameras.services import set_camera
    from edge_agent.control import ACTOR

    set_camera(box, camera_id, change, ACTOR)
