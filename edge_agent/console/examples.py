"""The examples of the LAN API's document: one afternoon at one box, told through every schema.

By the names that the document gives: schemas, parameters, content types. A schema, parameter
or content type without an example fails tests/unit/edge/test_console_document.py, which also
checks each against its schema.
"""

from typing import Any

from edge_agent.playback import hls
from passthrough.whep import SDP

CAMERA_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
_READ_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
_CLIP_ID = "3f2504e04f8941d39a0c0305e82c3301"
_ENTRY_ID = "9b2d9f5e-2c1a-4b57-8a0e-6f1d2c3b4a59"
_TOKEN = "dG9rZW4tb2YtYS12aWV3ZXI"  # noqa: S105 - an example
_RESOURCE_ID = "5f0c2f6d8a7b4e1f9c3d2a1b0e9f8d7c"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_START, _END = "2026-01-31T12:00:00Z", "2026-01-31T12:05:00Z"
_LIVE = f"/live/{_TOKEN}/{CAMERA_ID}"

_CAMERA_REF = {"id": CAMERA_ID, "name": "Praça da Matriz"}
_USER = {"username": "vigia", "name": "Ana Souza", "role": "visualizador"}
_SPAN = {"start": _START, "end": _END}
_SPAN_OUT = {"camera": _CAMERA_REF, **_SPAN}
_MARK = {"id": _READ_ID, "plate": "ABC1D23", "at": "2026-01-31T12:03:21.400000Z"}
_HIT = {"entry": _ENTRY_ID, "kind": "stolen"}
_READ = {
    "id": _READ_ID,
    "plate": "ABC1D23",
    "confidence": 0.97,
    "captured_at": "2026-01-31T12:03:21.400000Z",
    "received_at": "2026-01-31T12:03:21.912000Z",
    "clock_off": False,
    "camera_at": "2026-01-31T12:03:21.400000Z",
    "group": _READ_ID,
    "group_size": 2,
    "hits": [_HIT],
    "camera": _CAMERA_REF,
    "direction": "approaching",
    "lane": 1,
    "speed_kmh": 42.0,
    "vehicle_type": "car",
    "vehicle_make": "Fiat",
    "vehicle_model": "Uno",
    "vehicle_color": "white",
    "country": "BR",
    "image_url": f"/api/plate-reads/{_READ_ID}/image",
}
_WATCH_ENTRY = {"id": _ENTRY_ID, "kind": "stolen", "reason": "BO 123/2026"}
_WATCH_HIT = {"read": _READ, "entries": [_WATCH_ENTRY], "reads": 2}
_CLIP_FILE = {
    "name": "praca-da-matriz-20260131-120000.mp4",
    "camera": _CAMERA_REF,
    **_SPAN,
    "size_bytes": 75_120_344,
    "sha256": _SHA256,
    "download_url": f"/api/clips/{_CLIP_ID}/files/praca-da-matriz-20260131-120000.mp4",
}
_CLIP = {
    "id": _CLIP_ID,
    "created": "2026-01-31T14:10:00Z",
    "requester": "vigia",
    "reason": "Boletim de ocorrência 123/2026",
    "state": "done",
    "progress": 1.0,
    "error": "",
    "spans": [_SPAN_OUT],
    "gaps": [],
    "files": [_CLIP_FILE],
    "size_bytes": 75_131_002,
    "sha256": _SHA256,
    "download_url": f"/api/clips/{_CLIP_ID}/download",
    "may_delete": True,
}
_DEVICE = {
    "address": "192.168.1.64",
    "onvif_port": 80,
    "rtsp_port": 554,
    "name": "VIP 3230",
    "hardware": "IPC-B2",
}
_RTSP, _SUB_RTSP = (f"rtsp://192.168.1.64:554/Streaming/Channels/10{n}" for n in (1, 2))
_PROFILE = {
    "token": "Profile_1",
    "name": "mainStream",
    "codec": "H264",
    "width": 1920,
    "height": 1080,
    "fps": 25.0,
    "bitrate_bps": 4_000_000,
    "stream_url": _RTSP,
}
_STREAM_QUESTION = {"rtsp_url": _RTSP, "username": "admin", "password": "senha da câmera"}
_LIVE_QUALITY = {
    "name": "main",
    "codec": "h264",
    "whep_url": f"{_LIVE}/main/whep",
    "hls_url": f"{_LIVE}/main/index.m3u8",
}

SCHEMAS: dict[str, Any] = {
    "Alarm": {"text": "Praça da Matriz: sem sinal há 5 minutos.", "since": "2026-01-31T12:10:00Z"},
    "BoxStatus": {
        "city_name": "São Bento",
        "timezone": "America/Sao_Paulo",
        "node": "caixa-01",
        "online_with_hub": True,
        "disk_free_bytes": 1_200_000_000_000,
        "disk_total_bytes": 4_000_000_000_000,
        "outbox_depth": 0,
        "now": "2026-01-31T12:10:00Z",
    },
    "Camera": {
        **_CAMERA_REF,
        "state": "online",
        "fps": 25.0,
        "bitrate_bps": 4_012_000,
        "last_packet_at": "2026-01-31T12:09:59.960000Z",
        "reason": "",
        "fault": "camera",
        "video_codec": "h264",
        "audio_codec": "aac",
        "width": 1920,
        "height": 1080,
        "gop_s": 2.0,
        "reconnects": 1,
        "clock_drift_ms": -12,
        "packets_lost": 0,
    },
    "CameraRef": _CAMERA_REF,
    "ClipFileOut": _CLIP_FILE,
    "ClipOrder": {"spans": [{"camera": CAMERA_ID, **_SPAN}], "reason": "Boletim de ocorrência 123/2026"},
    "ClipOut": _CLIP,
    "ClipPage": {"results": [_CLIP], "next": "1769868600000000"},
    "Codecs": {"codecs": ["avc1.4d401f", "mp4a.40.2"]},
    "Credentials": {"username": "vigia", "password": "uma senha longa"},
    "DeviceFacts": {
        "manufacturer": "Intelbras",
        "model": "VIP 3230",
        "firmware": "2.800.0000000.7.R",
        "serial": "4K0123PAZ00001",
        "clock_difference_s": -0.4,
        "profiles": [_PROFILE],
        "main_url": _RTSP,
        "sub_url": _SUB_RTSP,
        "snapshot_url": "http://192.168.1.64/onvif/snapshot",
        "notes": [],
    },
    "DeviceQuestion": {
        "address": "192.168.1.64",
        "port": 80,
        "username": "admin",
        "password": "senha da câmera",
    },
    "Found": {"devices": [_DEVICE]},
    "FoundDevice": _DEVICE,
    "HoldOrder": {"camera": CAMERA_ID, **_SPAN, "reason": "Ofício 12/2026"},
    "HoldOut": {"id": 7, "camera": _CAMERA_REF, **_SPAN, "reason": "gestora: Ofício 12/2026"},
    "LiveQuality": _LIVE_QUALITY,
    "LiveVideo": {
        "camera": CAMERA_ID,
        "expires_at": "2026-01-31T12:11:00Z",
        "engine": "embedded",
        "adaptive_url": None,
        "qualities": [_LIVE_QUALITY],
    },
    "LocalCameraOut": {**_CAMERA_REF, "rtsp_url": _RTSP, "refusal": ""},
    "NewCamera": {**_STREAM_QUESTION, "name": "Praça da Matriz", "sub_rtsp_url": _SUB_RTSP},
    "OpenWatchHits": {"results": [_WATCH_HIT], "open": 1},
    "PlateHit": _HIT,
    "PlateMark": _MARK,
    "PlateReadOut": _READ,
    "PlateReadPage": {"results": [_READ], "next": "48213"},
    "Problem": {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "Não há gravação desta câmera neste horário.",
    },
    "Profile": _PROFILE,
    "RecordedSpan": _SPAN,
    "RemovedCamera": {
        **_CAMERA_REF,
        "footage_start": "2026-01-20T03:00:00Z",
        "footage_end": _END,
        "kept_until": "2026-03-02T12:05:00Z",
    },
    "SeenHits": {"reads": [_READ_ID]},
    "Session": {"user": _USER},
    "SpanIn": {"camera": CAMERA_ID, **_SPAN},
    "SpanOut": _SPAN_OUT,
    "StreamQuestion": _STREAM_QUESTION,
    "TestAnswer": {
        "ok": True,
        "verdict": "Vídeo H.264 1920×1080, 25,0 quadros/s, 4,0 Mbit/s: pronto para gravar.",
        "codec": "h264",
        "width": 1920,
        "height": 1080,
        "fps": 25.0,
        "bitrate_bps": 4_012_000,
        "gop_s": 2.0,
        "audio": "",
        "transport": "tcp",
        "notes": [],
        "snapshot": "data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD",
    },
    "Timeline": {"spans": [_SPAN], "reads": [_MARK]},
    "User": _USER,
    "WatchEntry": _WATCH_ENTRY,
    "WatchHit": _WATCH_HIT,
    "Wellness": {
        "status": "ok",
        "checks": {"recorder": True, "database": True, "disk": True, "clock": True},
    },
    "Where": {"address": "192.168.1.0/24"},
}

#: What a console hears on the WebSocket, by its type (console.events).
EVENTS: dict[str, dict[str, Any]] = {
    "camera": {
        "type": "camera",
        "camera": CAMERA_ID,
        "state": "offline",
        "reason": "A câmera não responde na rede.",
    },
    "plate": {
        "type": "plate",
        "id": _READ_ID,
        "camera": CAMERA_ID,
        "plate": "ABC1D23",
        "captured_at": "2026-01-31T12:03:21.400000Z",
    },
    "watchlist": {
        "type": "watchlist",
        "id": _READ_ID,
        "camera": CAMERA_ID,
        "plate": "ABC1D23",
        "captured_at": "2026-01-31T12:03:21.400000Z",
        "text": "Veículo roubado ou furtado: placa ABC1D23 em Praça da Matriz (BO 123/2026).",
        "entries": [_WATCH_ENTRY],
    },
    "clip": {"type": "clip", "id": _CLIP_ID, "state": "running", "progress": 0.4},
    "alarm": {
        "type": "alarm",
        "alarm": "disk-floor",
        "text": "Disco cheio: gravações dentro do prazo de guarda foram apagadas.",
    },
}

PARAMETERS: dict[str, Any] = {
    "camera_id": CAMERA_ID,
    "camera": CAMERA_ID,
    "start": _START,
    "end": _END,
    "at": _START,
    "resolution_s": 2.0,
    "width": 320,
    "if-none-match": '"1769860800000000-320"',
    "segment_id": 1769860800000000,
    "Range": "bytes=0-1023",
    "plate": "ABC1D?3",
    "purpose": "BO 123/2026",
    "tolerant": True,
    "limit": 50,
    "before": 48213,
    "read_id": _READ_ID,
    "clip_id": _CLIP_ID,
    "name": "praca-da-matriz-20260131-120000.mp4",
    "hold_id": 7,
    "token": _TOKEN,
    "quality": "main",
    "resource_id": _RESOURCE_ID,
    "file": "index.m3u8",
}

_OFFER = (
    "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
)
_PLAYLIST = """#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-MAP:URI="segments/1769860800000000.mp4",BYTERANGE="801@0"
#EXT-X-PROGRAM-DATE-TIME:2026-01-31T12:00:00.000Z
#EXTINF:2.000,
#EXT-X-BYTERANGE:1003412@801
segments/1769860800000000.mp4
#EXT-X-ENDLIST
"""
#: Bodies that are no JSON. Of binary ones the document shows the first bytes, in base64.
BODIES: dict[str, str] = {
    SDP: _OFFER,
    hls.CONTENT_TYPE: _PLAYLIST,
    "image/jpeg": "/9j/4AAQSkZJRgABAQAAAQABAAD",
    "video/mp4": "AAAAGGZ0eXBpc281AAACAGlzbzVpc282",
    "application/zip": "UEsDBC0AAAAAAAAAIQ==",
}
BINARY = frozenset({"image/jpeg", "video/mp4", "application/zip"})
