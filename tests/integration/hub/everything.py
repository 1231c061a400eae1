"""Something of everything that a prefeitura and its people have, and a request about it for every operation.

What is in an answer of one city's things and may not be in another's: `Things.marks`.
"""

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from central_hub.accounts import password_links
from central_hub.accounts.models import LegalDocument, LoginSession, User
from central_hub.cities import csv_rows
from central_hub.cities import services as cities
from central_hub.cities.models import Camera, City, EdgeNode
from central_hub.fleet import certificates, orders
from central_hub.fleet.models import NodeAlarm, NodeState, Release, Rollout
from central_hub.ingest import services as ingest
from central_hub.kernel import Permission, may
from central_hub.lpr import access, alerts, exports, privacy, saved, services, watchlist
from central_hub.lpr.models import PlateRead
from central_hub.privacy import services as requests
from central_hub.privacy.domain import Kind
from central_hub.streaming import clips, live, mosaics
from central_hub.streaming.models import RelaySession
from protocol import messages
from protocol.messages import encode
from protocol.topics import NodeAddress, Stream
from tests.integration.hub.box import batch, new_csr, plate_read
from tests.integration.hub.conftest import PASSWORD, World

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Operation:
    """One operation of the OpenAPI document."""

    id: str
    method: str
    path: str


@dataclass
class Things:
    """What belongs to one prefeitura. `names` are path parameters, `fields` what bodies and queries say."""

    names: dict[str, str]
    fields: dict[str, Any]
    marks: tuple[str, ...]
    people: dict[str, User] = field(default_factory=dict)

    def but(self, names: Mapping[str, str]) -> "Things":
        """With somebody's own things in place of these."""
        return replace(self, names={**self.names, **names})

    def unnamed(self) -> "Things":
        """The same, where the request names neither city nor camera."""
        return replace(self, fields={k: v for k, v in self.fields.items() if k not in ("city", "camera")})


@dataclass(frozen=True)
class Sent:
    """A request, ready to be sent."""

    path: str
    query: dict[str, Any]
    body: dict[str, Any] | bytes
    cookies: Mapping[str, str] = field(default_factory=dict)


def operations() -> list[Operation]:
    document: dict[str, Any] = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    return [
        Operation(operation["operationId"], method, path)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def routes() -> Iterator[tuple[str, Any]]:
    """Every path of the API as the document writes it, with its view class."""
    (api,) = [entry for entry in get_resolver().url_patterns if str(entry.pattern) == "api/v1/"]
    pending: list[tuple[str, URLPattern | URLResolver]] = [("", entry) for entry in api.url_patterns]
    while pending:
        prefix, entry = pending.pop()
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            pending += [(path, inner) for inner in entry.url_patterns]
        else:
            view = entry.callback.view_class  # type: ignore[attr-defined]
            yield "/api/v1/" + re.sub(r"<\w+:(\w+)>", r"{\1}", path), view


def furnish(world: World, city: City, node: EdgeNode, camera: Camera, people: dict[str, User]) -> Things:
    """Fill a city; `people` by their role, of whom the gestor makes everything that somebody makes."""
    gestor, now = people["gestor"], datetime.now(UTC)
    word = city.code.split("-", maxsplit=1)[0].upper()
    plate = f"{word[:3]}9R3D"
    watched = watchlist.add_entry(
        gestor, city.code, pattern=plate, tolerant=False, kind="stolen", reason=f"{word}-LISTA",
        valid_from=None, valid_until=None,
    )  # fmt: skip
    ref = cities.find_node(NodeAddress(city.code, node.code))
    assert ref is not None
    for stream, event in (
        (Stream.LPR, plate_read(camera.pk, plate)),
        (Stream.COVERAGE, messages.CoverageSpan(str(camera.pk), now - HOUR, now, 1)),
        (
            Stream.CAMERA_ADDED,
            messages.CameraAdded(uuid.uuid4().hex, f"{word}-RECUSADA", "http://h/", now, "x"),
        ),
    ):
        ingest.store_batch(ref, stream, "t", encode(batch({1: event})))
    NodeState.objects.filter(node=node).update(online=True)
    read = PlateRead.objects.get(city=city)
    access.view_read(gestor, read.pk, read.captured_at, "prova")
    request = requests.open_request(
        gestor, city.code, kind=Kind.ERASURE, plate=plate, requester=f"{word}-TITULAR", reference="protocolo"
    )
    alarm = NodeAlarm.objects.create(node=node, key="x", critical=True, text=f"{word}-ALARME", opened_at=now)
    given = orders.give(world.admin, city.code, node.code, "run-doctor", camera=None, within_s=60)
    clip = clips.order(gestor, camera.pk, now - HOUR, now, f"{word}-RECORTE")
    mosaic = mosaics.add_mosaic(gestor, name=f"{word}-MOSAICO", layout="1", cameras=[camera.pk], shared=True)
    document, _ = LegalDocument.objects.get_or_create(
        # Of tomorrow: nobody is asked for it before anything else.
        kind="terms", version=1, defaults={"sha256": "ab" * 32, "published_at": now + 24 * HOUR},
    )  # fmt: skip
    names = {
        "city": city.code,
        "node": node.code,
        "document_id": str(document.pk),
        "camera_id": str(camera.pk),
        "user_id": str(people["visualizador"].pk),
        "clip_id": str(clip.pk),
        "mosaic_id": str(mosaic.pk),
        "entry_id": str(watched.pk),
        "webhook_id": str(alerts.add_webhook(gestor, city.code, f"https://{word.lower()}.example.org/").pk),
        "hold_id": str(privacy.place_hold(gestor, city.code, plate, now, None, f"{word}-GUARDA").pk),
        "request_id": str(request.pk),
        "report": "ropa",
        "read_id": str(read.pk),
        "alarm_id": str(alarm.pk),
        "command_id": str(given.pk),
        "rollout_id": str(_ended_rollout(node).pk),
        **own_names(gestor, camera, word),
    }
    fields = {
        "city": city.code, "camera": str(camera.pk), "plate": plate, "pattern": "ABC1D23",
        "since": (now - 2 * HOUR).isoformat(), "until": (now + HOUR).isoformat(),
        "start": (now - HOUR).isoformat(), "end": now.isoformat(),
        "captured_at": read.captured_at.isoformat(), "cameras": [str(camera.pk)],
        "document": document.pk, "sha256": document.sha256,
    }  # fmt: skip
    marks = (
        word,
        word.capitalize(),
        city.code,
        city.name,
        plate,
        f"{word.lower()}.example.org",
        str(camera.pk),
    )
    return Things(names, fields, (*marks, *(person.username for person in people.values())), people)


def _ended_rollout(node: EdgeNode) -> Rollout:
    release, _ = Release.objects.get_or_create(version="2.0.0", defaults={"signed": {}, "size_bytes": 1})
    rollout = Rollout.objects.create(release=release, state="done", stages=1, soak_s=0, created_by="admin")
    rollout.nodes.create(node=node, stage=0, state="done")
    return rollout


def own_names(person: User, camera: Camera, word: str) -> dict[str, str]:
    """What belongs to one person alone: only as much as the role may have."""
    now = timezone.now()
    session = LoginSession.objects.create(user=person, started_at=now, last_seen_at=now, rotated_at=now)
    names = {"login_session_id": str(session.pk)}
    if may(person, Permission.SEARCH_PLATES):
        names["search_id"] = str(saved.save_search(person, f"{word}-BUSCA", {"plate": f"{word[:3]}*"}).pk)
        export = exports.order_export(person, "csv", services.ReadSearch(), {}, f"{word}-EXPORTA")
        names["export_id"] = str(export.pk)
    if may(person, Permission.WATCH):
        relayed = RelaySession.objects.create(
            city=camera.city, camera=camera, requester=person, start=now - HOUR, end=now,
            expires_at=now + HOUR, command_id=uuid.uuid4(),
        )  # fmt: skip
        names["relay_session_id"] = str(relayed.pk)
        names["live_id"] = str(live.open_session(person, camera.pk, "sub").id)
    return names


#: What the bodies of all operations say, beside `Things.fields`; each takes what it knows.
FIELDS = {
    "name": "Nome", "rtsp_url": "rtsp://10.0.0.7/s", "code": "nova-01", "username": "nova-pessoa",
    "password": PASSWORD, "role": "visualizador", "plan": "Plano 7 dias", "reason": "prova",
    "reference": "processo 1", "retention_days": 30, "viewers_see_plates": True, "format": "csv",
    "purpose": "prova", "kind": "stolen", "url": "https://example.org/", "requester": "titular",
    "action": "probe-camera", "latitude": 1.0, "longitude": 1.0, "present": PASSWORD,
    "version": "2.0.0", "new": "outra senha bem longa", "limit_kbps": 5000, "layout": "1",
    "basis": "no-data", "answer": "Não há leituras desta placa.",
}  # fmt: skip


def request_for(operation: Operation, case: str, caller: User | None, things: Things) -> Sent:
    """A request about these things that nothing is wrong with, whoever sends it."""
    names = dict(things.names)
    names["code"] = names["city"] if operation.path.startswith("/api/v1/cities/") else names["node"]
    names["session_id"] = names["login_session_id" if "/me/" in operation.path else "relay_session_id"]
    special = SPECIAL.get(operation.id, lambda *_: {})(case, caller, things)
    names |= special.pop("names", {})
    cookies, body = special.pop("cookies", {}), special.pop("bytes", None)
    path = operation.path
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", value)
    whole = {**FIELDS, **things.fields, **special}
    in_query = ("city", "camera", "plate", "purpose", "since", "until", "captured_at")
    query = {name: whole[name] for name in in_query if name in whole}
    return Sent(path, query, whole if body is None else body, cookies)


def _login(case: str, caller: User | None, things: Things) -> dict[str, Any]:
    return {"username": (caller or things.people["gestor"]).username}


def _refresh(case: str, caller: User | None, things: Things) -> dict[str, Any]:
    from central_hub.accounts import sessions

    opened = sessions.open_session(caller or things.people["gestor"], sessions.Peer())
    return {"cookies": {"gtv_refresh": opened.refresh}}


def _enrol(case: str, caller: User | None, things: Things) -> dict[str, Any]:
    token = certificates.issue_token(None, things.names["city"], things.names["node"]).token
    return {"token": token, "csr_pem": new_csr()[0], "present": ""}


def _new_user(case: str, caller: User | None, things: Things) -> dict[str, Any]:
    if case == "gestor":
        # There is room for one: the present one has gone.
        User.objects.filter(role="gestor", city__code=things.names["city"]).exclude(
            pk=caller.pk if caller else None
        ).update(is_active=False)
    central = {"role": "auditor", "city": None}
    return {"central": central, "gestor": {"role": "gestor"}}.get(case, {})


def _user(case: str, caller: User | None, things: Things) -> dict[str, Any]:
    if case == "role":
        return {"role": "gestor"}
    person = things.people[case or "visualizador"]
    return {"names": {"user_id": str(person.pk)}, "role": person.role}


def _subject_request(case: str, caller: User | None, things: Things) -> dict[str, Any]:
    return {"kind": "access"}


def _document(case: str, caller: User | None, things: Things) -> dict[str, Any]:
    return {"kind": "privacy", "text": "# Política de privacidade\n\nO que é guardado, e por quê."}


def _link(case: str, caller: User | None, things: Things) -> dict[str, Any]:
    link = password_links.make(things.people["gestor"], things.people["visualizador"])
    return {"token": link.url.partition("#")[2]}


def _order(case: str, caller: User | None, things: Things) -> dict[str, Any]:
    return {"action": "run-doctor"} if case == "technician" else {}


def _rollout(case: str, caller: User | None, things: Things) -> dict[str, Any]:
    return {"action": "pause"}


def _spreadsheet(case: str, caller: User | None, things: Things) -> dict[str, Any]:
    return {"bytes": csv_rows.template().encode()}


#: What an operation needs besides, or instead.
SPECIAL = {
    "login": _login,
    "refreshLogin": _refresh,
    "logout": _refresh,
    "enrol": _enrol,
    "addUser": _new_user,
    "changeUser": _user,
    "makePasswordLink": _user,
    "unlockUser": _user,
    "setPasswordByLink": _link,
    "publishLegalDocument": _document,
    "openPrivacyRequest": _subject_request,
    "giveNodeCommand": _order,
    "actOnRollout": _rollout,
    "importCameras": _spreadsheet,
}
