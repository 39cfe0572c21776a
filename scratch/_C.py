"""torch._C: torch's inner part, of which other people's libraries call one."""


def _log_api_usage_once(event: str) -> None:
    """Nothing is counted."""
