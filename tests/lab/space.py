"""An address space as the engine sees it."""
from engine import Mapping


class Space:
    """The pages that the engine found, and the one behind an address."""

    def __init__(self, pages: list[Mapping]):
        self.pages = pages
        self._starts = {p.address: p for p in pages}
        self._sizes = sorted({p.size for p in pages})

    def at(self, address: int) -> Mapping | None:
        for size in self._sizes:
            page = self._starts.get(address & -size)
            if page and page.size == size:
                return page
        return None

    def translate(self, address: int) -> int | None:
        page = self.at(address)
        return page and page.physical + address - page.address
