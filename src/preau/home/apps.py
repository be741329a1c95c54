from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "preau.home"
    label = "home"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers who may change the facts before anybody asks.
        from preau.home import policies  # noqa: F401  # imported for its registrations
