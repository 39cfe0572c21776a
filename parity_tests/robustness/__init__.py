"""Damage, hostility and interruption: nothing lost, nothing let in."""
