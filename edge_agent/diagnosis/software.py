"""What the box is made of: its database, MediaMTX, and the cameras as the running agent sees them."""

import sqlite3
from pathlib import Path
from typing import Any

from edge_agent.config import DataFolder
from edge_agent.diagnosis.finding import Finding
from edge_agent.mediamtx.process import find_binary
from edge_agent.store import check_pages

#: What to do, by a word of the reason that the recorder gives (recording.camera).
_CAMERA_FIXES = (
    ("disco", "O defeito não é da câmera: veja o que este exame diz do disco."),
    (
        "usuário ou a senha",
        "Corrija-os no cadastro; há câmeras que se trancam por meia hora depois de muitas tentativas.",
    ),
    ("não permite", "Dê ao usuário, na página da câmera, o direito de ver o vídeo."),
    ("endereço do vídeo", "Corrija o caminho do rtsp://; `gtv edge discover --user` mostra os que existem."),
    ("recusou a conexão", "Confira o endereço e a porta RTSP (554) na página da câmera."),
    ("banda", "Desligue outros programas que leem a câmera, ou diminua a sua taxa de bits."),
    ("ocupada", "Desligue outros programas que leem a câmera."),
    ("transporte", "Mude no cadastro o transporte entre TCP e UDP."),
    ("formato", "Mude o vídeo para H.264 ou H.265 na página da câmera."),
    (
        "sem um vídeo",
        "Confira se o endereço é mesmo de uma câmera, e na página dela o formato do vídeo (H.264 ou H.265).",
    ),
    ("com defeito", "Reinicie a câmera e atualize o firmware dela; confira a rede até a caixa."),
    ("não respondeu", "Confira a energia (PoE), o cabo e o switch da câmera."),
    ("Não há comunicação", "Confira a energia (PoE), o cabo e o switch da câmera."),
)

_ALARM_FIXES = (
    ("relógio", "Veja o que este exame diz do relógio."),
    (
        "disco da caixa está cheio",
        "Libere espaço: veja o que este exame diz do disco.",
    ),
    (
        "Disco cheio",
        "Ponha um disco maior, ou diminua na central os dias de guarda ou as câmeras.",
    ),
    ("reinicie a caixa", "`systemctl restart gtv-edge`: o banco é guardado à parte e refeito das gravações."),
    (
        "banco de dados",
        "Confira o disco; leve o arquivo a quem possa examiná-lo e apague-o da caixa.",
    ),
    (
        "configuração guardada",
        "A central manda de novo o que a caixa precisa; guarde identity/secrets.key nas cópias.",
    ),
)


def check_database(folder: DataFolder) -> Finding:
    try:
        check_pages(folder.database)
    except sqlite3.Error as error:
        fix = "Reinicie a caixa: ela guarda à parte o banco danificado e indexa de novo as gravações."
        return Finding("banco de dados", False, f"Danificado: {error}.", fix)
    return Finding("banco de dados", True, "Íntegro.")


def check_alarms(alarms: list[str]) -> list[Finding]:
    """What the running agent cannot do as it should."""
    return [
        Finding("alarme", False, text, next((fix for word, fix in _ALARM_FIXES if word in text), ""))
        for text in alarms
    ]


def check_pushes(refused: list[dict[str, Any]]) -> list[Finding]:
    """What plate cameras sent in the last day and the box could not read."""
    fix = "Veja o que ela mandou (`gtv edge quarantine`) e confira na central o fabricante e o mapeamento."
    return [
        Finding(
            f"placas de {one['camera']}",
            False,
            f"{one['pushes']} envios recusados nas últimas 24 horas; o último: {one['reason']}.",
            fix,
        )
        for one in refused
    ]


def check_mediamtx(in_use: str | None) -> Finding:
    """What the running agent uses, wherever it found it. Optional: without it the box serves live video."""
    text = f"Em uso: {in_use}." if in_use else "Não é usado; o vídeo ao vivo sai da própria caixa."
    return Finding("MediaMTX", True, text)


def find_mediamtx(root: Path) -> Finding:
    """While no agent runs: what it would use if it were started from here without an option."""
    found = find_binary("auto", root)
    text = f"Presente em {found}." if found else "Não encontrado daqui; só a caixa ligada sabe se usa um."
    return Finding("MediaMTX", True, text)


def check_cameras(cameras: list[dict[str, Any]]) -> list[Finding]:
    return [_check_camera(camera) for camera in cameras]


def _check_camera(camera: dict[str, Any]) -> Finding:
    name, reason = f"câmera {camera['name']}", camera["reason"]
    if camera["refusal"]:
        return Finding(name, False, f"Recusada: {camera['refusal']}", "Retire-a ou fale com a central.")
    if camera["state"] == "offline" or reason:
        return Finding(name, False, reason or "Sem sinal.", _camera_fix(reason, camera["id"]))
    if camera["state"] == "connecting":
        return Finding(name, True, "Conectando.")
    notes = [
        f"{count} {what}"
        for count, what in (
            (camera["packets_lost"], "pacotes perdidos na rede"),
            (camera["reconnects"], "reconexões"),
        )
        if count
    ]
    pace = f"{camera['fps']:.0f} quadros/s, {camera['bitrate_bps'] / 1e6:.1f} Mbit/s".replace(".", ",")
    return Finding(name, True, f"Gravando ({'; '.join([pace, *notes])}).")


def _camera_fix(reason: str, camera_id: str) -> str:
    known = next((fix for word, fix in _CAMERA_FIXES if word in reason), "")
    return f"{known} Teste com `gtv edge camera test {camera_id}`.".strip()
