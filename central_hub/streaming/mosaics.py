"""Mosaics: a few cameras of one city on one screen, of one person or shared with all who see the city."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from central_hub import edits
from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.kernel import (
    Caller,
    Conflict,
    InvalidInput,
    NotFound,
    NotPermitted,
    Permission,
    governs,
    require,
)
from central_hub.scoping import CityScopedQuerySet
from central_hub.streaming import domain
from central_hub.streaming.models import Mosaic, MosaicCamera

#: As many of one's own as a list can show.
MAX_OWN = 50


def visible_mosaics(caller: Caller) -> list[Mosaic]:
    """One's own, and what is shared in the cities that one sees."""
    require(caller, Permission.WATCH)
    return list(_visible(caller))


def visible_mosaic(caller: Caller, mosaic_id: uuid.UUID) -> Mosaic:
    require(caller, Permission.WATCH)
    mosaic = _visible(caller).filter(pk=mosaic_id).first()
    if mosaic is None:
        raise NotFound("Mosaico não encontrado.")
    return mosaic


@transaction.atomic
def add_mosaic(
    caller: Caller, *, name: str, layout: str, cameras: Sequence[uuid.UUID], shared: bool
) -> Mosaic:
    """Raises NotPermitted, NotFound, InvalidInput, Conflict."""
    require(caller, Permission.WATCH)
    city_id, city_code = _city_of(caller, layout, cameras)
    cities.lock_city(city_code)
    if Mosaic.objects.filter(owner_id=caller.pk).count() >= MAX_OWN:
        raise Conflict(f"Você já tem {MAX_OWN} mosaicos. Exclua um antes.", code="too-many-mosaics")
    mosaic = Mosaic.objects.create(
        city_id=city_id, owner_id=caller.pk, name=name, layout=layout, shared=shared
    )
    _place(mosaic, cameras)
    _record(caller, "mosaic-added", mosaic, city_code)
    return visible_mosaic(caller, mosaic.pk)


@transaction.atomic
def change_mosaic(
    caller: Caller, mosaic_id: uuid.UUID, expected: edits.Expected = edits.ANY, **asked: Any
) -> Mosaic:
    """All of it anew: `name`, `layout`, `cameras`, `shared`. Raises as `add_mosaic`, and ChangedMeanwhile."""
    mosaic = _changeable(caller, mosaic_id)
    edits.lock(mosaic, expected)
    cameras = asked.pop("cameras")
    city_id, city_code = _city_of(caller, asked["layout"], cameras)
    if city_id != mosaic.city_id:
        raise InvalidInput.in_field("cameras", "Um mosaico fica na sua prefeitura. Crie outro.")
    for field, value in asked.items():
        setattr(mosaic, field, value)
    mosaic.save()
    mosaic.places.all().delete()
    _place(mosaic, cameras)
    _record(caller, "mosaic-changed", mosaic, city_code)
    # Not by what one may see: who governs may have made another person's mosaic their own again.
    return _told(Mosaic.objects.filter(pk=mosaic_id)).get()


@transaction.atomic
def delete_mosaic(caller: Caller, mosaic_id: uuid.UUID) -> None:
    mosaic = _changeable(caller, mosaic_id)
    _record(caller, "mosaic-deleted", mosaic, mosaic.city.code)
    mosaic.delete()


def may_change(caller: Caller, mosaic: Mosaic) -> bool:
    """The owner's; what is shared also who governs the city may change."""
    return mosaic.owner_id == caller.pk or governs(caller, mosaic.city_id)


def _visible(caller: Caller) -> CityScopedQuerySet[Mosaic]:
    own_or_shared = Q(owner_id=caller.pk) | Q(shared=True)
    return _told(Mosaic.objects.visible_to(caller).filter(own_or_shared)).order_by("name", "pk")


def _told(mosaics: CityScopedQuerySet[Mosaic]) -> CityScopedQuerySet[Mosaic]:
    """With all that an answer tells."""
    return mosaics.select_related("city", "owner").prefetch_related("places__camera")


def _changeable(caller: Caller, mosaic_id: uuid.UUID) -> Mosaic:
    """Raises NotFound, NotPermitted."""
    mosaic = visible_mosaic(caller, mosaic_id)
    if not may_change(caller, mosaic):
        raise NotPermitted("Este mosaico é de outra pessoa. Crie um seu a partir dele.")
    return mosaic


def _city_of(caller: Caller, layout: str, cameras: Sequence[uuid.UUID]) -> tuple[int, str]:
    """The one city of the cameras, its id and code. Raises NotFound, InvalidInput."""
    domain.check_mosaic(layout, cameras)
    found = [cities.visible_camera(caller, camera) for camera in cameras]
    of = {(camera.city_id, camera.city.code) for camera in found}
    if len(of) != 1:
        raise InvalidInput.in_field("cameras", "As câmeras de um mosaico são de uma só prefeitura.")
    return of.pop()


def _place(mosaic: Mosaic, cameras: Sequence[uuid.UUID]) -> None:
    MosaicCamera.objects.bulk_create(
        MosaicCamera(mosaic=mosaic, place=place, camera_id=camera) for place, camera in enumerate(cameras)
    )


def _record(caller: Caller, action: str, mosaic: Mosaic, city_code: str) -> None:
    details = {"name": mosaic.name, "shared": mosaic.shared}
    audit.record(caller, action, str(mosaic.pk), city_code=city_code, details=details)
