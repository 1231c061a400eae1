"""PlateRead."""

from typing import ClassVar

from django.db import models

from central_hub.scoping import CityScopedQuerySet


class PlateRead(models.Model):
    """One plate as one camera read it. (city, node, seq) makes a repeated delivery harmless."""

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey("cities.City", on_delete=models.PROTECT, related_name="plate_reads")
    node = models.ForeignKey("cities.EdgeNode", on_delete=models.PROTECT, related_name="plate_reads")
    seq = models.BigIntegerField()
    camera = models.ForeignKey("cities.Camera", on_delete=models.PROTECT, related_name="plate_reads")
    #: The box's own name of this read.
    edge_id = models.CharField(max_length=64)
    #: Upper-case letters and digits only (see domain.normalise_plate).
    plate = models.CharField(max_length=16)
    confidence = models.FloatField(null=True)
    captured_at = models.DateTimeField()
    received_at = models.DateTimeField()
    stored_at = models.DateTimeField(auto_now_add=True)
    vendor = models.CharField(max_length=32)
    direction = models.CharField(max_length=32, null=True)  # noqa: DJ001 - unknown is not empty
    lane = models.SmallIntegerField(null=True)
    speed_kmh = models.FloatField(null=True)
    vehicle_type = models.CharField(max_length=32, null=True)  # noqa: DJ001
    vehicle_color = models.CharField(max_length=32, null=True)  # noqa: DJ001
    image_sha256 = models.CharField(max_length=64, blank=True)
    image_size_bytes = models.PositiveIntegerField(null=True)
    image_requested_at = models.DateTimeField(null=True)
    image_stored_at = models.DateTimeField(null=True)

    objects = CityScopedQuerySet["PlateRead"].as_manager()

    class Meta:
        verbose_name = "leitura de placa"
        verbose_name_plural = "leituras de placas"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "node", "seq"], name="plate_read_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "-captured_at", "-id"], name="plate_read_newest"),
            models.Index(fields=["-captured_at", "-id"], name="plate_read_newest_all"),
            # text_pattern_ops: LIKE 'ABC%' can use it whatever the database's collation.
            models.Index(
                fields=["plate", "-captured_at"],
                opclasses=["text_pattern_ops", "timestamptz_ops"],
                name="plate_read_by_plate",
            ),
            models.Index(
                fields=["node", "edge_id"],
                name="plate_read_image_due",
                condition=models.Q(image_stored_at__isnull=True) & ~models.Q(image_sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plate} {self.captured_at:%Y-%m-%d %H:%M:%S}"
