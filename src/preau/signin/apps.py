from importlib import import_module

from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "preau.signin"
    label = "signin"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers who sees what before anybody asks.
        import_module("preau.signin.policies")
