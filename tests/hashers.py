from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    """The real algorithm at the lowest cost, so that tests may sign in like anyone."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
