"""How NumPy computes in a thread of ours: silently, and by short buffers."""

import numpy as np

BUFFER = 1024  # numbers


def settle() -> None:
    """Set this thread's manners; NumPy keeps them for each thread.

    NumPy warns of 1/0 and overflow at every step; torch follows IEEE 754
    silently. And what an operation must convert, or read again and again (a
    column beside a matrix), goes through a buffer, unless half of it is less
    than a row: without it rows of a thousand take half the time.
    """
    np.seterr(all="ignore")
    np.setbufsize(BUFFER)
