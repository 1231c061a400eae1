"""A person's saved searches: nobody else's are seen or changed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from central_hub.cities import services as cities
from central_hub.kernel import Caller, Conflict, NotFound, Permission, require
from central_hub.lpr.models import SavedSearch

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


def delete_search(caller: Caller, search_id: int) -> None:
    deleted, _ = SavedSearch.objects.filter(owner_id=caller.pk, pk=search_id).delete()
    if not deleted:
        raise NotFound("Busca salva não encontrada.")
