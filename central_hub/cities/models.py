"""Plan, City, EdgeNode, Camera and RefusedCamera."""

import uuid
from typing import ClassVar

from django.db import models

from central_hub.cities.domain import MAX_CITY_CODE, MAX_NODE_CODE, RETENTION_CHOICES, TRANSPORTS
from central_hub.scoping import CityScopedQuerySet


class Plan(models.Model):
    """How many days of footage a prefeitura keeps."""

    name = models.CharField("nome", max_length=100, unique=True)
    retention_days = models.PositiveSmallIntegerField(
        "dias de gravação", choices=[(days, f"{days} dias") for days in RETENTION_CHOICES]
    )

    class Meta:
        verbose_name = "plano"
        ordering = ("retention_days", "name")

    def __str__(self) -> str:
        return self.name


class City(models.Model):
    """A prefeitura."""

    CITY_LOOKUP = "pk"

    code = models.CharField("código", max_length=MAX_CITY_CODE, unique=True)
    name = models.CharField("nome", max_length=200)
    timezone = models.CharField("fuso horário", max_length=64, default="America/Sao_Paulo")
    plan = models.ForeignKey(Plan, verbose_name="plano", on_delete=models.PROTECT, related_name="cities")
    #: After so long without its box a camera is given to another one; null: never (docs/adr/0051).
    failover_after_minutes = models.PositiveSmallIntegerField(
        "troca de caixa após (min)", null=True, blank=True
    )

    objects = CityScopedQuerySet["City"].as_manager()

    class Meta:
        verbose_name = "prefeitura"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class EdgeNode(models.Model):
    """A box of a prefeitura. What it is told and what it reports lies in the fleet context."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey(City, verbose_name="prefeitura", on_delete=models.PROTECT, related_name="nodes")
    code = models.CharField("código", max_length=MAX_NODE_CODE)
    #: WGS 84 degrees; null until somebody has placed it.
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)

    objects = CityScopedQuerySet["EdgeNode"].as_manager()

    class Meta:
        verbose_name = "caixa"
        ordering = ("city", "code")
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "code"], name="node_code_in_city")]

    def __str__(self) -> str:
        return self.code


class Camera(models.Model):
    """A camera. It is archived, never deleted: its plate reads and recordings outlive it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey(
        City, verbose_name="prefeitura", on_delete=models.PROTECT, related_name="cameras"
    )
    node = models.ForeignKey(
        EdgeNode,
        verbose_name="caixa",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cameras",
    )
    #: Whose it is while another box has it; null: it is where it belongs.
    home_node = models.ForeignKey(
        EdgeNode,
        verbose_name="caixa de origem",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    name = models.CharField("nome", max_length=200)
    rtsp_url = models.CharField("endereço RTSP", max_length=1000)
    sub_rtsp_url = models.CharField("endereço RTSP do vídeo menor", max_length=1000, blank=True)
    transport = models.CharField(
        "transporte RTP", max_length=4, choices=[(name, name) for name in TRANSPORTS], default="auto"
    )
    #: WGS 84 degrees; null until somebody has placed it.
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    lpr_secret_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    #: Of the secret, with the camera's id for user name: what Digest needs (protocol.plate_cameras.ha1).
    lpr_ha1_md5 = models.CharField(max_length=32, blank=True, editable=False)
    lpr_ha1_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    #: How its plates reach the box (protocol.messages.LprSource, see plate_sources.py).
    lpr_source = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField("criada em", auto_now_add=True)
    archived_at = models.DateTimeField("arquivada em", null=True, blank=True, editable=False)

    objects = CityScopedQuerySet["Camera"].as_manager()

    class Meta:
        verbose_name = "câmera"
        ordering = ("name", "id")
        indexes: ClassVar = [
            models.Index(
                fields=["city", "name"], name="camera_in_use", condition=models.Q(archived_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sub_stream(self) -> bool:
        """Has it a smaller stream?"""
        return bool(self.sub_rtsp_url)

    @property
    def lpr(self) -> bool:
        """Does it read plates?"""
        asked = ("username", "by_address", "pull")
        return bool(self.lpr_secret_sha256) or any(self.lpr_source.get(name) for name in asked)


class RefusedCamera(models.Model):
    """A camera that was added at a box and that the prefeitura did not take; the box shows the reason."""

    CITY_LOOKUP = "node__city_id"

    node = models.ForeignKey(
        EdgeNode, verbose_name="caixa", on_delete=models.CASCADE, related_name="refused_cameras"
    )
    #: As the box named it; not a key of ours.
    camera = models.UUIDField("câmera")
    name = models.CharField("nome", max_length=200, blank=True)
    reason = models.CharField("motivo", max_length=500)
    at = models.DateTimeField("em", auto_now_add=True)

    objects = CityScopedQuerySet["RefusedCamera"].as_manager()

    class Meta:
        verbose_name = "câmera recusada"
        verbose_name_plural = "câmeras recusadas"
        ordering = ("-at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "camera"], name="camera_refused_once")
        ]

    def __str__(self) -> str:
        return f"{self.camera}: {self.reason}"
