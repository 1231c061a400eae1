"""The one place that limits rows to the caller's city: `Model.objects.visible_to(user)`.

A model says where its city is with `CITY_LOOKUP` (`city_id` unless told otherwise).
"""

from typing import Self, TypeVar

from django.db import models

from central_hub.kernel import Caller, is_central

M = TypeVar("M", bound=models.Model)


class CityScopedQuerySet(models.QuerySet[M]):
    def visible_to(self, caller: Caller) -> Self:
        if is_central(caller):
            return self.all()
        if caller.city_id is None:
            return self.none()
        lookup = getattr(self.model, "CITY_LOOKUP", "city_id")
        return self.filter(**{lookup: caller.city_id})
