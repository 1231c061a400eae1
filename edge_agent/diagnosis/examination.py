"""All checks of a box, one after the other: what `gtv edge doctor` prints, and what the hub may ask for."""

from pathlib import Path
from typing import Any

from edge_agent.config import DataFolder, DataFolderUnusable, NotEnrolled
from edge_agent.diagnosis import machine, smart, software, trust
from edge_agent.diagnosis.finding import Finding
from edge_agent.listening import Port, remembered


def examine(data_dir: Path, facts: dict[str, Any] | None) -> list[Finding]:
    """Blocks for seconds. `facts`: the running agent's (edge_agent.control.status_of); None: none runs."""
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
        *_examine_agent(folder, facts),
    ]


def _examine_agent(folder: DataFolder, facts: dict[str, Any] | None) -> list[Finding]:
    """The agent, its ports and its cameras."""
    if facts is None:
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
        *software.check_pushes(facts.get("refused_pushes", [])),
    ]
