"""The Django application: templates, tags and catalogues; no tables."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, tags and catalogues of the house."""

    name = "preau.ui"
    label = "ui"
