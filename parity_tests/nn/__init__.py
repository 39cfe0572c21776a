"""Parity of nn: functions, layers, modules."""
