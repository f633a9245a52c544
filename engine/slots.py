"""Turn results of forked processes into short messages whose large buffers lie in memory that both share, and back."""

from __future__ import annotations

import mmap
import pickle
import weakref
from typing import Any

import numpy as np

SIZE = 64 << 20  # bytes of a slot; the system gives only what is written to
_ALIGNED = 64

Message = tuple[bytes, tuple[tuple[int, int], ...]]


class Slots:
    """Some pieces of memory, made before the processes that are to share them. A slot is taken before the work begins and is free again when nothing that
    was read from it is used any more."""

    def __init__(self, count: int, size: int = SIZE) -> None:
        self._memory = [mmap.mmap(-1, size) for _ in range(count)]
        self._read: dict[int, weakref.ref[np.ndarray]] = {}  # of what is still used
        self._free = list(range(count))

    def take(self) -> int:
        """A free slot; -1 where there is none, and then the message itself holds everything."""
        for slot in [slot for slot, read in self._read.items() if read() is None]:
            del self._read[slot]
            self._free.append(slot)
        return self._free.pop(0) if self._free else -1

    def pack(self, slot: int, result: Any) -> Message:
        """In the other process: the buffers of Arrow and NumPy go into the slot as far as there is room, the rest into the message."""
        if slot < 0:
            return pickle.dumps(result, 5), ()
        memory, places = self._memory[slot], list[tuple[int, int]]()

        def inside(buffer: pickle.PickleBuffer) -> bool:
            raw = buffer.raw()
            start = -(-places[-1][1] // _ALIGNED) * _ALIGNED if places else 0
            if start + raw.nbytes > len(memory):
                return True
            memory[start : start + raw.nbytes] = raw
            places.append((start, start + raw.nbytes))
            return False

        return pickle.dumps(result, 5, buffer_callback=inside), tuple(places)

    def unpack(self, slot: int, message: Message) -> Any:
        """What was packed; its buffers are those of the slot."""
        content, places = message
        if slot < 0:
            return pickle.loads(content)
        whole = np.frombuffer(self._memory[slot], dtype=np.uint8)
        whole.flags.writeable = False
        self._read[slot] = weakref.ref(whole)
        return pickle.loads(content, buffers=[whole[start:end] for start, end in places])

    def give_back(self, slot: int) -> None:
        """A slot whose result never came."""
        if slot >= 0:
            self._free.append(slot)
