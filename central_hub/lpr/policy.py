"""What a city decides about its plate reads: for how many days, and whether its visualizadores see plates."""

from django.conf import settings
from django.db import transaction

from central_hub import edits, events
from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.kernel import Caller, require_governs
from central_hub.lpr import domain
from central_hub.lpr.models import PlatePolicy
from protocol import messages


def policy_of(caller: Caller, city_code: str) -> PlatePolicy:
    """The city's policy; the defaults, unsaved, if it has none."""
    city = cities.visible_city(caller, city_code)
    found = PlatePolicy.objects.visible_to(caller).filter(city_id=city.pk).first()
    return found or PlatePolicy(city=city, retention_days=settings.GTV_PLATE_RETENTION_DAYS)


@transaction.atomic
def change_policy(
    caller: Caller,
    city_code: str,
    retention_days: int,
    viewers_see_plates: bool,
    expected: edits.Expected = edits.ANY,
) -> PlatePolicy:
    city = cities.visible_city(caller, city_code)
    require_governs(caller, city.pk)
    domain.check_retention(retention_days)
    cities.lock_city(city_code)  # not the policy's row, which there may not be yet
    edits.check(policy_of(caller, city_code), expected)
    changes = {"retention_days": retention_days, "viewers_see_plates": viewers_see_plates}
    policy, _ = PlatePolicy.objects.update_or_create(city=city, defaults=changes)
    audit.record(caller, "plate-policy-changed", city_code, city_code=city_code, details=changes)
    events.configuration_changed.send(sender=PlatePolicy, city_id=city.pk)
    return policy


def desired_policy(city_id: int) -> messages.PlatePolicy:
    """What the city's boxes are told; a city that has decided nothing keeps reads there as its recordings."""
    policy = PlatePolicy.objects.filter(city_id=city_id).first()
    if policy is None:
        return messages.PlatePolicy()
    return messages.PlatePolicy(policy.retention_days, policy.viewers_see_plates)
