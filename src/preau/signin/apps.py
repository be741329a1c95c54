from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "preau.signin"
    label = "signin"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers who sees what before anybody asks.
        from preau.signin import policies  # noqa: F401  # imported for its registrations
