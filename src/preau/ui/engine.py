"""The template engine of the house, for the settings: cotton components and partials, no load tag needed for ours."""

from __future__ import annotations

from typing import Any

_LOADERS = (
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.app_directories.Loader",
)

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                ("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", list(_LOADERS))])
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "preau.ui.templatetags.house",
            ],
            "context_processors": ["django.template.context_processors.request", "preau.ui.context.house"],
        },
    }
]
