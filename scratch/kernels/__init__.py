"""Arrays in, arrays out: the loops that NumPy runs for the operations."""
