"""Writes Grafana's dashboards (deploy/hub/grafana/dashboards) from the panels below; `--check`: are they so?

A panel is a title, a unit, and its queries with their legends. Where it stands follows from the list.
Every query is asked of a running system by tests/e2e/test_observability.py.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "deploy/hub/grafana/dashboards"
#: Grafana's grid is 24 wide.
WIDTH, HEIGHT, STAT_HEIGHT = 8, 8, 4


@dataclass(frozen=True)
class Panel:
    title: str
    unit: str
    queries: tuple[tuple[str, str], ...]
    kind: str = "timeseries"


def curve(title: str, unit: str, *queries: tuple[str, str]) -> Panel:
    return Panel(title, unit, queries)


def number(title: str, unit: str, query: str) -> Panel:
    return Panel(title, unit, ((query, ""),), "stat")


def p(quantile: float, metric: str, by: str = "") -> str:
    """A quantile over five minutes of a histogram."""
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({quantile}, sum by ({labels}) (rate({metric}_bucket[5m])))"


OVERVIEW = (
    number("Caixas em contato", "percentunit", "gtv:nodes_online:ratio"),
    number("Câmeras com imagem", "none", "sum(gtv_node_cameras_online)"),
    number("Falhas permitidas que restam (30 dias)", "percentunit", "gtv:error_budget_left:ratio"),
    number("Placas na última hora", "none", "sum(gtv:plate_reads:per_hour)"),
    number("Trilha de auditoria íntegra", "bool_yes_no", "gtv_audit_trail_whole"),
    number("Alarmes críticos abertos", "none", 'sum(gtv_node_alarms{critical="true"})'),
    curve(
        "Pedidos por segundo",
        "reqps",
        ('sum by (code) (rate(haproxy_frontend_http_responses_total{proxy="public"}[5m]))', "{{code}}"),
    ),
    curve(
        "Pedidos que falham",
        "percentunit",
        ("gtv:http_errors:ratio_rate5m", "5 min"),
        ("gtv:http_errors:ratio_rate1h", "1 h"),
    ),
    curve(
        "Tempo de resposta da API",
        "s",
        ("gtv:http_request_duration_seconds:p95_5m", "95 %"),
        (p(0.5, "gtv_http_request_duration_seconds"), "mediana"),
    ),
    curve(
        "Atraso das placas até a central",
        "s",
        ("gtv:ingest_lag_seconds:p95_5m", "95 %"),
        ("gtv:ingest_lag_seconds:p50_5m", "mediana"),
    ),
    curve(
        "Eventos guardados nas caixas",
        "none",
        ("sum by (city, node) (gtv_node_outbox_events)", "{{city}}/{{node}}"),
    ),
    curve("Processos", "none", ('sum by (job) (up{job=~"gtv-.*"})', "{{job}}")),
)

STREAMING = (
    number("Sessões de gravação abertas", "none", 'gtv_relay_sessions{kind="recording"}'),
    number("Sessões ao vivo abertas", "none", 'gtv_relay_sessions{kind="live"}'),
    number("Caixas ligadas aos relays", "none", "sum(gtv_relay_uplinks)"),
    curve(
        "Quem assiste ao vivo pela central (WebRTC)",
        "none",
        ("sum by (instance) (gtv_relay_live_viewers)", "{{instance}}"),
    ),
    curve(
        "Vídeo entregue pela central",
        "Bps",
        ("sum by (instance) (rate(gtv_relay_sent_bytes_total[5m]))", "{{instance}}"),
    ),
    curve("Até o primeiro byte do vídeo", "s", (p(0.95, "gtv_relay_answer_seconds", "route"), "{{route}}")),
    curve(
        "Pedidos de vídeo por resultado",
        "reqps",
        ("sum by (status) (rate(gtv_relay_answer_seconds_count[5m]))", "{{status}}"),
    ),
    curve("Recortes por estado", "none", ("gtv_site_clips", "{{state}}")),
    curve(
        "Quem assiste na rede local (caixas lidas)",
        "none",
        ("sum by (instance) (gtv_live_viewers)", "{{instance}} ao vivo"),
        ("sum by (instance) (gtv_playback_sessions)", "{{instance}} gravações"),
    ),
)

CAMERAS = (
    curve("Câmeras por estado", "none", ("gtv_site_cameras", "{{state}}")),
    curve(
        "Câmeras sem imagem por caixa", "percentunit", ("gtv:node_cameras_offline:ratio", "{{city}}/{{node}}")
    ),
    curve("Vídeo recebido por caixa", "bps", ("gtv_node_camera_bits_per_second", "{{city}}/{{node}}")),
    curve(
        "Pacotes perdidos em 15 minutos", "none", ("gtv:node_packets_lost:increase15m", "{{city}}/{{node}}")
    ),
    curve("Quadros por segundo (caixas lidas)", "none", ("gtv_camera_frames_per_second", "{{camera}}")),
    curve("Bits por segundo (caixas lidas)", "bps", ("gtv_camera_bits_per_second", "{{camera}}")),
    curve(
        "Pacotes perdidos por segundo (caixas lidas)",
        "none",
        ("rate(gtv_camera_packets_lost_total[5m])", "{{camera}}"),
    ),
    curve(
        "Gravado por segundo (caixas lidas)",
        "Bps",
        ("rate(gtv_camera_recorded_bytes_total[5m])", "{{camera}}"),
    ),
    curve(
        "Reconexões na última hora (caixas lidas)",
        "none",
        ("increase(gtv_camera_reconnects_total[1h])", "{{camera}}"),
    ),
)

RESOURCES = (
    curve(
        "Memória dos processos",
        "bytes",
        ('sum by (job, instance) (process_resident_memory_bytes{job=~"gtv-.*"})', "{{job}} {{instance}}"),
    ),
    curve(
        "Processador",
        "none",
        (
            'sum by (job, instance) (rate(process_cpu_seconds_total{job=~"gtv-.*"}[5m]))',
            "{{job}} {{instance}}",
        ),
    ),
    curve(
        "Arquivos abertos",
        "none",
        ('sum by (job, instance) (process_open_fds{job=~"gtv-.*"})', "{{job}} {{instance}}"),
    ),
    curve("Dias de gravação que cabem no disco", "d", ("gtv:node_disk_left:days", "{{city}}/{{node}}")),
    curve(
        "Disco livre das caixas",
        "percentunit",
        ("gtv_node_disk_free_bytes / gtv_node_disk_total_bytes", "{{city}}/{{node}}"),
    ),
    curve("Processador das caixas", "percentunit", ("gtv_node_cpu_ratio", "{{city}}/{{node}}")),
    curve("Erro do relógio das caixas", "s", ("gtv_node_clock_error_seconds", "{{city}}/{{node}}")),
    curve("Tarefas: duração", "s", (p(0.95, "gtv_job_duration_seconds", "task"), "{{task}}")),
    curve("Tarefas na fila", "none", ("gtv_jobs_waiting", "na fila")),
)

LPR = (
    number("Placas na última hora", "none", "sum(gtv:plate_reads:per_hour)"),
    number("Mensagens recusadas", "none", "gtv_dead_letters"),
    number("Mensagens à espera na ingestão", "none", "sum(gtv_ingest_waiting_messages)"),
    curve("Placas por hora e prefeitura", "none", ("gtv:plate_reads:per_hour", "{{city}}")),
    curve(
        "Eventos por segundo",
        "none",
        ('sum by (stream) (rate(gtv_ingest_events_total{result="stored"}[5m]))', "{{stream}}"),
    ),
    curve(
        "Repetidos e recusados por segundo",
        "none",
        ('sum by (result) (rate(gtv_ingest_events_total{result!="stored"}[5m]))', "{{result}}"),
    ),
    curve("Atraso até a central", "s", ("gtv:ingest_lag_seconds:p95_5m", "95 %")),
    curve(
        "Tempo para gravar um lote",
        "s",
        (p(0.95, "gtv_ingest_batch_duration_seconds", "stream"), "{{stream}}"),
    ),
    curve(
        "Até a confirmação da central (caixas lidas)",
        "s",
        (p(0.95, "gtv_outbox_ack_seconds", "stream"), "{{stream}}"),
    ),
    curve(
        "Resposta à câmera (caixas lidas)",
        "s",
        (p(0.95, "gtv_lpr_push_duration_seconds", "status"), "{{status}}"),
    ),
    curve("Eventos à espera na caixa (caixas lidas)", "none", ("gtv_outbox_events", "{{stream}}")),
    curve(
        "O mais antigo à espera (caixas lidas)",
        "s",
        ("max by (stream) (gtv_outbox_oldest_event_age_seconds) or vector(0)", "{{stream}}"),
    ),
)

DASHBOARDS = {
    "overview": ("GT-Vision: visão geral", OVERVIEW),
    "streaming": ("GT-Vision: vídeo", STREAMING),
    "cameras": ("GT-Vision: câmeras", CAMERAS),
    "resources": ("GT-Vision: recursos", RESOURCES),
    "lpr": ("GT-Vision: placas", LPR),
}


def queries() -> list[str]:
    """Of all panels."""
    return [query for _, panels in DASHBOARDS.values() for panel in panels for query, _ in panel.queries]


def dashboard(uid: str, title: str, panels: tuple[Panel, ...]) -> dict[str, Any]:
    return {
        "uid": f"gtv-{uid}",
        "title": title,
        "tags": ["gt-vision"],
        "timezone": "browser",
        "schemaVersion": 39,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "links": [{"type": "dashboards", "tags": ["gt-vision"], "title": "GT-Vision", "asDropdown": True}],
        "panels": [
            {
                "id": number,
                "type": panel.kind,
                "title": panel.title,
                "datasource": {"type": "prometheus", "uid": "gtv-prometheus"},
                "gridPos": place,
                "fieldConfig": {"defaults": {"unit": panel.unit}, "overrides": []},
                "targets": [
                    {"refId": chr(ord("A") + index), "expr": query, "legendFormat": legend}
                    for index, (query, legend) in enumerate(panel.queries)
                ],
            }
            for number, (panel, place) in enumerate(zip(panels, places(panels), strict=True), 1)
        ],
    }


def places(panels: tuple[Panel, ...]) -> list[dict[str, int]]:
    """Side by side from the left; a row is as high as its first panel."""
    found: list[dict[str, int]] = []
    x = y = row_height = 0
    for panel in panels:
        height = STAT_HEIGHT if panel.kind == "stat" else HEIGHT
        if x + WIDTH > 24 or (found and x and height != row_height):
            x, y = 0, y + row_height
        row_height = height
        found.append({"x": x, "y": y, "w": WIDTH, "h": height})
        x += WIDTH
    return found


def main() -> int:
    check = "--check" in sys.argv[1:]
    FOLDER.mkdir(parents=True, exist_ok=True)
    stale = []
    for uid, (title, panels) in DASHBOARDS.items():
        file = FOLDER / f"{uid}.json"
        text = json.dumps(dashboard(uid, title, panels), indent=2, ensure_ascii=False) + "\n"
        if not file.exists() or file.read_text() != text:
            stale.append(file.name)
            if not check:
                file.write_text(text)
    if check and stale:
        print(
            f"run: make generate ({', '.join(stale)} differ from scripts/write_dashboards.py)",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
