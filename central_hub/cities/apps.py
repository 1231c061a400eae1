"""Django's entry for the cities app."""

from django.apps import AppConfig


class CitiesConfig(AppConfig):
    name = "central_hub.cities"
    label = "cities"
    verbose_name = "Prefeituras"
    default_auto_field = "django.db.models.BigAutoField"
