"""Examples of the API's main operations for its document: what a person would really send and get.

tests/integration/hub/test_examples.py checks each against the serializer that it is an example of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from drf_spectacular.utils import OpenApiExample


@dataclass(frozen=True)
class Example:
    request: Mapping[str, Any] | None = None
    #: One of them, where the operation lists.
    response: Mapping[str, Any] | None = None
    status: str = "200"


_CITY = {"code": "vale-verde", "name": "Vale Verde"}
_CAMERA = {"id": "4a1f0c5e-8b1d-4c39-9f0e-6d2b7f3c9a10", "name": "Entrada da cidade"}
_PERIOD = {"start": "2026-11-25T12:00:00-03:00", "end": "2026-11-25T12:30:00-03:00"}
_ETAG = "9f2c41d07be5a836"

_ME = {
    "id": 12,
    "username": "ana.gestora",
    "name": "Ana Prado",
    "role": "gestor",
    "city": {**_CITY, "timezone": "America/Sao_Paulo"},
}

_NEW_ENTRY = {
    "pattern": "ABC1D23",
    "tolerant": True,
    "kind": "stolen",
    "reason": "BO 1234/2026",
    "valid_from": None,
    "valid_until": "2026-12-25T00:00:00-03:00",
}

_READ = {
    "id": 81234,
    "plate": "ABC1D23",
    "confidence": 0.97,
    "captured_at": "2026-11-25T12:03:41.250000Z",
    "received_at": "2026-11-25T12:03:41.410000Z",
    "camera": _CAMERA,
    "city": _CITY,
    "direction": "in",
    "lane": 1,
    "speed_kmh": 48.0,
    "vehicle_type": "car",
    "vehicle_color": "white",
    "vehicle_make": "fiat",
    "vehicle_model": "argo",
    "country": "BR",
    "region": "SP",
    "vendor": "hikvision",
    "camera_at": None,
    "camera_clock": None,
    "passage": "5f0c9a1b7d3e4c2a",
    "image_url": None,
}

#: By operation.
EXAMPLES: Mapping[str, Example] = {
    "login": Example(
        request={"username": "ana.gestora", "password": "uma frase bem longa", "code": "123456"},
        response={
            "access": "eyJhbGciOiJIUzI1NiJ9…",
            "user": _ME,
            "second_factor_missing": False,
            "documents_pending": False,
        },
    ),
    "getMe": Example(response=_ME),
    "publishLegalDocument": Example(
        request={"kind": "terms", "text": "# Termos de uso\n\nO acesso é pessoal e a serviço."}
    ),
    "acceptLegalDocument": Example(
        request={"document": 3, "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
        response={"document": 3, "accepted_at": "2026-11-25T12:00:00Z", "address": "203.0.113.7"},
    ),
    "addUser": Example(
        request={
            "username": "rui.vigia",
            "name": "Rui Lima",
            "role": "visualizador",
            "city": "vale-verde",
        }
    ),
    "addCity": Example(
        request={
            "code": "vale-verde",
            "name": "Vale Verde",
            "timezone": "America/Sao_Paulo",
            "plan": "Plano 15 dias",
        },
        response={
            **_CITY,
            "timezone": "America/Sao_Paulo",
            "plan": {"name": "Plano 15 dias", "retention_days": 15},
            "failover_after_minutes": None,
            "etag": _ETAG,
        },
        status="201",
    ),
    "changeCity": Example(request={"plan": "Plano 30 dias"}),
    "addCamera": Example(
        request={
            "city": "vale-verde",
            "name": "Entrada da cidade",
            "rtsp_url": "rtsp://usuario:senha@10.0.0.21:554/stream1",
            "sub_rtsp_url": "rtsp://usuario:senha@10.0.0.21:554/stream2",
            "transport": "auto",
            "node": "caixa-01",
            "lpr": True,
            "latitude": -22.6871,
            "longitude": -45.7322,
        }
    ),
    "changeCamera": Example(request={"name": "Entrada norte"}),
    "addNode": Example(request={"city": "vale-verde", "code": "caixa-02"}),
    "openRelaySession": Example(
        request={"camera": _CAMERA["id"], **_PERIOD},
        response={
            "id": "0d5e6c0e-52b1-4f0a-8f5e-7f1a2b3c4d5e",
            "playlist_url": "https://relay.example.org/v1/sessions/…/index.m3u8",
            **_PERIOD,
            "expires_at": "2026-11-25T13:30:00-03:00",
        },
        status="201",
    ),
    "orderClip": Example(request={"camera": _CAMERA["id"], **_PERIOD, "reason": "BO 1234/2026"}),
    "searchPlateReads": Example(response={"results": [_READ], "next": None}),
    "addWatchlistEntry": Example(
        request={"city": "vale-verde", **_NEW_ENTRY},
        response={
            "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
            "city": _CITY,
            **_NEW_ENTRY,
            "created_by": "ana.gestora",
            "created_at": "2026-11-25T12:00:00Z",
        },
        status="201",
    ),
    "addWebhook": Example(request={"city": "vale-verde", "url": "https://alertas.valeverde.example/gtv"}),
    "placeLegalHold": Example(
        request={
            "city": "vale-verde",
            "plate": "ABC1D23",
            "since": "2026-11-01T00:00:00-03:00",
            "until": None,
            "reference": "Processo 0001234-56.2026.8.26.0000",
        }
    ),
    "openPrivacyRequest": Example(
        request={
            "city": "vale-verde",
            "kind": "access",
            "plate": "ABC1D23",
            "requester": "Maria Souza",
            "reference": "Protocolo 77/2026",
            "received_on": "2026-11-24",
        }
    ),
}


def of_operation(operation_id: str) -> list[OpenApiExample]:
    example = EXAMPLES.get(operation_id, Example())
    found = []
    if example.request is not None:
        found.append(OpenApiExample("Pedido", value=dict(example.request), request_only=True))
    if example.response is not None:
        found.append(
            OpenApiExample(
                "Resposta",
                value=dict(example.response),
                response_only=True,
                status_codes=[example.status],
            )
        )
    return found
