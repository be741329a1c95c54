from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "preau.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers who sees what before anybody asks.
        from preau.directory import policies  # noqa: F401  # imported for its registrations
