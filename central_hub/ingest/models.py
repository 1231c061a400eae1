"""StreamCursor and DeadLetter."""

from typing import Any, ClassVar

from django.db import models
from psycopg.types.multirange import Multirange


class Int8MultiRangeField(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's `int8multirange`: psycopg turns it into a Multirange of half-open ranges."""

    def db_type(self, connection: Any) -> str:
        return "int8multirange"


class StreamCursor(models.Model):
    """Which sequence numbers of one node's stream the hub holds.

    A row changes only in the transaction that stores the events themselves, and is
    locked throughout it: two workers never store the same stream of a node at once.
    """

    node = models.ForeignKey("cities.EdgeNode", on_delete=models.CASCADE, related_name="stream_cursors")
    stream = models.CharField(max_length=32)
    received = Int8MultiRangeField(default=Multirange)

    class Meta:
        verbose_name = "posição do fluxo"
        verbose_name_plural = "posições dos fluxos"
        constraints: ClassVar = [models.UniqueConstraint(fields=["node", "stream"], name="cursor_of_stream")]

    def __str__(self) -> str:
        return f"{self.node_id} {self.stream}"


class DeadLetter(models.Model):
    """A payload or an event that the hub could not take, with the reason.

    A whole payload has no `seq`; the same payload again only counts up.
    """

    node = models.ForeignKey(
        "cities.EdgeNode", null=True, on_delete=models.CASCADE, related_name="dead_letters"
    )
    topic = models.CharField(max_length=300)
    seq = models.BigIntegerField(null=True)
    reason = models.TextField()
    payload = models.BinaryField()
    payload_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)
    times = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "mensagem recusada"
        verbose_name_plural = "mensagens recusadas"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["topic", "seq", "payload_sha256"], name="dead_letter_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.seq or ''}: {self.reason}"
