"""Django's settings, from `PREAU_*` alone. Loading them touches no file: the key and folders are made when used."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.functional import lazy

from preau.platform import environment
from preau.ui.engine import TEMPLATES

PACKAGE = Path(__file__).resolve().parent.parent

PREAU_ROOMS = ["preau.kernel", "preau.ui", "preau.directory", "preau.signin", "preau.home", "preau.platform"]
PREAU_DATA = Path(environment.text("PREAU_DATA")).absolute()
PREAU_KEY_FILE = environment.text("PREAU_KEY_FILE")
PREAU_BASE_URL = environment.base_url()
PREAU_THREADS = environment.number("PREAU_THREADS", least=1, most=64)
PREAU_TRUSTED_PROXIES = environment.names("PREAU_TRUSTED_PROXIES")
PREAU_METRICS_TOKEN = environment.text("PREAU_METRICS_TOKEN")
_HTTPS = PREAU_BASE_URL.startswith("https:")

DEBUG = environment.flag("PREAU_DEBUG")
ALLOWED_HOSTS = [
    *dict.fromkeys(
        [
            urlsplit(PREAU_BASE_URL).hostname or "",
            *environment.names("PREAU_ALLOWED_HOSTS"),
            "localhost",
            "127.0.0.1",
            "[::1]",
        ]
    )
]


def _secret_key() -> str:
    from preau.kernel.keys import derive

    return derive("django").hex()


# Lazy, so that type checkers and `--help` make no key on the disk.
SECRET_KEY = lazy(_secret_key, str)()

INSTALLED_APPS = [
    *PREAU_ROOMS,
    "preau.platform.libraries.Cotton",
    "preau.platform.libraries.Partials",
    "django.contrib.messages",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]
AUTH_USER_MODEL = "directory.Person"
ROOT_URLCONF = "preau.platform.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What every answer carries (request id, host check, security headers) is done once in the root app, before the pool.
MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",
    "preau.platform.middleware.house",
    "django.middleware.common.CommonMiddleware",
    "csp.middleware.CSPMiddleware",
    "preau.ui.language.LanguageMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

if DEBUG:
    # Without the cached loader, a developer sees each change at once.
    _options = TEMPLATES[0]["OPTIONS"]
    _options["loaders"] = [(name, inner[0][1]) for name, inner in _options["loaders"]]

_URL = environment.text("PREAU_DATABASE_URL")


def _sqlite(name: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": PREAU_DATA / name,
        "OPTIONS": {
            # DEFERRED ends in "database is locked" as soon as two requests write; IMMEDIATE waits its turn.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8000; "
            "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;",
        },
    }


DATABASES: dict[str, dict[str, Any]] = {
    "default": environment.postgresql(_URL) if _URL else _sqlite("preau.sqlite3"),
    # Progress, leases and counters, seen while a long transaction is open: see kernel.db.Router.
    "volatile": environment.postgresql(_URL) if _URL else _sqlite("volatile.sqlite3"),
}
for _database in DATABASES.values():
    _database.update(CONN_MAX_AGE=None, CONN_HEALTH_CHECKS=bool(_URL), ATOMIC_REQUESTS=False)
if _URL:
    # One database behind both aliases; on SQLite the tests too have two files.
    DATABASES["volatile"]["TEST"] = {"MIRROR": "default"}
DATABASE_ROUTERS = ["preau.kernel.db.Router"]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "preau_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = _HTTPS
LOCALE_PATHS = [PACKAGE / "ui" / "locale"]
USE_TZ = True
TIME_ZONE = environment.text("PREAU_TIME_ZONE")

STATIC_URL = "/static/"
PREAU_STATIC = PACKAGE / "ui" / "dist"

# Fields are held in memory, files are not: larger bodies than this reach Django as multipart/form-data only, in which
# it counts fields alone.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_TEMP_DIR = PREAU_DATA / "tmp"

CSRF_COOKIE_NAME = "__Host-csrf" if _HTTPS else "csrf"
CSRF_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "preau.ui.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
# The cookie of messages takes its attributes from these; there is no sessions framework.
SESSION_COOKIE_SECURE = _HTTPS

_SELF = ("'self'",)
_NONE = ("'none'",)
# Every fetch directive is spelled out: an addition to one that fell back on default-src would lose 'self'.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": _SELF,
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": _SELF,
        "font-src": _SELF,
        "connect-src": _SELF,
        "media-src": _SELF,
        "manifest-src": _SELF,
        "worker-src": _SELF,
        "frame-src": _NONE,
        "object-src": _NONE,
        "base-uri": _NONE,
        "form-action": _SELF,
        "frame-ancestors": _NONE,
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "preau.platform.logs.Formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": environment.text("PREAU_LOG_LEVEL").upper()},
    "loggers": {
        # Its lines name paths, which carry one-use tokens; the access log says the same by route.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "django": {"level": "WARNING"},
        "uvicorn": {"level": "WARNING"},
        "asyncio": {"level": "WARNING"},
    },
}
