"""What torchref promises: networks, data, training, devices, commands."""
