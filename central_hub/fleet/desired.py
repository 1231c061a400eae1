"""Desired state: what a box should know, with a revision that grows when the content does.

Order of steps: the revision is committed first, then published (retained). A crash
or a broker outage between the two leaves the broker with an older revision; it is
mended when the box comes online, because its state is published again then.
"""

import uuid

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from central_hub import mqtt
from central_hub.accounts import services as accounts
from central_hub.cities import services as cities
from central_hub.cities.plate_sources import desired_source
from central_hub.fleet import configuration, domain
from central_hub.fleet.models import NodeConfiguration, NodeState
from central_hub.lpr.policy import desired_policy
from central_hub.lpr.watchlist import desired_watchlist
from protocol.messages import DesiredCamera, DesiredState, DesiredUser, RefusedCamera, encode
from protocol.topics import NodeAddress, Stream


def refresh_city(city_id: int | None) -> None:
    """Refresh every node of a city, or every node there is (None: an admin changed)."""
    for node_id in cities.node_ids(city_id):
        refresh_node(node_id)


def refresh_node(node_id: uuid.UUID) -> None:
    """Give the node a new revision and publish it, if its desired content has changed."""
    with transaction.atomic():
        state, _ = NodeState.objects.select_for_update().get_or_create(node_id=node_id)
        content = _content(node_id)
        digest = domain.content_digest(content)
        if digest == state.desired_digest:
            return
        state.desired_digest = digest
        state.desired_revision += 1
        state.behind_since = state.behind_since or timezone.now()
        state.save(update_fields=["desired_digest", "desired_revision", "behind_since"])
        _keep_facts(state, content)
        transaction.on_commit(lambda: publish_desired(node_id))


def _keep_facts(state: NodeState, content: DesiredState) -> None:
    """For whoever asks what a box has not applied yet. Of the revisions in between nothing is kept: a box
    that is away for long would cost a copy of everything for each change."""
    kept, _ = NodeConfiguration.objects.get_or_create(node_id=state.node_id)
    if state.reported_revision == kept.desired_revision and kept.desired:
        kept.applied, kept.applied_revision = kept.desired, kept.desired_revision
    kept.desired = configuration.facts_of(content, settings.SECRET_KEY.encode())
    kept.desired_revision = state.desired_revision
    kept.save()


def publish_desired(node_id: uuid.UUID) -> None:
    """Publish the node's present desired state, retained. Nobody waits for it: see above."""
    node = cities.node_by_id(node_id)
    with transaction.atomic():  # content and revision of one moment
        state = NodeState.objects.select_for_update().get(node_id=node_id)
        message = msgspec.structs.replace(_content(node_id), revision=state.desired_revision)
    topic = NodeAddress(node.city.code, node.code).topic(Stream.DESIRED)
    mqtt.publisher().post(topic, encode(message), retain=True)


def _content(node_id: uuid.UUID) -> DesiredState:
    node = cities.node_by_id(node_id)
    return domain.desired_state(
        city=node.city.code,
        city_name=node.city.name,
        timezone=node.city.timezone,
        retention_days=node.city.plan.retention_days,
        cameras=[
            DesiredCamera(
                str(camera.pk),
                camera.name,
                camera.rtsp_url,
                camera.lpr_secret_sha256,
                sub_rtsp_url=camera.sub_rtsp_url,
                transport=camera.transport,  # type: ignore[arg-type]  # the model's choices are the protocol's
                lpr=desired_source(camera),
            )
            for camera in cities.cameras_of_node(node_id)
        ],
        users=[
            DesiredUser(user.username, user.name, user.role, user.password_hash)  # type: ignore[arg-type]
            for user in accounts.console_users(node.city_id)
        ],
        refused=[
            RefusedCamera(str(refused.camera), refused.reason) for refused in cities.refused_cameras(node_id)
        ],
        watchlist=desired_watchlist(node.city_id),
        plates=desired_policy(node.city_id),
    )
