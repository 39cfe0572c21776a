"""XNNPACK, for telephones: not here."""

enabled = False
