"""What the lab says and stops at."""


class Problem(Exception):
    """Something the user can do something about, said in one line."""
