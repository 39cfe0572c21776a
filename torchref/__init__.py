"""The facing page of scratch, in torch: every network, at full size."""
