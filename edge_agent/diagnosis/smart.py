"""What the disk under the data folder says of itself: SMART, read by smartmontools' `smartctl`."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from edge_agent.diagnosis.finding import Finding, output_of

#: ATA attributes that grow before a disk dies (Backblaze, "What SMART Stats Tell Us About Hard Drives").
_WORN_ATTRIBUTES = {
    5: "setores realocados",
    187: "erros sem correção",
    197: "setores à espera de troca",
    198: "setores sem leitura",
}
#: Of an NVMe disk's rated life.
WORN_PERCENT = 90
#: Disks of this class are rated for 60 to 70 °C.
HOT_C = 60
_REPLACE = "Faça uma cópia (`gtv edge backup`) e troque o disco antes que ele pare."

Run = Callable[[list[str]], str | None]


def check_smart(folder: Path, run: Run = output_of) -> list[Finding]:
    """A finding a physical disk under a folder."""
    disks = sorted(set(_disks(folder.stat().st_dev))) if folder.exists() else []
    if not disks:
        return [Finding("SMART", True, "A pasta de dados não está em um disco que se possa examinar.")]
    return [_check(disk, run) for disk in disks]


def _disks(device: int) -> Iterator[str]:
    """The disks that a file system's device lies on, through partitions, RAID, LVM and encryption."""
    place = Path("/sys/dev/block", f"{os.major(device)}:{os.minor(device)}")
    if place.exists():
        yield from _below(place.resolve())


def _below(block: Path) -> Iterator[str]:
    """By sysfs (Documentation/ABI/stable/sysfs-block): `partition` marks a part, `slaves` what lies below."""
    if (block / "partition").exists():
        block = block.parent
    slaves = list((block / "slaves").glob("*"))
    for slave in slaves:
        yield from _below(slave.resolve())
    if not slaves and (block / "device").exists():  # a loop device or RAM disk has none
        yield f"/dev/{block.name}"


def _check(disk: str, run: Run) -> Finding:
    subject = f"SMART {disk}"
    answer = run(["smartctl", "--json", "--health", "--attributes", disk])
    if answer is None:
        text = "A saúde do disco não é conhecida: instale o programa smartctl (pacote smartmontools)."
        return Finding(subject, True, text)
    try:
        report = json.loads(answer)
    except ValueError:
        return Finding(subject, True, "O programa smartctl não respondeu de modo legível.")
    return _judge(subject, report)


def _judge(subject: str, report: dict[str, Any]) -> Finding:
    passed = report.get("smart_status", {}).get("passed")
    if passed is None:
        said = "; ".join(message["string"] for message in report.get("smartctl", {}).get("messages", []))
        return Finding(subject, True, f"O disco não informa a sua saúde ({said or 'sem SMART'}).")
    if not passed:
        return Finding(subject, False, "O disco diz que está para falhar.", _REPLACE)
    if signs := list(_signs(report)):
        return Finding(subject, False, f"O disco está gasto: {', '.join(signs)}.", _REPLACE)
    degrees = report.get("temperature", {}).get("current")
    if degrees is not None and degrees >= HOT_C:
        return Finding(subject, False, f"O disco está a {degrees} °C.", "Limpe a ventilação da caixa.")
    return Finding(
        subject, True, f"O disco diz que está bom{'' if degrees is None else f', a {degrees} °C'}."
    )


def _signs(report: dict[str, Any]) -> Iterator[str]:
    for attribute in report.get("ata_smart_attributes", {}).get("table", []):
        name, value = _WORN_ATTRIBUTES.get(attribute["id"]), attribute["raw"]["value"]
        if name and value:
            yield f"{value} {name}"
    nvme = report.get("nvme_smart_health_information_log", {})
    if nvme.get("percentage_used", 0) >= WORN_PERCENT:
        yield f"{nvme['percentage_used']} % da vida útil usada"
    if nvme.get("media_errors"):
        yield f"{nvme['media_errors']} erros de leitura"
