"""What a camera gives and to whom: its state and coverage, sessions, lines of boxes, mosaics, clips."""

import uuid
from typing import ClassVar

from django.db import models

from central_hub.scoping import CityScopedQuerySet


class CameraStream(models.Model):
    """The newest state that a box reported of a camera."""

    CITY_LOOKUP = "camera__city_id"

    camera = models.OneToOneField(
        "cities.Camera", primary_key=True, on_delete=models.CASCADE, related_name="stream"
    )
    state = models.CharField(max_length=16)
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    last_seen_at = models.DateTimeField(null=True)
    #: What its recorder measures, in the names and units of protocol.messages.CameraHealth; empty: not known.
    measured = models.JSONField(default=dict)
    #: How its plates reach the box (protocol.messages.PlateFeed); empty: it reads none, or that is not known.
    plates = models.JSONField(default=dict)

    objects = CityScopedQuerySet["CameraStream"].as_manager()

    class Meta:
        verbose_name = "estado da câmera"
        verbose_name_plural = "estados das câmeras"

    def __str__(self) -> str:
        return f"{self.camera_id} {self.state}"


class Coverage(models.Model):
    """A span of footage that a box holds. Spans of one camera at one box neither overlap nor touch; two boxes
    may both have recorded it (docs/adr/0051)."""

    city = models.ForeignKey("cities.City", on_delete=models.PROTECT, related_name="coverage")
    camera = models.ForeignKey("cities.Camera", on_delete=models.CASCADE, related_name="coverage")
    #: Null: from before this was noted, of a camera that had no box any more.
    node = models.ForeignKey("cities.EdgeNode", null=True, on_delete=models.CASCADE, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()

    objects = CityScopedQuerySet["Coverage"].as_manager()

    class Meta:
        verbose_name = "trecho gravado"
        verbose_name_plural = "trechos gravados"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["camera", "node", "start"], name="coverage_start"),
            models.CheckConstraint(name="coverage_ordered", condition=models.Q(start__lt=models.F("end"))),
        ]
        indexes: ClassVar = [models.Index(fields=["camera", "end"], name="coverage_by_end")]

    def __str__(self) -> str:
        return f"{self.camera_id} {self.start:%Y-%m-%d %H:%M:%S} - {self.end:%H:%M:%S}"


class UnsettledCoverage(models.Model):
    """A change of coverage that an earlier one may still come before; see `services.settle_coverage`."""

    CITY_LOOKUP = "camera__city_id"

    node = models.ForeignKey("cities.EdgeNode", on_delete=models.CASCADE, related_name="+")
    seq = models.BigIntegerField()
    camera = models.ForeignKey("cities.Camera", on_delete=models.CASCADE, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()
    purged = models.BooleanField()

    objects = CityScopedQuerySet["UnsettledCoverage"].as_manager()

    class Meta:
        verbose_name = "alteração de trecho gravado"
        verbose_name_plural = "alterações de trechos gravados"
        constraints: ClassVar = [models.UniqueConstraint(fields=["node", "seq"], name="coverage_change_once")]
        indexes: ClassVar = [models.Index(fields=["camera", "seq"], name="coverage_change_of_camera")]

    def __str__(self) -> str:
        return f"{self.camera_id} {self.seq}"


class RelaySession(models.Model):
    """Permission for one person to play one camera's footage of one period, for a while."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey("cities.City", on_delete=models.PROTECT, related_name="relay_sessions")
    camera = models.ForeignKey("cities.Camera", on_delete=models.PROTECT, related_name="relay_sessions")
    requester = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="relay_sessions")
    start = models.DateTimeField()
    end = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    #: The command that told the box to dial, and why the box refused, if it did.
    command_id = models.UUIDField(null=True, unique=True)
    refusal = models.CharField(max_length=500, blank=True)

    objects = CityScopedQuerySet["RelaySession"].as_manager()

    class Meta:
        verbose_name = "sessão de reprodução"
        verbose_name_plural = "sessões de reprodução"
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"], name="relay_session_open", condition=models.Q(closed_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class LiveSession(models.Model):
    """Permission for one person to watch one camera live, for a while. All who do share the box's uplink."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey("cities.City", on_delete=models.PROTECT, related_name="live_sessions")
    camera = models.ForeignKey("cities.Camera", on_delete=models.PROTECT, related_name="live_sessions")
    node = models.ForeignKey("cities.EdgeNode", on_delete=models.CASCADE, related_name="+")
    requester = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="live_sessions")
    #: The best that may be watched: `main` includes `sub`.
    quality = models.CharField(max_length=4, choices=[("main", "inteira"), ("sub", "menor")])
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    #: The command that told the box to dial, if this session had it sent, and why the box refused.
    command_id = models.UUIDField(null=True, unique=True)
    refusal = models.CharField(max_length=500, blank=True)

    objects = CityScopedQuerySet["LiveSession"].as_manager()

    class Meta:
        verbose_name = "sessão ao vivo"
        verbose_name_plural = "sessões ao vivo"
        indexes: ClassVar = [
            models.Index(
                fields=["node"], name="live_session_open", condition=models.Q(closed_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class BoxLine(models.Model):
    """How much of a box's line to the hub video may take, where somebody has set it."""

    CITY_LOOKUP = "node__city_id"

    node = models.OneToOneField(
        "cities.EdgeNode", primary_key=True, on_delete=models.CASCADE, related_name="line"
    )
    limit_kbps = models.PositiveIntegerField()

    objects = CityScopedQuerySet["BoxLine"].as_manager()

    class Meta:
        verbose_name = "conexão da caixa"
        verbose_name_plural = "conexões das caixas"

    def __str__(self) -> str:
        return f"{self.node_id}: {self.limit_kbps} kbit/s"


class Mosaic(models.Model):
    """Cameras of one city on one screen; its owner's, or everybody's who sees the city."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey("cities.City", on_delete=models.PROTECT, related_name="mosaics")
    owner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="mosaics")
    name = models.CharField(max_length=100)
    layout = models.CharField(max_length=3)
    shared = models.BooleanField(default=False)
    #: Also when only its cameras changed, so that its etag does too.
    changed_at = models.DateTimeField(auto_now=True)

    objects = CityScopedQuerySet["Mosaic"].as_manager()

    class Meta:
        verbose_name = "mosaico"

    def __str__(self) -> str:
        return self.name


class MosaicCamera(models.Model):
    """Which camera is where in a mosaic."""

    CITY_LOOKUP = "mosaic__city_id"

    mosaic = models.ForeignKey(Mosaic, on_delete=models.CASCADE, related_name="places")
    place = models.PositiveSmallIntegerField()
    camera = models.ForeignKey("cities.Camera", on_delete=models.CASCADE, related_name="+")

    objects = CityScopedQuerySet["MosaicCamera"].as_manager()

    class Meta:
        verbose_name = "câmera do mosaico"
        verbose_name_plural = "câmeras do mosaico"
        ordering = ("place",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mosaic", "place"], name="mosaic_place"),
            models.UniqueConstraint(fields=["mosaic", "camera"], name="mosaic_camera_once"),
        ]

    def __str__(self) -> str:
        return f"{self.mosaic_id} {self.place}"


class Clip(models.Model):
    """A stretch of a camera that its box cuts, signs and puts into the object store; see `clips`."""

    class State(models.TextChoices):
        ORDERED = "ordered", "pedido à caixa"
        MADE = "made", "pronto na caixa"
        SENT = "sent", "recebido"
        DONE = "done", "disponível"
        FAILED = "failed", "falhou"

    #: The box names its file by it.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey("cities.City", on_delete=models.PROTECT, related_name="clips")
    camera = models.ForeignKey("cities.Camera", on_delete=models.PROTECT, related_name="clips")
    requester = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="clips")
    start = models.DateTimeField()
    end = models.DateTimeField()
    reason = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=8, choices=State, default=State.ORDERED)
    error = models.CharField(max_length=500, blank=True)
    #: The command that waits for its reply, and when it was sent.
    command_id = models.UUIDField(null=True, unique=True)
    asked_at = models.DateTimeField(null=True)
    #: As the box finished it.
    size_bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    manifest = models.TextField(blank=True)
    #: The multipart upload, and the ETags of its parts so far, in order.
    upload = models.CharField(max_length=1024, blank=True)
    etags = models.JSONField(default=list)

    objects = CityScopedQuerySet["Clip"].as_manager()

    class Meta:
        verbose_name = "recorte"
        ordering = ("-created_at", "-pk")
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at"],
                name="clip_unfinished",
                condition=models.Q(state__in=("ordered", "made", "sent")),
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
