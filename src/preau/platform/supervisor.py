"""`preau run`'s own process: starts web, worker and the rooms' processes, starts them again, stops them in order.

It loads neither Django nor a room: it lives as long as the instance, and what it holds in memory nobody else can have.
It sleeps until a signal, a child's end or a moment it waits for; there is no polling.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from preau.kernel import clock
from preau.platform.children import Child
from preau.platform.words import _

# A little more than the web process gives its own requests (server.DRAIN_SECONDS).
WEB_STOP_SECONDS = 13.0
WORKER_STOP_SECONDS = 30.0
STOP_SIGNALS = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})


class Supervisor:
    """Runs the children. `web` gets the listening socket and says on a pipe when it accepts; `others` just run."""

    def __init__(
        self,
        web: Child,
        others: Sequence[Child],
        listener: socket.socket,
        *,
        say: Callable[[str], None],
        on_ready: Callable[[], None],
    ) -> None:
        self._web = web
        self._others = list(others)
        self._listener = listener
        self._say = say
        self._on_ready = on_ready
        self._selector = selectors.DefaultSelector()
        self._ready_pipe: int | None = None
        self._was_ready = False
        self._exit = 0
        # Groups of children still to be stopped, first ones first; None while the instance runs.
        self._to_stop: list[tuple[list[Child], float]] | None = None
        self._kill_at: float | None = None
        self._watched: set[Child] = set()

    def run(self) -> int:
        """Runs until a stop signal; 0 after an orderly stop, 1 when a child did not survive the first start."""
        with self._signals() as wakeup:
            for child in (self._web, *self._others):
                self._start(child)
            while not self._is_over():
                for key, _events in self._selector.select(self._patience()):
                    if key.fileobj is wakeup:
                        self._told(wakeup.recv(64))
                    else:
                        self._hear_web()
                self._bury()
                self._start_due()
                self._go_on_stopping()
        self._selector.close()
        return self._exit

    @contextmanager
    def _signals(self) -> Iterator[socket.socket]:
        inside, outside = socket.socketpair()
        inside.setblocking(False)
        outside.setblocking(False)
        numbers = {*STOP_SIGNALS, signal.SIGCHLD}
        if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
            # Started with nohup: the terminal may go.
            numbers.discard(signal.SIGHUP)
        before = {number: signal.signal(number, lambda _number, _frame: None) for number in numbers}
        old_wakeup = signal.set_wakeup_fd(inside.fileno(), warn_on_full_buffer=False)
        self._selector.register(outside, selectors.EVENT_READ)
        try:
            yield outside
        finally:
            signal.set_wakeup_fd(old_wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)
            inside.close()
            outside.close()

    def _start(self, child: Child) -> None:
        if child is self._web:
            self._forget_pipe()
            hears, says = os.pipe()
            handed = (self._listener.fileno(), says)
            child.start(["--fd", str(handed[0]), "--ready-fd", str(says)], handed)
            os.close(says)
            self._ready_pipe = hears
            self._selector.register(hears, selectors.EVENT_READ)
        else:
            child.start()
        self._watched.add(child)

    def _hear_web(self) -> None:
        said = os.read(self._ready_pipe, 64) if self._ready_pipe is not None else b""
        self._forget_pipe()
        if said and not self._was_ready:
            self._was_ready = True
            self._on_ready()

    def _forget_pipe(self) -> None:
        if self._ready_pipe is not None:
            self._selector.unregister(self._ready_pipe)
            os.close(self._ready_pipe)
            self._ready_pipe = None

    def _told(self, numbers: bytes) -> None:
        for number in numbers:
            if number not in STOP_SIGNALS:
                continue
            if self._to_stop is None:
                self._stop()
            elif number == signal.SIGINT:
                self._kill([self._web, *self._others])

    def _stop(self) -> None:
        self._say(_("Arrêt : les demandes en cours se terminent."))
        # Whoever comes now is refused at once rather than left waiting in the socket's queue.
        self._listener.close()
        for child in (self._web, *self._others):
            child.start_at = None
        self._to_stop = [([self._web], WEB_STOP_SECONDS), (self._others, WORKER_STOP_SECONDS)]
        self._kill_at = None

    def _go_on_stopping(self) -> None:
        while self._to_stop:
            group, seconds = self._to_stop[0]
            alive = [child for child in group if child.alive]
            if not alive:
                self._to_stop.pop(0)
                self._kill_at = None
            elif self._kill_at is None:
                for child in alive:
                    child.signal(signal.SIGTERM)
                self._kill_at = clock.monotonic() + seconds
                return
            else:
                if clock.monotonic() >= self._kill_at:
                    self._kill(alive)
                return

    def _kill(self, children: Sequence[Child]) -> None:
        for child in children:
            child.signal(signal.SIGKILL)
        # They are gone as soon as the kernel has cleaned up; SIGCHLD then wakes us.
        self._kill_at = clock.monotonic() + 1.0

    def _bury(self) -> None:
        for child in list(self._watched):
            if child.alive:
                continue
            self._watched.discard(child)
            if self._to_stop is not None:
                continue
            if not self._was_ready:
                # Nothing that fails at its first start gets better by trying: its own message says what to mend.
                self._say(_("{name} n’a pas pu démarrer ({status}).").format(name=child.name, status=child.status))
                self._exit = 1
                self._stop()
                return
            pause = child.plan_restart()
            self._say(
                _("{name} s’est arrêté ({status}) ; nouveau départ dans {pause:g} s.").format(
                    name=child.name, status=child.status, pause=pause
                )
            )

    def _start_due(self) -> None:
        for child in (self._web, *self._others):
            if child.start_at is not None and clock.monotonic() >= child.start_at:
                self._start(child)

    def _patience(self) -> float | None:
        moments = [child.start_at for child in (self._web, *self._others) if child.start_at is not None]
        if self._kill_at is not None:
            moments.append(self._kill_at)
        return max(0.0, min(moments) - clock.monotonic()) if moments else None

    def _is_over(self) -> bool:
        return self._to_stop is not None and not self._to_stop
