"""A hub under the load of 20 cities (`make load`), as Markdown: 100 people by Locust, 1,000 cameras' health,
10,000 plate reads an hour from each city.

Real processes on loopback: web, ingest, jobs, PostgreSQL, Redis, broker, S3; the boxes are MQTT connections
with certificates of their own. Nothing is set otherwise than in production but that no second factor is
asked for: people log in as fast as the limit of one address lets them (60 a minute), and every login is a
full Argon2 hash. What is measured begins when the last has come; of logins, all are.
"""

import json
import os
import platform
import random
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import paho.mqtt.client as paho
import typer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from paho.mqtt.enums import CallbackAPIVersion

from demo.ports import LOOPBACK, free_port
from demo.system import DemoSystem
from protocol import messages
from protocol.messages import Batch, OutboxEvent, decode, encode, encode_event
from protocol.topics import NodeAddress, Stream

CITIES, CAMERAS_PER_CITY, PEOPLE_PER_CITY = 20, 50, 5
READS_PER_CITY_AND_HOUR = 10_000
HEALTH_EVERY_S = 5.0
#: Reads that there are when it begins, spread over a day.
READS_BEFORE = 100_000
#: Locust's people a second: 48 logins a minute, of the 60 that one address may try.
COMING_PER_S = 0.8
PASSWORD = "uma senha longa de carga"  # noqa: S105 - of this benchmark's people
NODE = "caixa-01"

app = typer.Typer(add_completion=False)


class Hub(DemoSystem):
    """The demo's hub, and no box of the demo's."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, free_port(), free_port(), lambda _: None, video=False)

    def _start_edge(self) -> None:
        """The boxes of this benchmark are its own."""

    @property
    def environment(self) -> dict[str, str]:
        return self._hub_env

    @property
    def pki(self) -> Path:
        return self._pki

    @property
    def broker_port(self) -> int:
        return self._state.ports.broker


@dataclass
class City:
    code: str
    cameras: list[str]
    people: list[tuple[str, str]] = field(default_factory=list)


def furnish() -> list[City]:
    """Cities with boxes, cameras and people, and a day of reads. In a process that Django is set up in."""
    from django.contrib.auth.hashers import make_password

    from central_hub.accounts.models import User
    from central_hub.cities import services as cities
    from central_hub.cities.models import Camera
    from central_hub.kernel import Role

    made = []
    hashed = make_password(PASSWORD)
    for number in range(CITIES):
        code = f"carga-{number:02}"
        plan = cities.plan_of_days(30)
        cities.add_city(None, code=code, name=f"Carga {number}", timezone="America/Sao_Paulo", plan=plan)
        node = cities.add_node(None, code, NODE)
        cameras = Camera.objects.bulk_create(  # one by one each would make its box a new configuration
            Camera(
                city_id=node.city_id, node=node, name=f"Câmera {n}", rtsp_url=f"rtsp://10.0.{number}.{n}/s"
            )
            for n in range(CAMERAS_PER_CITY)
        )
        city = City(code, [str(camera.pk) for camera in cameras])
        people = [
            User(
                username=f"{code}-{n}",
                name=f"Pessoa {n}",
                role=Role.VISUALIZADOR if n else Role.GESTOR,
                city_id=node.city_id,
                password=hashed,
            )
            for n in range(PEOPLE_PER_CITY)
        ]
        User.objects.bulk_create(people)
        city.people = [(person.username, person.role) for person in people]
        made.append(city)
    return made


# --- boxes ---------------------------------------------------------------------------------


class Boxes:
    """One connection a city; reads and health as the boxes send them, and what the hub acknowledged of it."""

    def __init__(self, hub: Hub, cities: list[City]) -> None:
        self._hub, self._cities = hub, cities
        self._clients: dict[str, paho.Client] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._seq = dict.fromkeys((city.code for city in cities), 0)
        self._sent_mono: dict[tuple[str, int], float] = {}
        self.ack_delays_s: list[float] = []
        self.measuring = False

    @property
    def sent(self) -> int:
        return sum(self._seq.values())

    def start(self, folder: Path) -> None:
        for city in self._cities:
            self._clients[city.code] = self._connect(city, folder)
        self._fill()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        for client in self._clients.values():
            client.disconnect()
            client.loop_stop()

    def _connect(self, city: City, folder: Path) -> paho.Client:
        from central_hub.pki import Authority

        address = NodeAddress(city.code, NODE)
        key = ec.generate_private_key(ec.SECP256R1())
        csr = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
        pem = csr.public_bytes(serialization.Encoding.PEM).decode()
        issued = Authority(self._hub.pki).issue_for_node(pem, str(address))
        (folder / f"{city.code}.crt").write_text(issued.certificate_pem)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / f"{city.code}.key").write_bytes(private)
        client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        client.tls_set(
            ca_certs=str(self._hub.pki / "ca.crt"),
            certfile=str(folder / f"{city.code}.crt"),
            keyfile=str(folder / f"{city.code}.key"),
            cert_reqs=ssl.CERT_REQUIRED,
        )
        client.on_message = lambda *event: self._acknowledged(city.code, event[2])
        client.connect(LOOPBACK, self._hub.broker_port)
        client.loop_start()
        client.subscribe(address.topic(Stream.ACK), qos=1)
        status = messages.NodeStatus(True, datetime.now(UTC))
        client.publish(address.topic(Stream.STATUS), encode(status), qos=1, retain=True)
        return client

    def _fill(self) -> None:
        """A day of reads, and of footage of every camera, before anybody looks."""
        since = datetime.now(UTC) - timedelta(days=1)
        each = READS_BEFORE // len(self._cities)
        for city in self._cities:
            instants = [since + timedelta(days=1) * (n / each) for n in range(each)]
            for first in range(0, each, 500):
                self._publish_reads(city, instants[first : first + 500])
            spans = [
                messages.CoverageSpan(
                    camera, since + timedelta(hours=hour), since + timedelta(hours=hour + 1), 1
                )
                for camera in city.cameras
                for hour in range(24)
            ]
            events = [OutboxEvent(n, _raw(span)) for n, span in enumerate(spans, 1)]
            for first in range(0, len(events), 600):
                batch = Batch(events[first : first + 600])
                self._clients[city.code].publish(
                    NodeAddress(city.code, NODE).topic(Stream.COVERAGE), encode(batch), qos=1
                )

    def _run(self) -> None:
        """Every second what that second brought."""
        due = dict.fromkeys(self._seq, 0.0)
        health_due = 0.0
        while not self._stopping.wait(1.0):
            for city in self._cities:
                due[city.code] += READS_PER_CITY_AND_HOUR / 3600
                count, due[city.code] = int(due[city.code]), due[city.code] % 1
                if count:
                    self._publish_reads(city, [datetime.now(UTC)] * count)
            health_due += 1.0
            if health_due >= HEALTH_EVERY_S:
                health_due = 0.0
                for city in self._cities:
                    self._publish_health(city)

    def _publish_reads(self, city: City, instants: list[datetime]) -> None:
        events = []
        for at in instants:
            self._seq[city.code] += 1
            read = messages.PlateRead(
                id=uuid.uuid4().hex,
                camera=random.choice(city.cameras),  # noqa: S311
                plate=_plate(),
                captured_at=at,
                received_at=at,
                vendor="hikvision",
                confidence=0.9,
            )
            events.append(OutboxEvent(self._seq[city.code], _raw(read)))
        if self.measuring:
            self._sent_mono[city.code, self._seq[city.code]] = time.monotonic()
        topic = NodeAddress(city.code, NODE).topic(Stream.LPR)
        self._clients[city.code].publish(topic, encode(Batch(events)), qos=1)

    def _publish_health(self, city: City) -> None:
        now = datetime.now(UTC)
        health = messages.Health(
            at=now,
            agent_version="load",
            disk_free_bytes=10**12,
            disk_total_bytes=2 * 10**12,
            outbox_depth=0,
            desired_revision=1,
            cameras=[
                messages.CameraHealth(camera, "online", 25.0, 2_000_000, now) for camera in city.cameras
            ],
        )
        self._clients[city.code].publish(
            NodeAddress(city.code, NODE).topic(Stream.HEALTH), encode(health), qos=1
        )

    def _acknowledged(self, code: str, message: Any) -> None:
        ack = decode(bytes(message.payload), messages.Ack)
        if ack.stream == Stream.LPR and ack.ranges:
            sent = self._sent_mono.pop((code, ack.ranges[-1][1]), None)
            if sent is not None:
                self.ack_delays_s.append(time.monotonic() - sent)


def _raw(event: Any) -> Any:
    import msgspec

    return msgspec.Raw(encode_event(event))


def _plate() -> str:
    letters = "ABCDEFGHIJ"
    pick = lambda many, of: "".join(random.choices(of, k=many))  # noqa: E731, S311
    return f"{pick(3, letters)}{pick(1, '0123456789')}{pick(1, letters)}{pick(2, '0123456789')}"


# --- the run ----------------------------------------------------------------------------------


@app.command()
def main(
    minutes: Annotated[float, typer.Option(min=0.5, max=30, help="Measured, after everybody has come")] = 4,
    people: Annotated[int, typer.Option(min=1, max=CITIES * PEOPLE_PER_CITY)] = CITIES * PEOPLE_PER_CITY,
) -> None:
    """The table."""
    with tempfile.TemporaryDirectory(prefix="hub-load-") as folder, Hub(Path(folder) / "hub") as hub:
        os.environ.update(hub.environment)
        os.environ["DJANGO_SETTINGS_MODULE"] = "central_hub.settings"
        import django

        django.setup()
        cities = furnish()
        boxes = Boxes(hub, cities)
        boxes.start(Path(folder))
        try:
            _until_stored(boxes)
            boxes.measuring = True
            before = os.getloadavg()
            rows = _locust(hub, cities, people, minutes, Path(folder))
            after = os.getloadavg()
        finally:
            boxes.stop()
        stored = _until_stored(boxes)
        hub.check()
        _print(rows, boxes, stored, before, after, people)


def _stored() -> int:
    from central_hub.lpr.models import PlateRead

    return PlateRead.objects.count()


def _until_stored(boxes: Boxes, within_s: float = 180.0) -> int:
    deadline = time.monotonic() + within_s
    while (stored := _stored()) < boxes.sent and time.monotonic() < deadline:
        time.sleep(0.5)
    return stored


def _locust(hub: Hub, cities: list[City], people: int, minutes: float, folder: Path) -> list[dict[str, Any]]:
    known = [
        {"username": username, "role": role, "cameras": city.cameras}
        for number in range(PEOPLE_PER_CITY)
        for city in cities
        for username, role in [city.people[number]]
    ]
    file = folder / "people.json"
    file.write_text(json.dumps({"password": PASSWORD, "people": known}))
    run_s = int(people / COMING_PER_S + minutes * 60)
    command = [
        str(Path(sys.executable).parent / "locust"),
        *("-f", "bench/hub_users.py", "--headless", "--host", f"http://{LOOPBACK}:{hub.hub_port}"),
        *("-u", str(people), "-r", str(COMING_PER_S), "-t", f"{run_s}s", "--json"),
        *("--skip-log-setup", "--stop-timeout", "10"),
    ]
    environment = {**os.environ, "GTV_LOAD_PEOPLE": str(file)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):  # 1: some requests failed, which the table says
        raise SystemExit(done.stderr[-2000:])
    return list(json.loads(done.stdout[done.stdout.index("[") :]))


def _print(
    rows: list[dict[str, Any]],
    boxes: Boxes,
    stored: int,
    before: tuple[float, ...],
    after: tuple[float, ...],
    people: int,
) -> None:
    print(
        f"{people} people, {CITIES} cities, {CITIES * CAMERAS_PER_CITY} cameras, "
        f"{CITIES * READS_PER_CITY_AND_HOUR} reads an hour. "
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, Django {version('django')}, Locust {version('locust')}. "
        f"Load average before {before[0]:.1f}, after {after[0]:.1f}.\n"
    )
    print("| journey | requests | errors | p50 | p95 | p99 | max |")
    print("|---|---|---|---|---|---|---|")
    total: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: row["name"]):
        times = {int(float(ms)): count for ms, count in row["response_times"].items()}
        for ms, count in times.items():
            total[ms] = total.get(ms, 0) + count
        _row(row["name"], times, row["num_failures"])
    _row("all", total, sum(row["num_failures"] for row in rows))
    delays = {int(delay * 1000): 0 for delay in boxes.ack_delays_s}
    for delay in boxes.ack_delays_s:
        delays[int(delay * 1000)] += 1
    _row("reads, from the box to the acknowledgement (batches)", delays, 0)
    print(f"\n{boxes.sent} reads sent, {stored} stored.")


def _row(name: str, times_ms: dict[int, int], errors: int) -> None:
    shares = " | ".join(f"{_percentile(times_ms, share)} ms" for share in (0.5, 0.95, 0.99, 1.0))
    print(f"| {name} | {sum(times_ms.values())} | {errors} | {shares} |")


def _percentile(times_ms: dict[int, int], share: float) -> int:
    left = sum(times_ms.values()) * share
    for ms in sorted(times_ms):
        left -= times_ms[ms]
        if left <= 0:
            return ms
    return max(times_ms, default=0)


if __name__ == "__main__":
    app()
