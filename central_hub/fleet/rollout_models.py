"""Release, Rollout and RolloutNode: versions of the boxes' software, and how they reach the boxes."""

import uuid
from typing import ClassVar

from django.db import models

from central_hub.fleet import rollout_rules


class Release(models.Model):
    """A version of the boxes' software. Invariant: its archive was in the object store before its row."""

    version = models.CharField(max_length=32, unique=True)
    #: protocol.releases.SignedRelease.
    signed = models.JSONField()
    object_key = models.CharField(max_length=200)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    notes = models.CharField(max_length=500, blank=True)
    registered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "fleet"
        verbose_name = "versão"
        verbose_name_plural = "versões"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.version


class Rollout(models.Model):
    """A release on its way to the boxes (fleet.rollout_rules). Invariant: at most one is open."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="rollouts")
    state = models.CharField(
        max_length=16, default="running", choices=[(name, name) for name in rollout_rules.ROLLOUT_STATES]
    )
    #: The stage that boxes are told of, from 0.
    stage = models.PositiveSmallIntegerField(default=0)
    stages = models.PositiveSmallIntegerField()
    #: For so long a box must run the release well.
    soak_s = models.PositiveIntegerField()
    allow_older = models.BooleanField(default=False)
    #: Why it was halted.
    reason = models.CharField(max_length=500, blank=True)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "fleet"
        verbose_name = "atualização"
        verbose_name_plural = "atualizações"
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(state__in=rollout_rules.OPEN_STATES),
                name="one_open_rollout",
            )
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.state}"


class RolloutNode(models.Model):
    """How far one box is in a rollout: rollout_rules.Progress."""

    rollout = models.ForeignKey(Rollout, on_delete=models.CASCADE, related_name="nodes")
    node = models.ForeignKey("cities.EdgeNode", on_delete=models.CASCADE, related_name="rollouts")
    stage = models.PositiveSmallIntegerField()
    #: What the box knows this try by; another one after a failure.
    attempt = models.UUIDField(default=uuid.uuid4)
    state = models.CharField(
        max_length=16, default="waiting", choices=[(name, name) for name in rollout_rules.NODE_STATES]
    )
    reason = models.CharField(max_length=500, blank=True)
    ordered_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    cameras_before = models.PositiveIntegerField(default=0)
    well_since = models.DateTimeField(null=True)

    class Meta:
        app_label = "fleet"
        verbose_name = "caixa da atualização"
        verbose_name_plural = "caixas da atualização"
        ordering = ("stage", "node__city__code", "node__code")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rollout", "node"], name="once_in_a_rollout")
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {self.state}"
