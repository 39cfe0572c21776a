"""torch's own file format, written and read without torch."""

from collections.abc import Callable
from typing import TypeAlias

from scratch.device import device as _device
from scratch.serialization.allowed import (
    add_safe_globals,
    clear_safe_globals,
    get_safe_globals,
    safe_globals,
)
from scratch.serialization.archive import LoadError
from scratch.serialization.checkpoint import (
    get_unsafe_globals_in_checkpoint,
    load,
    save,
)
from scratch.serialization.safe import load_safetensors, save_safetensors
from scratch.types import Storage

# what load takes as map_location
MAP_LOCATION: TypeAlias = (Callable[[Storage, str], Storage] | _device | str
                           | dict[str, str] | None)
DEFAULT_PROTOCOL = 2  # of pickle, which save writes
