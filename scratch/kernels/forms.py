"""Which form a kernel takes: the fast one, or the textbook's."""


class Forms:
    textbook = False


forms = Forms()


class textbook:
    """Run every kernel as the textbook writes it: `textbook(True)`.

    Also a context, `with textbook():`, that ends as it began. The fast forms
    give the same numbers but for rounding; this switch lets you check that,
    and step through a whole network in the plain forms.
    """

    def __init__(self, mode: bool = True) -> None:
        self.before = forms.textbook
        forms.textbook = bool(mode)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        forms.textbook = self.before


def is_textbook() -> bool:
    """Whether kernels run in their textbook forms."""
    return forms.textbook
