"""A person's saved searches: nobody else's are seen or changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from central_hub.cities import services as cities
from central_hub.kernel import Caller, Conflict, NotFound, Permission, require
from central_hub.lpr.models import SavedSearch
from protocol.plates import normalise

#: As many as a list can show.
MAX_SAVED = 100


def saved_searches(caller: Caller) -> list[SavedSearch]:
    return list(SavedSearch.objects.filter(owner_id=caller.pk))


@transaction.atomic
def save_search(caller: Caller, name: str, filters: Mapping[str, Any]) -> SavedSearch:
    """Save under a name of its own, or replace what has the name."""
    require(caller, Permission.SEARCH_PLATES)
    if filters.get("city"):
        cities.visible_city(caller, filters["city"])
    own = SavedSearch.objects.filter(owner_id=caller.pk)
    if not own.filter(name=name).exists() and own.count() >= MAX_SAVED:
        raise Conflict(f"Você já tem {MAX_SAVED} buscas salvas. Exclua uma antes.", code="too-many-searches")
    saved, _ = SavedSearch.objects.update_or_create(
        owner_id=caller.pk, name=name, defaults={"filters": dict(filters)}
    )
    return saved


def forget_searches(city_id: int, plates: Sequence[str]) -> int:
    """Delete the city's people's searches for one of these plates; how many."""
    named = SavedSearch.objects.filter(owner__city_id=city_id, filters__has_key="plate")
    of_plates = [saved.pk for saved in named if normalise(str(saved.filters["plate"])) in plates]
    deleted, _ = SavedSearch.objects.filter(pk__in=of_plates).delete()
    return deleted


def delete_search(caller: Caller, search_id: int) -> None:
    deleted, _ = SavedSearch.objects.filter(owner_id=caller.pk, pk=search_id).delete()
    if not deleted:
        raise NotFound("Busca salva não encontrada.")
