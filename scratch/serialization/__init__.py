"""torch's own file format, written and read without torch."""

from scratch.serialization.archive import LoadError
from scratch.serialization.checkpoint import load, save
from scratch.serialization.safe import load_safetensors, save_safetensors
