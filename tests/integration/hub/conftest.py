"""A hub on real engines, with two prefeituras, and a box to talk to it with."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from rest_framework.test import APIClient

from central_hub import mqtt
from central_hub.accounts import services as accounts
from central_hub.accounts import sessions
from central_hub.accounts.models import User
from central_hub.cities import services as cities
from central_hub.cities.models import Camera, City, EdgeNode
from central_hub.ingest.process import Ingest
from central_hub.kernel import Role
from demo.engines import ObjectStore, Redis, free_port
from tests.integration.conftest import ACCESS_KEY, BUCKET, SECRET_KEY, Broker
from tests.integration.hub.box import Box, eventually


class CheapArgon2(Argon2PasswordHasher):
    """The product's hash with the least cost: tests make hundreds of users."""

    time_cost, memory_cost, parallelism = 1, 8, 1


PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def surroundings(
    settings: SimpleNamespace, broker: Broker, redis_server: Redis, object_store: ObjectStore
) -> Iterator[None]:
    """Every hub test runs in this installation."""
    settings.GTV_MQTT_HOST = settings.GTV_BROKER_PUBLIC_HOST = "127.0.0.1"
    settings.GTV_MQTT_PORT = broker.hub_port
    settings.GTV_BROKER_PUBLIC_PORT = broker.port
    settings.GTV_PKI_DIR = broker.pki
    settings.GTV_S3_ENDPOINT = object_store.endpoint
    settings.GTV_S3_ACCESS_KEY = ACCESS_KEY
    settings.GTV_S3_SECRET_KEY = SECRET_KEY
    settings.GTV_S3_BUCKET = BUCKET
    settings.PASSWORD_HASHERS = ["tests.integration.hub.conftest.CheapArgon2"]
    settings.GTV_REDIS_URL = redis_server.url
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_server.url}
    }
    cache.clear()
    yield
    mqtt.publisher().close()
    mqtt.publisher.cache_clear()


class World:
    """Two prefeituras that must never meet, each with a box, a camera, a gestor and a visualizador."""

    def __init__(self) -> None:
        cities.ensure_plans()
        self.admin = self.user("admin", Role.ADMIN, None)
        self.city, self.node, self.camera = self._city("vale-verde", "Vale Verde")
        self.gestor = self.user("gestora", Role.GESTOR, "vale-verde")
        self.viewer = self.user("vigilante", Role.VISUALIZADOR, "vale-verde")
        self.other_city, self.other_node, self.other_camera = self._city("serra-azul", "Serra Azul")
        self.other_gestor = self.user("outra-gestora", Role.GESTOR, "serra-azul")

    def user(self, username: str, role: Role, city: str | None) -> User:
        return accounts.add_user(
            None, username=username, password=PASSWORD, name=username.title(), role=role, city_code=city
        )

    def add_camera(self, city: City, node: EdgeNode, name: str) -> Camera:
        return cities.add_camera(
            None,
            city_code=city.code,
            name=name,
            rtsp_url="rtsp://user:s3cret-of-the-camera@10.0.0.9/stream",
            node_code=node.code,
            lpr_secret_sha256="ab" * 32,
        )

    def _city(self, code: str, name: str) -> tuple[City, EdgeNode, Camera]:
        plan = cities.plan_of_days(7)
        city = cities.add_city(None, code=code, name=name, timezone="America/Sao_Paulo", plan=plan)
        node = cities.add_node(None, code, "caixa-01")
        return city, node, self.add_camera(city, node, "Entrada")


@pytest.fixture
def world(transactional_db: None) -> World:
    """Committed: the hub's other threads and the boxes see it."""
    return World()


def access_token(user: User) -> str:
    """Of a new session."""
    return sessions.open_session(user, sessions.Peer()).access


Login = Callable[[User], APIClient]


@pytest.fixture
def login() -> Login:
    """A client of the API that is logged in as this user, without the cost of a password hash."""

    def as_user(user: User) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {access_token(user)}")
        return client

    return as_user


def text_of(answer: Any) -> str:
    """The body, also of an answer that is streamed."""
    if not answer.streaming:
        return bytes(answer.content).decode(errors="replace")  # a PDF, perhaps

    async def gather() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])

    return asyncio.run(gather()).decode()


@pytest.fixture
def box(world: World, broker: Broker) -> Iterator[Box]:
    """The enrolled box of the first prefeitura, connected."""
    with Box("vale-verde", "caixa-01", broker) as connected:
        yield connected


@pytest.fixture
def ingest(world: World) -> Iterator[Ingest]:
    with_threads = [Ingest()]
    thread = threading.Thread(target=with_threads[0].run)
    thread.start()
    eventually(with_threads[0].subscribed.is_set, "ingest subscribes")
    yield with_threads[0]
    with_threads[0].stop()
    thread.join(20)
    assert not thread.is_alive(), "ingest ends when it is told to"


@pytest.fixture
def web(world: World) -> Iterator[str]:
    """The hub's web process; `host:port`."""
    from central_hub.asgi import application

    port = free_port()
    server = uvicorn.Server(uvicorn.Config(application, port=port, lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    eventually(lambda: server.started, "the web process listens")
    yield f"127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)
