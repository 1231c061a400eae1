"""The engines that integration tests share: one set for each xdist worker, started at first need.

Django learns its database only then: settings are loaded with the development
values, and `django_db_modify_db_settings` puts the ephemeral PostgreSQL in.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
import pytest

from demo.engines import Mosquitto, ObjectStore, Postgres, Redis, free_port

os.environ["GTV_DEBUG"] = "1"  # well-known secrets; every address below is replaced
os.environ["GTV_REDIS_URL"] = "redis://127.0.0.1:1/0"  # jobs that a test starts go nowhere
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "central_hub.settings")
django.setup()

ACCESS_KEY = "integration-access"
SECRET_KEY = "integration-secret-key"
BUCKET = "gtv"


@dataclass(frozen=True)
class Broker:
    """The hub's broker with mutual TLS, and the folder of its certificates."""

    engine: Mosquitto
    port: int
    hub_port: int
    pki: Path


@pytest.fixture(scope="session")
def engine_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engines")


@pytest.fixture(scope="session")
def postgres(engine_dir: Path) -> Iterator[Postgres]:
    with Postgres(engine_dir / "postgres", fast=True) as engine:
        yield engine


@pytest.fixture(scope="session")
def redis_server(engine_dir: Path) -> Iterator[Redis]:
    with Redis(engine_dir / "redis") as engine:
        yield engine


@pytest.fixture(scope="session")
def object_store(engine_dir: Path) -> Iterator[ObjectStore]:
    with ObjectStore(engine_dir / "objects", ACCESS_KEY, SECRET_KEY, buckets=[BUCKET]) as engine:
        yield engine


@pytest.fixture(scope="session")
def broker(engine_dir: Path) -> Iterator[Broker]:
    from central_hub.broker import mosquitto_acl, mosquitto_config
    from central_hub.pki import Authority

    pki = engine_dir / "pki"
    Authority(pki).ensure("127.0.0.1")
    (pki / "mosquitto.acl").write_text(mosquitto_acl())
    port, hub_port = free_port(), free_port()
    config = mosquitto_config(
        bind="127.0.0.1", port=port, hub_bind="127.0.0.1", hub_port=hub_port, pki_dir=pki
    )
    with Mosquitto(engine_dir / "broker", config, port) as engine:
        yield Broker(engine, port, hub_port, pki)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, postgres: Postgres
) -> None:
    """Point Django's one connection at the ephemeral server; called before the test database is made."""
    from django.db import connections

    from central_hub.settings import database

    for key, value in database(postgres.url).items():
        connections["default"].settings_dict[key] = value
