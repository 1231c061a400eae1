"""The machine under the box: its clock, its disk's room, its ports."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import psutil

from edge_agent.clock import EARLIEST_US, ClockState, clock_state, now_us
from edge_agent.diagnosis.finding import Finding
from edge_agent.listening import Port

#: Below either the recorder is about to lose its room.
LOW_BYTES = 2 * 1024**3
LOW_INODES = 10_000
#: A plate's time may be off by this much before somebody disputes it.
CLOCK_ERROR_MS = 1000

_DISK_FIXES = {
    errno.EROFS: (
        "O disco está somente para leitura",
        "O sistema o protege depois de um defeito: veja `dmesg` e `smartctl -H`; com o disco bom, "
        "`mount -o remount,rw` e `gtv edge fsck`.",
    ),
    errno.ENOSPC: ("O disco está cheio", "Apague o que não é da caixa ou ponha um disco maior."),
    errno.EDQUOT: ("A cota de disco está cheia", "Aumente a cota do usuário da caixa."),
    errno.ENOENT: ("A pasta não existe", "Confira se o disco está montado (`findmnt`, `/etc/fstab`)."),
    errno.EACCES: ("A pasta não é do usuário que examina", "Rode como o usuário da caixa, ou como root."),
    errno.EIO: ("O disco tem defeito", "Troque o disco: veja `smartctl -H` e `dmesg`."),
}


def check_clock(state: ClockState | None = None, at_us: int | None = None) -> Finding:
    """Plates and footage are evidence: their times must be right."""
    state, at_us = state or clock_state(), now_us() if at_us is None else at_us
    if at_us < EARLIEST_US:
        shown = datetime.fromtimestamp(at_us / 1e6, UTC)
        return Finding(
            "relógio",
            False,
            f"O relógio está em {shown:%d/%m/%Y}: nunca foi acertado.",
            "Acerte com `timedatectl set-time` e troque a bateria da placa-mãe; ative o NTP.",
        )
    if state.synchronised is None:
        return Finding(
            "relógio",
            False,
            "Não foi possível saber se o relógio é acertado pela rede.",
            "Confira com `chronyc tracking` ou `timedatectl`.",
        )
    if not state.synchronised:
        return Finding(
            "relógio",
            False,
            "O relógio não está sendo acertado pela rede.",
            "Ative com `timedatectl set-ntp true` (ou instale chrony) e libere a porta UDP 123 até o "
            "servidor de hora.",
        )
    error_ms = state.error_ms or 0
    if error_ms > CLOCK_ERROR_MS:
        return Finding(
            "relógio",
            False,
            f"O relógio pode estar errado em até {error_ms / 1000:.0f} s.",
            "O servidor de hora não responde há tempo: confira com `chronyc sources` ou "
            "`timedatectl timesync-status`.",
        )
    return Finding("relógio", True, f"Acertado pela rede (NTP), com erro de até {error_ms} ms.")


def size_text(size_bytes: int) -> str:
    """Bytes as people say them, so that a small disk does not have "0 GB"."""
    if size_bytes < 1e9:
        return f"{size_bytes / 1e6:.0f} MB"
    decimals = 0 if size_bytes >= 100e9 else 1
    return f"{size_bytes / 1e9:.{decimals}f} GB".replace(".", ",")


def check_disk(folder: Path) -> Finding:
    """Written to, because a disk that only says how full it is may refuse all the same."""
    try:
        usage, inodes = shutil.disk_usage(folder), os.statvfs(folder).f_favail
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"gtv")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        what, fix = _DISK_FIXES.get(
            error.errno or 0, (f"O disco recusa: {error.strerror}", "Veja `dmesg` e `smartctl -H`.")
        )
        return Finding("disco", False, f"{what}: não se consegue gravar em {folder}.", fix)
    free = f"{size_text(usage.free)} livres de {size_text(usage.total)}"
    if usage.free < LOW_BYTES or inodes < LOW_INODES:
        text = f"Disco quase cheio: {free}, {inodes} arquivos ainda cabem."
        return Finding("disco", False, text, "Apague o que não é da caixa ou ponha um disco maior.")
    return Finding("disco", True, f"Grava bem; {free}.")


def check_ports(ports: Iterable[Port], agent_pid: int | None) -> list[Finding]:
    """Whether the agent, or nobody when it is off (`agent_pid` None), listens where the box should."""
    try:
        listeners = _listeners()
        ours = _family(agent_pid)
    except (psutil.Error, OSError) as error:
        return [Finding("portas", True, f"Não foi possível ver quem as usa ({error}).")]
    return [_check_port(port, listeners.get((port.kind, port.number)), ours) for port in ports]


def _check_port(port: Port, pids: set[int | None] | None, ours: set[int]) -> Finding:
    subject = f"porta {port.number}/{port.kind} ({port.purpose})"
    if not pids:
        if not ours:
            return Finding(subject, True, "Livre, à espera da caixa.")
        fix = "Reinicie a caixa (`systemctl restart gtv-edge`) e veja `journalctl -u gtv-edge`."
        return Finding(subject, False, "A caixa está rodando, mas ninguém atende nesta porta.", fix)
    if ours and pids <= ours | {None}:  # None: somebody else's process, which this user may not see
        return Finding(subject, True, "Atendida pela caixa.")
    taken = ", ".join(sorted(_program(pid) for pid in pids - ours))
    fix = "Pare esse programa, ou mude a porta da caixa nas opções de `gtv edge run`."
    return Finding(subject, False, f"Em uso por outro programa: {taken}.", fix)


def _listeners() -> dict[tuple[str, int], set[int | None]]:
    """By kind and port, the processes that listen there. Raises psutil.Error."""
    found: dict[tuple[str, int], set[int | None]] = {}
    for kind in ("tcp", "udp"):
        for entry in psutil.net_connections(kind):
            if entry.laddr and not entry.raddr and (kind == "udp" or entry.status == psutil.CONN_LISTEN):
                found.setdefault((kind, entry.laddr.port), set()).add(entry.pid)
    return found


def _family(pid: int | None) -> set[int]:
    """The agent and its children: MediaMTX is one. Raises psutil.Error."""
    if pid is None:
        return set()
    return {pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))}


def _program(pid: int | None) -> str:
    try:
        return f"{psutil.Process(pid).name()} (processo {pid})" if pid else "de outro usuário"
    except psutil.Error:
        return f"processo {pid}"
