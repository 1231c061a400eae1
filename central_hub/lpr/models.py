"""Plate, PlateRead, PlatePolicy, LegalHold, SavedSearch, Export; watchlists and alerts."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models

from central_hub.scoping import CityScopedQuerySet

#: Comparison by bytes: an index serves `LIKE 'ABC%'` whatever the database's collation.
BY_BYTES = "C"


class Plate(models.Model):
    """A plate that a city has seen: the dictionary in which patterns are searched.

    A city has far fewer plates than reads, so a pattern is matched here, and the reads are
    found by the plates. Invariant: a read's plate is here, written in the same transaction.
    """

    pk = models.CompositePrimaryKey("city_id", "plate")
    city = models.ForeignKey(
        "cities.City", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    #: As PlateRead.plate.
    plate = models.CharField(max_length=16, db_collation=BY_BYTES)
    #: What plates that a camera may mistake for one another have in common.
    folded = models.CharField(max_length=16, db_collation=BY_BYTES)
    #: When it first passed, as far as the hub has heard: an outage ends with older reads.
    first_captured_at = models.DateTimeField()

    objects = CityScopedQuerySet["Plate"].as_manager()

    class Meta:
        verbose_name = "placa"
        indexes: ClassVar = [
            models.Index(fields=["city", "folded"], name="plate_by_folded"),
            # Plates lie about in the order in which they came: a few kilobytes lead to the newest.
            BrinIndex(
                fields=["first_captured_at"], name="plate_by_first", pages_per_range=32, autosummarize=True
            ),
        ]

    def __str__(self) -> str:
        return self.plate


class PlateRead(models.Model):
    """One plate as one camera read it. (node, seq) makes a repeated delivery harmless.

    The table is partitioned by month of `captured_at` (see partitions.py), and every unique
    key holds it: PostgreSQL's primary key is (captured_at, id, city), whose order is also that
    of the newest reads of all cities. `id` alone is unique because one sequence gives it.
    A box writes an event once, so a number always comes with the same `captured_at`.

    No foreign keys in the database: ingest has checked city, box and camera, none of which is
    ever deleted, and a check per row would lock the same few rows against one another.
    """

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(
        "cities.City", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    node = models.ForeignKey(
        "cities.EdgeNode", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    seq = models.BigIntegerField()
    camera = models.ForeignKey(
        "cities.Camera", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    #: The box's own name of this read.
    edge_id = models.CharField(max_length=64)
    #: Upper-case letters and digits only (see domain.normalise_plate).
    plate = models.CharField(max_length=16, db_collation=BY_BYTES)
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
    vehicle_make = models.CharField(max_length=32, null=True)  # noqa: DJ001
    vehicle_model = models.CharField(max_length=32, null=True)  # noqa: DJ001
    country = models.CharField(max_length=32, null=True)  # noqa: DJ001
    region = models.CharField(max_length=32, null=True)  # noqa: DJ001
    #: What the camera's clock said, where `captured_at` had to be put right.
    camera_at = models.DateTimeField(null=True)
    #: The same as the camera wrote it; alone where nobody understands it.
    camera_clock = models.CharField(max_length=40, null=True)  # noqa: DJ001
    #: `edge_id` of the first read of this passage; null in the first itself.
    repeat_of = models.CharField(max_length=64, null=True)  # noqa: DJ001
    #: Other texts that the camera thought possible: [[plate, confidence], ...].
    candidates = models.JSONField(null=True)
    image_sha256 = models.CharField(max_length=64, blank=True)
    image_size_bytes = models.PositiveIntegerField(null=True)
    image_requested_at = models.DateTimeField(null=True)
    image_stored_at = models.DateTimeField(null=True)

    objects = CityScopedQuerySet["PlateRead"].as_manager()

    class Meta:
        verbose_name = "leitura de placa"
        verbose_name_plural = "leituras de placas"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "seq", "captured_at", "city"], name="plate_read_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "captured_at", "id"], name="plate_read_by_city"),
            models.Index(fields=["plate", "captured_at", "id"], name="plate_read_by_plate"),
            models.Index(fields=["camera", "captured_at", "id"], name="plate_read_by_camera"),
            models.Index(
                fields=["node", "edge_id"],
                name="plate_read_image_due",
                condition=models.Q(image_stored_at__isnull=True) & ~models.Q(image_sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plate} {self.captured_at:%Y-%m-%d %H:%M:%S}"

    @property
    def passage(self) -> str:
        """The same for all reads of one passage."""
        return self.repeat_of or self.edge_id


class PlatePolicy(models.Model):
    """What a city decides about its plate reads; without a row, the installation's defaults."""

    city = models.OneToOneField("cities.City", on_delete=models.CASCADE, related_name="+", primary_key=True)
    retention_days = models.PositiveSmallIntegerField("dias de guarda")
    viewers_see_plates = models.BooleanField("visualizadores veem placas inteiras", default=True)

    objects = CityScopedQuerySet["PlatePolicy"].as_manager()

    class Meta:
        verbose_name = "política de placas"
        verbose_name_plural = "políticas de placas"

    def __str__(self) -> str:
        return f"{self.city_id}: {self.retention_days} dias"


class LegalHold(models.Model):
    """Reads of a plate that retention and erasure leave alone, because a case needs them."""

    city = models.ForeignKey("cities.City", on_delete=models.PROTECT, related_name="+", db_index=False)
    plate = models.CharField("placa", max_length=16, db_collation=BY_BYTES)
    #: The same vehicle's plate in the other format; empty if there is none.
    other_spelling = models.CharField(max_length=16, blank=True, db_collation=BY_BYTES)
    since = models.DateTimeField("de")
    until = models.DateTimeField("até", null=True)
    #: The proceeding that asks for it (process or inquiry number).
    reference = models.CharField("processo", max_length=200)
    placed_by = models.CharField(max_length=150)
    placed_at = models.DateTimeField(auto_now_add=True)
    released_by = models.CharField(max_length=150, blank=True)
    released_at = models.DateTimeField(null=True)

    objects = CityScopedQuerySet["LegalHold"].as_manager()

    class Meta:
        verbose_name = "guarda judicial"
        verbose_name_plural = "guardas judiciais"
        indexes: ClassVar = [
            models.Index(fields=["city"], name="hold_in_force", condition=models.Q(released_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.plate} ({self.reference})"


class BoxErasure(models.Model):
    """What one box is still to forget of a plate. Gone with the box's answer: the plate stays nowhere."""

    city = models.ForeignKey("cities.City", on_delete=models.CASCADE, related_name="+")
    node = models.ForeignKey("cities.EdgeNode", on_delete=models.CASCADE, related_name="+")
    plate = models.CharField("placa", max_length=16, db_collation=BY_BYTES)
    #: The same vehicle's plate in the other format; empty if there is none.
    other_spelling = models.CharField(max_length=16, blank=True, db_collation=BY_BYTES)
    #: Reads that were captured until then.
    before = models.DateTimeField("até")
    plate_digest = models.CharField(max_length=64)
    #: The command that went out last; null before the first.
    command_id = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)

    objects = CityScopedQuerySet["BoxErasure"].as_manager()

    class Meta:
        verbose_name = "exclusão na caixa"
        verbose_name_plural = "exclusões nas caixas"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "plate_digest"], name="box_erasure_once")
        ]

    def __str__(self) -> str:
        return f"{self.plate_digest[:8]}… ({self.node_id})"


class SavedSearch(models.Model):
    """A person's search under a name. `filters` are the parameters of the search as the API takes them."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField("nome", max_length=100)
    filters = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "busca salva"
        verbose_name_plural = "buscas salvas"
        ordering = ("name",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_search_name_of_owner")
        ]

    def __str__(self) -> str:
        return self.name


class Export(models.Model):
    """The reads of a search as a file in the object store, made by a job for one person."""

    class State(models.TextChoices):
        QUEUED = "queued", "na fila"
        RUNNING = "running", "em andamento"
        DONE = "done", "pronta"
        FAILED = "failed", "falhou"

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        PDF = "pdf", "PDF"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    format = models.CharField("formato", max_length=3, choices=Format.choices)
    filters = models.JSONField(default=dict)
    purpose = models.CharField("finalidade", max_length=500)
    state = models.CharField("estado", max_length=8, choices=State.choices, default=State.QUEUED)
    error = models.CharField("erro", max_length=500, blank=True)
    rows_done = models.PositiveIntegerField("leituras", default=0)
    rows_total = models.PositiveIntegerField("total", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    #: Set while a job is at it, and renewed: a job that died is taken over.
    busy_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    size_bytes = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "exportação"
        verbose_name_plural = "exportações"
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.format} {self.pk}"


class WatchlistEntry(models.Model):
    """A plate that a city looks out for. Boxes get the entries with their desired state."""

    class Kind(models.TextChoices):
        STOLEN = "stolen", "Roubado ou furtado"
        WANTED = "wanted", "Procurado"
        AUTHORISED = "authorised", "Autorizado"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey("cities.City", on_delete=models.PROTECT, related_name="+")
    #: As `protocol.plates` understands it.
    pattern = models.CharField("placa", max_length=32, db_collation=BY_BYTES)
    tolerant = models.BooleanField("também leituras parecidas", default=False)
    kind = models.CharField("lista", max_length=16, choices=Kind.choices)
    reason = models.CharField("motivo", max_length=500)
    valid_from = models.DateTimeField("válida desde", null=True)
    valid_until = models.DateTimeField("válida até", null=True)
    #: By these a read finds the entry: whole plates, folded if `tolerant`; null for a wildcard.
    keys = ArrayField(models.CharField(max_length=16), null=True)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)
    #: Kept after that: hits name it.
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=150, blank=True)

    objects = CityScopedQuerySet["WatchlistEntry"].as_manager()

    class Meta:
        verbose_name = "placa monitorada"
        verbose_name_plural = "placas monitoradas"
        ordering = ("-created_at", "id")
        indexes: ClassVar = [
            GinIndex(fields=["keys"], name="watchlist_by_key", condition=models.Q(removed_at__isnull=True)),
            models.Index(
                fields=["city"],
                name="watchlist_wildcards",
                condition=models.Q(removed_at__isnull=True, keys__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pattern} ({self.kind})"


class WatchlistHit(models.Model):
    """A passage of a watched plate. The read is told in full: it may go before the hit does."""

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey("cities.City", on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(WatchlistEntry, on_delete=models.PROTECT, related_name="hits")
    node_id = models.UUIDField()
    #: The box's name of the passage: repeats of one vehicle alarm once.
    passage = models.CharField(max_length=64)
    camera = models.ForeignKey("cities.Camera", on_delete=models.PROTECT, related_name="+")
    plate = models.CharField(max_length=16, db_collation=BY_BYTES)
    captured_at = models.DateTimeField()
    stored_at = models.DateTimeField(auto_now_add=True)

    objects = CityScopedQuerySet["WatchlistHit"].as_manager()

    class Meta:
        verbose_name = "alerta de placa"
        verbose_name_plural = "alertas de placas"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "node_id", "passage"], name="one_alarm_a_passage")
        ]
        indexes: ClassVar = [models.Index(fields=["city", "-id"], name="hits_of_city")]

    def __str__(self) -> str:
        return f"{self.plate} {self.captured_at:%Y-%m-%d %H:%M:%S}"


class Webhook(models.Model):
    """Where a city's alerts are posted to."""

    city = models.ForeignKey("cities.City", on_delete=models.PROTECT, related_name="+")
    url = models.CharField("endereço", max_length=1000)
    #: With which the receiver checks that an alert is ours; shown once.
    secret = models.CharField(max_length=64)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)
    #: Attempts in a row that failed, of whichever alert.
    failures = models.PositiveIntegerField("falhas seguidas", default=0)
    #: Left alone until then, so that one dead receiver does not hold up everybody else's alerts.
    rests_until = models.DateTimeField(null=True)

    objects = CityScopedQuerySet["Webhook"].as_manager()

    class Meta:
        verbose_name = "webhook"
        ordering = ("id",)

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One alert to one webhook. `next_at` null: delivered, or given up."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    hit = models.ForeignKey(WatchlistHit, on_delete=models.CASCADE, related_name="deliveries")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "entrega de webhook"
        verbose_name_plural = "entregas de webhooks"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "hit"], name="one_delivery_a_webhook")
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="delivery_due", condition=models.Q(next_at__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.webhook_id}: {self.hit_id}"
