"""The result of one guest's checks."""

SHOWN = 5


class Report:
    """Counts what was compared and keeps what differs."""

    def __init__(self):
        self.passed = True

    def compare(self, what: str, compared: int, differences: list[str]) -> None:
        """One line for a check; nothing compared is a failure too."""
        if compared and not differences:
            print(f"  ok      {what}: {compared}", flush=True)
            return
        self.passed = False
        print(f"  FAILED  {what}: {len(differences)} differences, {compared} compared", flush=True)
        for difference in differences[:SHOWN]:
            print(f"            {difference}", flush=True)
