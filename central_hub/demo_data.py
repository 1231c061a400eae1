"""The demonstration prefeitura: `gtv hub seed-demo` makes it, again and again with the same result."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from central_hub.accounts import services as accounts
from central_hub.cities import services as cities
from central_hub.cities.domain import NO_SECRET, LprSecret
from central_hub.kernel import Role

CITY_CODE = "sao-bento-do-vale"
CITY_NAME = "São Bento do Vale"
TIMEZONE = "America/Sao_Paulo"
NODE_CODE = "caixa-01"

#: User name, name shown, role.
PEOPLE = (
    ("admin", "Administração Central", Role.ADMIN),
    ("gestor", "Gestora de São Bento", Role.GESTOR),
    ("visualizador", "Vigilante de plantão", Role.VISUALIZADOR),
)


class DemoCamera(Struct):
    name: str
    rtsp_url: str
    sub_rtsp_url: str = ""
    lpr_secret: str = ""
    latitude: float | None = None
    longitude: float | None = None


class DemoRequest(Struct):
    """What `seed-demo` reads from standard input, as JSON."""

    password: Annotated[str, Meta(min_length=1)]
    cameras: list[DemoCamera]


def read_request(text: bytes) -> DemoRequest:
    return msgspec.json.decode(text, type=DemoRequest)


def seed(request: DemoRequest) -> dict[str, object]:
    """Make or bring up to date; the answer names every camera with its id."""
    cities.ensure_plans()
    if cities.city_by_code(CITY_CODE) is None:
        plan = cities.plan_of_days(7)
        cities.add_city(None, code=CITY_CODE, name=CITY_NAME, timezone=TIMEZONE, plan=plan)
    if cities.node_at(CITY_CODE, NODE_CODE) is None:
        cities.add_node(None, CITY_CODE, NODE_CODE)
    for username, name, role in PEOPLE:
        _seed_user(username, name, role, request.password)
    cameras = [_seed_camera(camera) for camera in request.cameras]
    return {
        "city": CITY_CODE,
        "node": NODE_CODE,
        "users": [username for username, _, _ in PEOPLE],
        "cameras": cameras,
    }


def _seed_user(username: str, name: str, role: Role, password: str) -> None:
    if accounts.exists(username):
        accounts.set_password(username, password)
        return
    city_code = None if role == Role.ADMIN else CITY_CODE
    accounts.add_user(None, username=username, password=password, name=name, role=role, city_code=city_code)


def _seed_camera(wanted: DemoCamera) -> dict[str, str]:
    camera = cities.camera_named(CITY_CODE, wanted.name)
    if camera is None:
        camera = cities.add_camera(
            None,
            city_code=CITY_CODE,
            name=wanted.name,
            rtsp_url=wanted.rtsp_url,
            sub_rtsp_url=wanted.sub_rtsp_url,
            node_code=NODE_CODE,
            latitude=wanted.latitude,
            longitude=wanted.longitude,
        )
    changes: dict[str, Any] = {
        "rtsp_url": wanted.rtsp_url,
        "sub_rtsp_url": wanted.sub_rtsp_url,
        **(LprSecret(wanted.lpr_secret).columns(camera.pk) if wanted.lpr_secret else NO_SECRET),
        "latitude": wanted.latitude,
        "longitude": wanted.longitude,
    }
    if any(getattr(camera, field) != value for field, value in changes.items()):
        cities.change_camera(None, camera, **changes)
    return {"id": str(camera.pk), "name": camera.name}
