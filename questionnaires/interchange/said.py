"""Put texts into the columns of every language.

In: texts of a questionnaire, and catalogues. Out: cells. A text that a catalogue lacks leaves its
cell empty; English never stands under the name of another language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from questionnaires.interchange.languages import SOURCE, Translations, heading
from questionnaires.piping import placeholders

Form = Callable[[Sequence[str]], str]
"""How several texts become the text of one cell."""


def alone(texts: Sequence[str]) -> str:
    """One text, as it is."""
    return texts[0]


def paragraphs(texts: Sequence[str]) -> str:
    """Texts with an empty line between them."""
    return "\n\n".join(texts)


def with_ends(texts: Sequence[str]) -> str:
    """A hint, if there is one, and the words at both ends of a ladder."""
    *hint, low, high = texts
    return "\n".join((*hint, f"0: {low}", f"10: {high}"))


@dataclass(frozen=True, slots=True)
class Said:
    """Writes texts in the language of the questionnaire and in all that it is translated to."""

    translations: Translations

    @property
    def codes(self) -> tuple[str, ...]:
        """The languages, the questionnaire's own first."""
        return (SOURCE, *self.translations)

    def columns(self, column: str) -> tuple[str, ...]:
        """The headings of a column in every language."""
        return tuple(heading(column, code) for code in self.codes)

    def cells(
        self,
        column: str,
        texts: Sequence[str],
        form: Form = alone,
        pipes: Mapping[str, str] | None = None,
    ) -> dict[str, str]:
        """The cells of a column; ``pipes`` tells what stands for ``{id}`` in the sheet."""
        pipes = pipes or {}
        cells = {heading(column, SOURCE): _piped(form(texts), pipes)}
        for code, catalogue in self.translations.items():
            translated = [catalogue.get(text, "") for text in texts]
            if all(translated):
                cells[heading(column, code)] = _piped(form(translated), pipes)
        return cells

    def everywhere(self, column: str, text: str) -> dict[str, str]:
        """The same text in every language; for marks, which are no language's words."""
        return dict.fromkeys(self.columns(column), text)


def _piped(text: str, pipes: Mapping[str, str]) -> str:
    for name in dict.fromkeys(placeholders(text)):
        if name in pipes:
            text = text.replace(f"{{{name}}}", f"${{{pipes[name]}}}")
    return text
