"""`gtv hub …`: the hub's processes and the operator's commands.

Django and the rest are imported inside the commands, so that `gtv --help` is quick.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from central_hub.monitoring import Ailment

app = typer.Typer(help="The central hub: its processes and the operator's commands.", no_args_is_help=True)
audit_app = typer.Typer(help="The audit trail.", no_args_is_help=True)
app.add_typer(audit_app, name="audit")

#: A person looks at one recording before opening the next: a new connection would cost a round trip, or
#: two with TLS. As long as nginx's keepalive_timeout; a load balancer in front must close before this.
KEEP_ALIVE_S = 75

Host = Annotated[str, typer.Option(help="Address to listen on")]
Port = Annotated[int, typer.Option(help="Port to listen on")]
Proxies = Annotated[
    str,
    typer.Option(
        envvar="GTV_TRUSTED_PROXIES",
        help="Addresses or networks of the reverse proxies, whose word on the client's address counts",
    ),
]

MetricsPort = Annotated[
    int, typer.Option(envvar="GTV_METRICS_PORT", help="Port of /metrics and /healthz for operators; 0: none")
]
MetricsHost = Annotated[str, typer.Option(envvar="GTV_METRICS_HOST", help="Address it listens on")]


@app.callback()
def read_secret_files() -> None:
    from central_hub import secret_files

    try:
        secret_files.read_into()
    except secret_files.SecretUnreadable as error:
        _fail(str(error))


def _set_up() -> None:
    """Make Django ready to use in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "central_hub.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    from central_hub import logs

    logs.configure()
    try:
        django.setup()
    except ImproperlyConfigured as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    typer.echo(f"gtv hub: {message}", err=True)
    raise typer.Exit(1)


def _serve_metrics(port: int, host: str, ailment: "Ailment | None" = None) -> None:
    from central_hub import monitoring

    try:
        monitoring.serve(port, host, ailment or (lambda: None))
    except OSError as error:
        _fail(f"port {port} of {host} cannot be used for metrics: {error.strerror}")


# --- processes ------------------------------------------------------------------


@app.command()
def web(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    trusted_proxies: Proxies = "127.0.0.1",
    metrics_port: MetricsPort = 0,
    metrics_host: MetricsHost = "127.0.0.1",
) -> None:
    """Serve the REST API, the admin and the web app."""
    _set_up()
    _serve_metrics(metrics_port, metrics_host)
    import uvicorn

    # lifespan off: Django has none. The access log would hold plates (they are in search addresses).
    uvicorn.run(
        "central_hub.asgi:application",
        http="h11",  # which bounds what a head may hold; httptools, where a box's is installed, does not
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        lifespan="off",
        forwarded_allow_ips=trusted_proxies,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=5,
    )


@app.command()
def relay(
    host: Host = "127.0.0.1",
    port: Port = 8100,
    metrics_port: MetricsPort = 0,
    metrics_host: MetricsHost = "127.0.0.1",
) -> None:
    """Relay recordings from the boxes to the viewers."""
    import uvicorn

    from central_hub import logs
    from protocol.uplink import MAX_FRAME_BYTES

    logs.configure()
    for name in ("GTV_RELAY_SECRET", "GTV_REDIS_URL", "GTV_PUBLIC_URL"):
        if not os.environ.get(name):
            _fail(f"{name} is not set")
    _serve_metrics(metrics_port, metrics_host)
    uvicorn.run(
        "central_hub.relay.app:create_app",
        factory=True,
        http="h11",
        ws_max_size=MAX_FRAME_BYTES,
        host=host,
        port=port,
        access_log=False,  # its addresses hold the viewers' tokens
        log_config=None,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=5,
    )


@app.command()
def ingest(metrics_port: MetricsPort = 0, metrics_host: MetricsHost = "127.0.0.1") -> None:
    """Store what the boxes publish."""
    _set_up()
    from central_hub.ingest.process import main

    main(lambda ailment: _serve_metrics(metrics_port, metrics_host, ailment))


@app.command("broker-guard")
def broker_guard() -> None:
    """Keep revoked boxes out of the broker. Run it where the broker runs, as who may signal it."""
    _set_up()
    from central_hub.fleet.revocation import main

    main()


@app.command()
def worker(metrics_port: MetricsPort = 0, metrics_host: MetricsHost = "127.0.0.1") -> None:
    """Run background jobs."""
    _set_up()
    from central_hub import job_figures
    from central_hub.celery import app as celery

    _serve_metrics(metrics_port, metrics_host, job_figures.watch_jobs().ailment)

    # Threads: the jobs wait for the network, and threads share the process' database connections.
    celery.worker_main(
        [
            "worker",
            "--pool=threads",
            "--concurrency=4",
            "--loglevel=INFO",
            "--without-gossip",
            "--without-mingle",
        ]
    )


@app.command()
def beat(metrics_port: MetricsPort = 0, metrics_host: MetricsHost = "127.0.0.1") -> None:
    """Start background jobs when they are due, and tell the metrics of the whole hub. Run one of it."""
    _set_up()
    from celery.beat import Scheduler, Service

    from central_hub import job_figures, site_figures
    from central_hub.celery import app as celery

    if metrics_port:
        site_figures.register()
    _serve_metrics(metrics_port, metrics_host, job_figures.watch_turns().ailment)

    # Not celery's own command: a SIGTERM that comes while it starts makes it fail.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    celery.loader.init_worker()
    celery.finalize()
    # The plain scheduler keeps no file: every job here may run once more after a restart.
    Service(celery, scheduler_cls=Scheduler).start()


# --- operator ---------------------------------------------------------------------


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    _set_up()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=1, stdout=sys.stderr)


@app.command("init-bucket")
def init_bucket() -> None:
    """Make the bucket of images and clips; what is there stays."""
    _set_up()
    from minio.error import S3Error
    from urllib3.exceptions import HTTPError

    from central_hub import objects

    try:
        objects.ensure_bucket()
    except (S3Error, HTTPError) as error:
        _fail(f"the object store refuses: {error}")


@app.command("init-pki")
def init_pki(
    folder: Annotated[Path, typer.Argument(help="Where the CA's, hub's and broker's keys lie")],
    broker_host: Annotated[str, typer.Option(help="Name or address under which boxes reach the broker")],
    broker_port: Annotated[int, typer.Option(help="Port of the broker")] = 8883,
    broker_bind: Annotated[str, typer.Option(help="Address the broker listens on for boxes")] = "127.0.0.1",
    hub_port: Annotated[int, typer.Option(help="Port of the broker for the hub's services")] = 8884,
    hub_bind: Annotated[
        str, typer.Option(help="Address it listens on for them; never one of the internet")
    ] = "127.0.0.1",
) -> None:
    """Make the certificate authority and what the broker needs; what is there stays."""
    from central_hub.broker import mosquitto_acl, mosquitto_config
    from central_hub.pki import Authority

    authority = Authority(folder)
    authority.ensure(broker_host)
    (folder / "mosquitto.acl").write_text(mosquitto_acl())
    config = mosquitto_config(
        bind=broker_bind, port=broker_port, hub_bind=hub_bind, hub_port=hub_port, pki_dir=folder
    )
    (folder / "mosquitto.conf").write_text(config)
    typer.echo(f"{folder}: certificates, mosquitto.conf and mosquitto.acl are ready", err=True)
    typer.echo(f"CA SHA-256 {authority.sha256}")  # for who verifies clips: it never changes


@app.command("enrolment-token")
def enrolment_token(
    city: Annotated[str, typer.Argument(help="Code of the prefeitura")],
    node: Annotated[str, typer.Argument(help="Code of the box")],
) -> None:
    """Print a one-time token with which a box gets its certificate."""
    _set_up()
    from central_hub.fleet.certificates import issue_token
    from central_hub.kernel import HubError

    try:
        typer.echo(issue_token(None, city, node).token)
    except HubError as error:
        _fail(error.detail)


@app.command("revoke-node")
def revoke_node(
    city: Annotated[str, typer.Argument(help="Code of the prefeitura")],
    node: Annotated[str, typer.Argument(help="Code of the box")],
    reason: Annotated[str, typer.Option(help="Why, for the audit trail")],
) -> None:
    """Take a stolen or discarded box's certificates away; it is refused within seconds."""
    _set_up()
    from central_hub.fleet.certificates import revoke
    from central_hub.kernel import HubError

    try:
        revoke(None, city, node, reason)
    except HubError as error:
        _fail(error.detail)


@app.command("add-release")
def add_release(
    wheels: Annotated[Path, typer.Argument(help="Folder with the wheels of a release and all it needs")],
    notes: Annotated[str, typer.Option(help="What is new, for those who start its rollout")] = "",
) -> None:
    """Sign a version of the boxes' software and store it; an admin starts its rollout."""
    _set_up()
    from minio.error import S3Error

    from central_hub.fleet.releases import register
    from central_hub.kernel import HubError

    try:
        release = register(wheels, notes)
    except HubError as error:
        _fail(error.detail)
    except (S3Error, OSError) as error:
        _fail(f"the release could not be stored: {error}")
    typer.echo(f"{release.version} {release.sha256} {release.size_bytes} bytes")


@app.command("seed-demo", hidden=True)
def seed_demo() -> None:
    """Make the demonstration prefeitura from JSON on standard input: {password, cameras: [...]}."""
    _set_up()
    import msgspec

    from central_hub import demo_data, objects

    try:
        request = demo_data.read_request(sys.stdin.buffer.read())
    except msgspec.DecodeError as error:
        _fail(f"seed-demo: {error}")
    objects.ensure_bucket()
    typer.echo(json.dumps(demo_data.seed(request), ensure_ascii=False))


@audit_app.command("verify")
def audit_verify(
    head: Annotated[
        str, typer.Option(help="A hash noted earlier (`gtv hub audit head`): it must still be in the chain")
    ] = "",
) -> None:
    """Check the trail's hash chain; exit 1 when an entry was tampered with or entries were cut off."""
    _set_up()
    from central_hub.audit import services

    broken = services.verify()
    if broken is not None:
        _fail(f"the audit trail is broken at entry {broken}")
    if head and not services.holds(head):
        _fail("the hash noted earlier is not in the audit trail: entries were cut off or replaced")
    typer.echo("the audit trail is whole")


@audit_app.command("head")
def audit_head() -> None:
    """Print the newest entry's number and hash, to be noted where nobody of the hub can change it."""
    _set_up()
    from central_hub.audit import services

    number, digest = services.head()
    typer.echo(f"{number} {digest}")


@app.command()
def openapi() -> None:
    """Print the REST API's OpenAPI document."""
    os.environ.setdefault("GTV_DEBUG", "1")  # the document does not depend on the installation's secrets
    _set_up()
    from django.core.management import call_command

    call_command("spectacular", format="openapi-json", validate=True, fail_on_warn=True)
