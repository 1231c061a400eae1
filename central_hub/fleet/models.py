"""NodeState, NodeCertificate, EnrolmentToken and Command."""

import uuid
from typing import ClassVar

from django.db import models

from central_hub.scoping import CityScopedQuerySet


class NodeState(models.Model):
    """What one box is told (the desired revision) and what it last reported."""

    CITY_LOOKUP = "node__city_id"

    node = models.OneToOneField(
        "cities.EdgeNode", primary_key=True, on_delete=models.CASCADE, related_name="fleet_state"
    )
    online = models.BooleanField(default=False)
    last_seen_at = models.DateTimeField(null=True)
    desired_revision = models.PositiveBigIntegerField(default=0)
    #: Digest of the content of that revision: an event that changes nothing makes no new revision.
    desired_digest = models.CharField(max_length=64, blank=True)
    reported_revision = models.PositiveBigIntegerField(null=True)
    differences = models.JSONField(default=list)
    #: What the box says is wrong: [{"text", "since"}], as in protocol.messages.Alarm.
    alarms = models.JSONField(default=list)
    #: The end of the newest footage that a full disk forced out inside its retention.
    forced_out_until = models.DateTimeField(null=True)
    agent_version = models.CharField(max_length=64, blank=True)
    disk_free_bytes = models.PositiveBigIntegerField(null=True)
    disk_total_bytes = models.PositiveBigIntegerField(null=True)
    outbox_depth = models.PositiveBigIntegerField(null=True)
    reported_at = models.DateTimeField(null=True)
    #: Of the certificate in use: the one it enrolled with, until it reports another.
    certificate_serial = models.CharField(max_length=40, blank=True)
    certificate_expires_at = models.DateTimeField(null=True)
    #: Since when this box is no longer of ours; a new enrolment ends it.
    revoked_at = models.DateTimeField(null=True)

    objects = CityScopedQuerySet["NodeState"].as_manager()

    class Meta:
        verbose_name = "estado da caixa"
        verbose_name_plural = "estados das caixas"
        ordering = ("node__city__code", "node__code")

    def __str__(self) -> str:
        return f"{self.node_id} r{self.desired_revision}"


class NodeCertificate(models.Model):
    """A certificate that was issued to a box. Revoked, it stays so, whoever takes the box's place."""

    CITY_LOOKUP = "node__city_id"

    node = models.ForeignKey("cities.EdgeNode", on_delete=models.CASCADE, related_name="certificates")
    serial = models.CharField(max_length=40, unique=True)
    #: Empty: issued before this was noted.
    key_sha256 = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    #: When the broker had been told.
    refused_since = models.DateTimeField(null=True)

    objects = CityScopedQuerySet["NodeCertificate"].as_manager()

    class Meta:
        verbose_name = "certificado"
        ordering = ("-issued_at", "-pk")

    def __str__(self) -> str:
        return self.serial


class EnrolmentToken(models.Model):
    """Lets one box get one certificate. Only the token's hash is kept."""

    CITY_LOOKUP = "node__city_id"

    node = models.ForeignKey("cities.EdgeNode", on_delete=models.CASCADE, related_name="enrolment_tokens")
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = CityScopedQuerySet["EnrolmentToken"].as_manager()

    class Meta:
        verbose_name = "token de inscrição"
        verbose_name_plural = "tokens de inscrição"

    def __str__(self) -> str:
        return f"{self.node_id} até {self.expires_at:%Y-%m-%d %H:%M}"


class Command(models.Model):
    """An order sent to a box. The first reply settles it; later ones are ignored."""

    CITY_LOOKUP = "node__city_id"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    node = models.ForeignKey("cities.EdgeNode", on_delete=models.CASCADE, related_name="commands")
    action = models.CharField(max_length=32)
    requester = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)
    deadline = models.DateTimeField()
    replied_at = models.DateTimeField(null=True)
    ok = models.BooleanField(null=True)
    error = models.CharField(max_length=500, blank=True)

    objects = CityScopedQuerySet["Command"].as_manager()

    class Meta:
        verbose_name = "comando"
        indexes: ClassVar = [models.Index(fields=["node", "created_at"], name="command_of_node")]

    def __str__(self) -> str:
        return f"{self.action} {self.id}"
