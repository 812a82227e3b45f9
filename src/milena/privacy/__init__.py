"""Privacy: what is kept of a person, told in one document; and erasing the person."""

from milena.privacy.document import document
from milena.privacy.erasing import Erased, Eraser, erased_again

__all__ = ["Erased", "Eraser", "document", "erased_again"]
