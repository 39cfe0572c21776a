"""Ordinary torch training programs; each prints what it learned."""
