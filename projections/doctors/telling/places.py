"""What municipalities are called."""

from domain.rulebook.rulebook import RuleBook


class Places:
    """The names of municipalities by number, as the lists that are adopted have them."""

    def __init__(self, book: RuleBook) -> None:
        self._lists = list(reversed([*book.lists.values()]))
        self._names: dict[str, str] = {}

    def name(self, code: str) -> str:
        """A municipality by name; an ended number by the name of what came after."""
        if code not in self._names:
            self._names[code] = self._found(code)
        return self._names[code]

    def _found(self, code: str) -> str:
        for each in self._lists:
            if found := each.by_code.get(each.successors.get(code, code)):
                return found.name
        return f"kommune {code}"
