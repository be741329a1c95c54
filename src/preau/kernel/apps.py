from importlib import import_module

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "preau.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Every table's rules are there before anybody asks, in the web process and the worker alike.
        from preau.kernel.room import house

        for room in house():
            if room.policies:
                import_module(room.policies)
