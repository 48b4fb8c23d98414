"""What a respondent meets. Importing this hangs every route of the room on its Blueprint.

In: nothing. Out: ``blueprint`` for app.py.
"""

from surveys.answering import asking, doors, errors, finishing, hiding, staying
from surveys.answering.blueprint import blueprint
from surveys.contact import talking

__all__ = ["asking", "blueprint", "doors", "errors", "finishing", "hiding", "staying", "talking"]
