"""Simulations on demand: one at a time, in a thread of its own, while the server serves."""

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from typing import TypeAlias

from msgspec.structs import replace

from waag.domain.refusals import Refusal, StoreUnavailable
from waag.domain.simulation.plan import Asked
from waag.services.simulated_usage import Metering
from waag.services.simulation import Progress, Simulation, SimulationRefused, Stage

Prepare: TypeAlias = Callable[[Asked, Callable[[Progress], None]], Simulation]
"""Checks what is asked for and plans it, or refuses."""

OpenMetering: TypeAlias = Callable[[Simulation], AbstractAsyncContextManager[Metering]]
"""Opens what usage is reported through; its loop is the thread's."""

_log = logging.getLogger(__name__)


class SimulationThread:
    """Implements `waag.services.simulation.Simulations`.

    Args:
        prepare: see `Prepare`.
        open_metering: see `OpenMetering`.
        ended: told when one is over, however it ended.
    """

    def __init__(
        self, prepare: Prepare, open_metering: OpenMetering, ended: Callable[[], None]
    ) -> None:
        self._prepare = prepare
        self._open_metering = open_metering
        self._ended = ended
        self._beginning = threading.Lock()
        self._simulation: Simulation | None = None
        self._thread: threading.Thread | None = None
        self._latest: Progress | None = None

    @property
    def latest(self) -> Progress | None:
        """How far the one has come that is in hand, or was last."""
        return self._latest

    def begin(self, asked: Asked) -> Progress:
        """See `waag.services.simulation.Simulations.begin`."""
        with self._beginning:
            if self._thread is not None and self._thread.is_alive():
                raise SimulationRefused(
                    "A simulation is running; there is one at a time. Wait for it, or stop it."
                )
            simulation = self._prepare(asked, self._report)
            self._simulation = simulation
            self._latest = simulation.progress
            self._thread = threading.Thread(target=self._run, args=(simulation,), name="simulation")
            self._thread.start()
            return simulation.progress

    def stop(self) -> Progress | None:
        """See `waag.services.simulation.Simulations.stop`."""
        if self._simulation is not None:
            self._simulation.stop()
        if self._thread is not None:
            self._thread.join()
        return self._latest

    def close(self) -> None:
        """Stop what runs."""
        self.stop()

    def _report(self, progress: Progress) -> None:
        self._latest = progress

    def _run(self, simulation: Simulation) -> None:
        why = self._failed(simulation)
        if why is not None:
            self._latest = replace(simulation.progress, stage=Stage.FAILED, why=why)
        with suppress(StoreUnavailable):
            self._ended()

    def _failed(self, simulation: Simulation) -> str | None:
        """Carry it out; why it failed, if it did."""
        try:
            asyncio.run(self._carry_out(simulation))
        except Refusal as refused:
            return refused.why
        except Exception:  # noqa: BLE001 - the outermost frame of the thread: it logs
            _log.exception("the simulation failed")
            return "Waag failed; its log says why."
        return None

    async def _carry_out(self, simulation: Simulation) -> None:
        async with self._open_metering(simulation) as metering:
            await simulation.carry_out(metering)
