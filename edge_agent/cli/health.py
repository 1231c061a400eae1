"""`gtv edge status` and `doctor`: how the box is, and what to do about it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from edge_agent.cli.cameras import camera_state, stopped
from edge_agent.cli.link import AgentAbsent, AgentRefused, ask_agent, telling
from edge_agent.cli.options import DEFAULT_DATA, DataDir, Json

if TYPE_CHECKING:
    from edge_agent.config import DataFolder
    from edge_agent.diagnosis.finding import Finding

app = typer.Typer()


@app.command()
def status(data_dir: DataDir = DEFAULT_DATA, as_json: Json = False) -> None:
    """Mostra como a caixa está agora."""
    with telling("status"):
        facts = _facts(data_dir)
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    running = f"rodando, versão {facts['version']}" if facts["running"] else "PARADA"
    hub = "em contato" if facts["online_with_hub"] else "sem contato"
    typer.echo(f"Caixa {facts['node']}: {running}")
    typer.echo(f"Relógio: {facts['clock']}")
    if facts["console_fingerprint"]:
        typer.echo("Certificado do console (SHA-256), para comparar no navegador na primeira vez:")
        typer.echo(f"  {facts['console_fingerprint']}")
    typer.echo(f"Central: {hub}; {facts['outbox_depth']} eventos à espera de confirmação")
    typer.echo(f"Disco: {facts['disk_free']} livres{_days(facts['disk_days_left'])}")
    for alarm in facts["alarms"]:
        typer.echo(f"ALARME: {alarm}")
    for camera in facts["cameras"]:
        typer.echo(f"  {camera['name']}: {camera_state(camera)}")


@app.command()
def doctor(data_dir: DataDir = DEFAULT_DATA, as_json: Json = False) -> None:
    """Examina a caixa e diz o que está errado e o que fazer."""
    findings = [asdict(finding) for finding in _examine(data_dir)]
    if as_json:
        typer.echo(json.dumps(findings, ensure_ascii=False))
    for finding in findings if not as_json else []:
        typer.echo(f"{'certo ' if finding['ok'] else 'ERRADO'}  {finding['subject']}: {finding['text']}")
        if not finding["ok"]:
            typer.echo(f"        o que fazer: {finding['fix']}")
    raise typer.Exit(0 if all(finding["ok"] for finding in findings) else 1)


def _facts(data_dir: Path) -> dict[str, Any]:
    """Raises AgentRefused, NotEnrolled."""
    from edge_agent.box import Box
    from edge_agent.control import status_of
    from edge_agent.diagnosis.machine import check_clock, size_text

    try:
        facts, running = ask_agent(data_dir, "GET", "/status"), True
    except AgentAbsent:
        box, running = Box.open(data_dir), False
        try:
            facts = status_of(box)
            facts["cameras"] = stopped(facts["cameras"])
        finally:
            box.store.close()
    per_day = sum(camera["bitrate_bps"] for camera in facts["cameras"]) / 8 * 86_400
    days = round(facts["disk_free_bytes"] / per_day, 1) if per_day else None
    return {
        **facts,
        "running": running,
        "disk_free": size_text(facts["disk_free_bytes"]),
        "disk_days_left": days,
        "clock": check_clock().text,
        "console_fingerprint": _console_fingerprint(data_dir),
    }


def _console_fingerprint(data_dir: Path) -> str | None:
    """None before the box made its certificate, and with --plain-http."""
    from edge_agent.config import DataFolder
    from edge_agent.console.tls import fingerprint

    try:
        return fingerprint(DataFolder(data_dir).console_certificate)
    except (OSError, ValueError):
        return None


def _days(days: float | None) -> str:
    return "" if days is None else f", que dão para mais {days:.1f} dias antes do rodízio".replace(".", ",")


def _examine(data_dir: Path) -> "list[Finding]":
    from edge_agent.config import DataFolder, DataFolderUnusable, NotEnrolled
    from edge_agent.diagnosis import machine, smart, software, trust
    from edge_agent.diagnosis.finding import Finding

    folder = DataFolder(data_dir)
    findings = [machine.check_clock(), machine.check_disk(data_dir), *smart.check_smart(data_dir)]
    try:
        identity = folder.load_identity()
    except (NotEnrolled, DataFolderUnusable) as error:
        return [*findings, Finding("registro", False, str(error), "Peça à central uma senha de uso único.")]
    return [
        *findings,
        trust.check_permissions(folder),
        software.check_database(folder),
        *trust.check_certificates(folder),
        *trust.check_broker(identity, folder),
        *_examine_agent(folder),
    ]


def _examine_agent(folder: "DataFolder") -> "list[Finding]":
    """The agent, its ports and its cameras."""
    from edge_agent.diagnosis import machine, software
    from edge_agent.diagnosis.finding import Finding
    from edge_agent.listening import Port, remembered

    try:
        facts = ask_agent(folder.root, "GET", "/status")
    except (AgentAbsent, AgentRefused):
        fix = "Ligue com `systemctl start gtv-edge` e veja `journalctl -u gtv-edge`."
        absent = Finding("agente", False, "A caixa está parada: nada está sendo gravado.", fix)
        return [absent, software.find_mediamtx(folder.root), *machine.check_ports(remembered(folder), None)]
    ports = [Port(**port) for port in facts["ports"]]
    return [
        Finding("agente", True, "Rodando."),
        software.check_mediamtx(facts["mediamtx"]),
        *software.check_alarms(facts["alarms"]),
        *machine.check_ports(ports, facts["pid"]),
        *software.check_cameras(facts["cameras"]),
    ]
