"""The web process of `preau run`, on a socket it is handed."""

from __future__ import annotations

import argparse
import socket

DJANGO = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The descriptors that `preau run` passes on."""
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--ready-fd", type=int)


def run(namespace: argparse.Namespace) -> int:
    """Serves until told to stop."""
    from preau.platform import environment, rootapp, server

    server.serve(
        rootapp.build(),
        socket.socket(fileno=namespace.fd),
        ready=namespace.ready_fd,
        certificate=environment.text("PREAU_TLS_CERT"),
        key=environment.text("PREAU_TLS_KEY"),
    )
    return 0
