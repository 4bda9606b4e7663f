from shared_apps.core.scope import NoScope, current_scope


def salon_key(key: str, key_prefix: str, version: int) -> str:
    """Cache keys of the default cache belong to the salon in scope, by its id."""
    salon_id = current_scope().id
    if salon_id is None:
        raise NoScope("the salon cache was used outside a salon; use the 'platform' cache")
    return f"salon:{salon_id}:{key_prefix}:{version}:{key}"
