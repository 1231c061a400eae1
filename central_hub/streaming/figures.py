"""How many cameras, and how many watch, in numbers for who watches the hub."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, Count, Q, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from central_hub.streaming.models import CameraStream, Clip, LiveSession, RelaySession


@dataclass(frozen=True)
class NodeStreams:
    """What the cameras of one box give it; packets lost since each recorder began."""

    city: str
    node: str
    bits_per_second: int
    packets_lost: int


@dataclass(frozen=True)
class StreamingFigures:
    cameras: dict[str, int]  # by state
    nodes: list[NodeStreams]
    sessions: dict[str, int]  # open now, by kind
    clips: dict[str, int]  # by state


def streaming_figures() -> StreamingFigures:
    now = timezone.now()
    streams = CameraStream.objects.order_by()
    clips = Clip.objects.order_by()
    return StreamingFigures(
        cameras=dict(streams.values_list("state").annotate(count=Count("pk"))),
        nodes=_nodes(),
        sessions={
            "recording": RelaySession.objects.filter(closed_at=None, expires_at__gt=now).count(),
            "live": LiveSession.objects.filter(closed_at=None, expires_at__gt=now).count(),
        },
        clips=dict.fromkeys(Clip.State.values, 0)
        | dict(clips.values_list("state").annotate(count=Count("pk"))),
    )


def _nodes() -> list[NodeStreams]:
    found = (
        CameraStream.objects.filter(camera__node__isnull=False)
        .order_by()
        .values_list("camera__node__city__code", "camera__node__code")
        .annotate(
            rate=Sum(_measured("bitrate_bps"), filter=Q(state="online")), lost=Sum(_measured("packets_lost"))
        )
    )
    return [NodeStreams(city, node, rate or 0, lost or 0) for city, node, rate, lost in found]


def _measured(name: str) -> Cast:
    return Cast(KT(f"measured__{name}"), BigIntegerField())
