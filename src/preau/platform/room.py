"""What the platform itself declares: the settings of the machine, and checks of what it stands on."""

from __future__ import annotations

from preau.kernel.room import Check, Room, Setting

room = Room(
    name="platform",
    settings=(
        Setting(
            name="PREAU_DATA",
            default="var",
            help="Folder of everything this instance keeps on disk: database, instance key, uploads in flight. "
            "Made with mode 0700.",
        ),
        Setting(
            name="PREAU_BASE_URL",
            default="",
            help="Where people reach this instance. Unset: `http://localhost:` and the port (`https:` with "
            "`PREAU_TLS_CERT`). With an IP address browsers offer no passkey.",
        ),
        Setting(
            name="PREAU_ALLOWED_HOSTS",
            default="",
            help="More host names that requests may ask for, separated by commas. The one of `PREAU_BASE_URL`, "
            "`localhost`, `127.0.0.1` and `[::1]` always may.",
        ),
        Setting(name="PREAU_HOST", default="127.0.0.1", help="Address to listen on; `0.0.0.0` for the whole network."),
        Setting(name="PREAU_PORT", default="8000", help="Port to listen on."),
        Setting(name="PREAU_TLS_CERT", default="", help="PEM file with the certificate and its chain: serves TLS."),
        Setting(name="PREAU_TLS_KEY", default="", help="PEM file with the key of `PREAU_TLS_CERT`."),
        Setting(
            name="PREAU_TRUSTED_PROXIES",
            default="",
            help="Addresses or networks (CIDR) of reverse proxies, separated by commas. Only from them are "
            "`X-Forwarded-For`, `X-Forwarded-Proto` and `X-Request-Id` believed.",
        ),
        Setting(
            name="PREAU_DATABASE_URL",
            default="",
            secret=True,
            help="`postgresql://user:password@host:5432/name`. Unset: SQLite in `PREAU_DATA`.",
        ),
        Setting(
            name="PREAU_KEY_FILE",
            default="",
            help="File with the instance's 32-byte key. Unset: `instance.key` in `PREAU_DATA`, made on first use.",
        ),
        Setting(name="PREAU_THREADS", default="8", help="Pages computed at the same time (1 to 64)."),
        Setting(
            name="PREAU_METRICS_TOKEN",
            default="",
            secret=True,
            help="Lets a Prometheus on another machine read `/metrics` with `Authorization: Bearer …`. Unset: this "
            "machine only.",
        ),
        Setting(
            name="PREAU_DEMO_PUBLIC",
            default="no",
            help="`yes`, together with `--host` or `PREAU_HOST`: a demo instance may listen beyond this machine, "
            "although everybody knows its passwords.",
        ),
        Setting(name="PREAU_LOG_LEVEL", default="INFO", help="`DEBUG`, `INFO`, `WARNING` or `ERROR`."),
        Setting(
            name="PREAU_DEBUG",
            default="no",
            help="`yes` on a developer's machine: errors show their code and templates are read again at each page.",
        ),
    ),
    checks=(
        Check(name="settings", run="preau.platform.checks:settings_known", help="chaque variable PREAU_ est connue"),
        Check(
            name="files",
            run="preau.platform.checks:files_private",
            help="la clé et les données ne sont lisibles que de leur propriétaire",
        ),
        Check(name="database", run="preau.platform.checks:database_ready", help="les bases répondent et sont à jour"),
    ),
)
