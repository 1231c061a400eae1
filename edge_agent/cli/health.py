"""`gtv edge status` and `doctor`: how the box is, and what to do about it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from edge_agent.cli.cameras import camera_state, stopped
from edge_agent.cli.link import AgentAbsent, AgentRefused, ask_agent, telling
from edge_agent.cli.options import DEFAULT_DATA, DataDir, Json

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
    from edge_agent.diagnosis.examination import examine

    findings = [asdict(finding) for finding in examine(data_dir, _agent_facts(data_dir))]
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


def _agent_facts(data_dir: Path) -> dict[str, Any] | None:
    """None when it does not run."""
    try:
        return dict(ask_agent(data_dir, "GET", "/status"))
    except (AgentAbsent, AgentRefused):
        return None
