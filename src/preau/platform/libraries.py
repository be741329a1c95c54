"""Django apps of libraries, without their own configuration: it loads the whole of `django.contrib.admin`."""

from __future__ import annotations

from django.apps import AppConfig


class Cotton(AppConfig):
    """Components. Loader and tags are named in the settings."""

    name = "django_cotton"

    def ready(self) -> None:
        from django_cotton.nested_tag_support import enable_nested_tag_support

        enable_nested_tag_support()


class Partials(AppConfig):
    """Named partials of a template. Loader and tags are named in the settings."""

    name = "template_partials"
