"""How many people hold which role, for reports."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django_otp.plugins.otp_totp.models import TOTPDevice

from central_hub.accounts.domain import SECOND_FACTOR_ROLES
from central_hub.accounts.models import User


@dataclass(frozen=True)
class Census:
    """Active people by role, and how many of those who must have a second factor lack it."""

    by_role: Mapping[str, int]
    without_second_factor: int


def of_cities(city_ids: Sequence[int]) -> Census:
    """The people of these cities, and of the central, who see every city."""
    people = User.objects.filter(Q(city_id__in=city_ids) | Q(city_id=None), is_active=True)
    central = people.filter(role__in=sorted(SECOND_FACTOR_ROLES))
    having = TOTPDevice.objects.filter(confirmed=True).values("user_id")
    return Census(Counter(people.values_list("role", flat=True)), central.exclude(pk__in=having).count())
