"""Requests of the people concerned, and their steps."""

from typing import ClassVar

from django.db import models

from central_hub.privacy.domain import Basis, Kind, State, Step
from central_hub.scoping import CityScopedQuerySet


class SubjectRequest(models.Model):
    """A person asks something about the own data (LGPD, art. 18), mostly about a plate."""

    class KindChoice(models.TextChoices):
        ACCESS = Kind.ACCESS.value, "Confirmação e acesso (art. 18, I e II)"
        CORRECTION = Kind.CORRECTION.value, "Correção (art. 18, III)"
        ERASURE = Kind.ERASURE.value, "Anonimização, bloqueio ou eliminação (art. 18, IV e VI)"
        SHARING = Kind.SHARING.value, "Informação sobre compartilhamento (art. 18, VII)"

    class StateChoice(models.TextChoices):
        RECEIVED = State.RECEIVED.value, "recebido"
        ANALYSIS = State.ANALYSIS.value, "em análise"
        FULFILLED = State.FULFILLED.value, "atendido"
        REFUSED = State.REFUSED.value, "recusado"

    class BasisChoice(models.TextChoices):
        IDENTITY = Basis.IDENTITY.value, "Identidade ou titularidade não comprovada (art. 18, § 3º)"
        NO_DATA = Basis.NO_DATA.value, "Não há dados pessoais do titular"
        OTHER_AGENT = Basis.OTHER_AGENT.value, "Não é agente de tratamento destes dados (art. 18, § 4º, I)"
        LEGAL_DUTY = Basis.LEGAL_DUTY.value, "Obrigação legal ou regulatória de conservar (art. 16, I)"
        LEGAL_HOLD = (
            Basis.LEGAL_HOLD.value,
            "Guarda judicial ou exercício de direitos em processo (art. 7º, VI)",
        )
        PUBLIC_SECURITY = Basis.PUBLIC_SECURITY.value, "Segurança pública e investigação (art. 4º, III)"
        IMPOSSIBLE = Basis.IMPOSSIBLE.value, "Razões de fato que impedem a providência (art. 18, § 4º, II)"

    city = models.ForeignKey("cities.City", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("tipo", max_length=16, choices=KindChoice.choices, default=Kind.ACCESS)
    #: Emptied when the plate is erased; the digest stays as the proof. Both empty: it is about no plate.
    plate = models.CharField("placa", max_length=16, blank=True, db_collation="C")
    plate_digest = models.CharField(max_length=64, blank=True)
    description = models.TextField("pedido", blank=True)
    requester = models.CharField("titular", max_length=200)
    reference = models.CharField("protocolo", max_length=200)
    received_on = models.DateField("recebido em")
    due_on = models.DateField("prazo")
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField("estado", max_length=16, choices=StateChoice.choices, default=State.RECEIVED)
    #: Of the newest report that was made for it.
    report_sha256 = models.CharField(max_length=64, blank=True)
    erased_at = models.DateTimeField(null=True)
    refusal_basis = models.CharField(max_length=32, choices=BasisChoice.choices, blank=True)
    #: What the person was told.
    answer = models.TextField("resposta", blank=True)
    closed_by = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True)
    #: Since when the trail says that it is late; and when those outside had been told of it.
    overdue_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    objects = CityScopedQuerySet["SubjectRequest"].as_manager()

    class Meta:
        verbose_name = "pedido de titular"
        verbose_name_plural = "pedidos de titulares"
        ordering = ("due_on", "id")
        indexes: ClassVar = [
            models.Index(fields=["city", "due_on", "id"], name="subject_request_by_deadline"),
            models.Index(fields=["city", "plate_digest"], name="subject_request_by_plate"),
        ]

    def __str__(self) -> str:
        return self.reference


class RequestStep(models.Model):
    """One thing that happened to a request, by whom."""

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    step = models.CharField(max_length=16, choices=[(step.value, step.value) for step in Step])
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = "andamento"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.request_id} {self.step}"
