"""NodeState, NodeCertificate, EnrolmentToken and Command; and what rollout_models holds."""

import uuid
from typing import ClassVar

from django.db import models

from central_hub.fleet.rollout_models import Release, Rollout, RolloutNode
from central_hub.scoping import CityScopedQuerySet

__all__ = [
    "Command",
    "EnrolmentToken",
    "Escalation",
    "NodeAlarm",
    "NodeCertificate",
    "NodeConfiguration",
    "NodeSample",
    "NodeState",
    "Release",
    "Rollout",
    "RolloutNode",
]


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
    #: When the first revision was made that the box has not reported; null: it has reported the newest.
    behind_since = models.DateTimeField(null=True)
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
    cpu_share = models.FloatField(null=True)
    clock_synchronised = models.BooleanField(null=True)
    clock_error_ms = models.BigIntegerField(null=True)
    cameras_online = models.PositiveIntegerField(default=0)
    cameras_total = models.PositiveIntegerField(default=0)
    system = models.CharField(max_length=500, blank=True)
    #: How far it is with the release that it was last told to install: protocol.messages.UpdateReport.
    update = models.JSONField(null=True)
    #: Of the newest NodeSample.
    sampled_at = models.DateTimeField(null=True)
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


class NodeConfiguration(models.Model):
    """What a box should have, and what it had when it last had all of that (fleet.configuration.facts_of).

    Kept apart from NodeState: it is large, and few ask for it.
    """

    CITY_LOOKUP = "node__city_id"

    node = models.OneToOneField(
        "cities.EdgeNode", primary_key=True, on_delete=models.CASCADE, related_name="configuration"
    )
    desired = models.JSONField(default=dict)
    desired_revision = models.PositiveBigIntegerField(default=0)
    applied = models.JSONField(null=True)
    applied_revision = models.PositiveBigIntegerField(null=True)

    objects = CityScopedQuerySet["NodeConfiguration"].as_manager()

    class Meta:
        verbose_name = "configuração da caixa"
        verbose_name_plural = "configurações das caixas"

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


class NodeSample(models.Model):
    """How a box was at one moment; few of them are kept (domain.SAMPLE_EVERY, domain.SAMPLES_FOR)."""

    CITY_LOOKUP = "node__city_id"

    node = models.ForeignKey("cities.EdgeNode", on_delete=models.CASCADE, related_name="samples")
    at = models.DateTimeField()
    disk_free_bytes = models.PositiveBigIntegerField()
    cpu_share = models.FloatField(null=True)
    clock_error_ms = models.BigIntegerField(null=True)
    outbox_depth = models.PositiveBigIntegerField()
    cameras_online = models.PositiveIntegerField()
    cameras_total = models.PositiveIntegerField()

    objects = CityScopedQuerySet["NodeSample"].as_manager()

    class Meta:
        verbose_name = "amostra"
        ordering = ("at",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["node", "at"], name="one_sample_at_a_time")]

    def __str__(self) -> str:
        return f"{self.node_id} {self.at:%Y-%m-%d %H:%M}"


class NodeAlarm(models.Model):
    """Something that is wrong with a box, from when it was noticed until it was over.

    Invariant: of one box and one cause (`key`) at most one alarm is open.
    """

    CITY_LOOKUP = "node__city_id"

    node = models.ForeignKey("cities.EdgeNode", on_delete=models.CASCADE, related_name="alarms")
    key = models.CharField(max_length=64)
    critical = models.BooleanField()
    text = models.CharField(max_length=500)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=150, blank=True)
    note = models.CharField(max_length=500, blank=True)
    escalated_at = models.DateTimeField(null=True)

    objects = CityScopedQuerySet["NodeAlarm"].as_manager()

    class Meta:
        verbose_name = "alarme"
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["node", "key"], condition=models.Q(closed_at__isnull=True), name="open_once"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Escalation(models.Model):
    """An alarm on its way to the central by one channel: once, whatever happens in between."""

    CITY_LOOKUP = "alarm__node__city_id"

    alarm = models.ForeignKey(NodeAlarm, on_delete=models.CASCADE, related_name="escalations")
    channel = models.CharField(max_length=8, choices=[(name, name) for name in ("webhook", "email")])
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = CityScopedQuerySet["Escalation"].as_manager()

    class Meta:
        verbose_name = "escalonamento"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alarm", "channel"], name="escalated_once_a_channel")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.alarm_id}"


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
    #: The action of an order that a person gave (fleet.orders); null: the hub's own business.
    order = models.JSONField(null=True)
    #: What the box answered to it.
    result = models.JSONField(null=True)

    objects = CityScopedQuerySet["Command"].as_manager()

    class Meta:
        verbose_name = "comando"
        indexes: ClassVar = [models.Index(fields=["node", "created_at"], name="command_of_node")]

    def __str__(self) -> str:
        return f"{self.action} {self.id}"
