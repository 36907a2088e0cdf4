"""Somebody who uses a page by mouse and keys, and counts what it costs them."""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page

DROP = """(input, target) => {
    const data = new DataTransfer();
    for (const file of input.files) data.items.add(file);
    input.remove();
    (document.querySelector(target) || document.body).dispatchEvent(
        new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@dataclass
class Hands:
    """Hands at a page: every click, key, drop and typed character is counted, and by step."""

    page: Page
    actions: int = 0
    characters: int = 0
    steps: dict[str, tuple[int, int]] = field(default_factory=dict)

    def begin(self, step: str) -> None:
        """Count what follows under this name as well."""
        self._step = step

    def _count(self, actions: int, characters: int = 0) -> None:
        before = self.steps.get(self._step, (0, 0))
        self.steps[self._step] = (before[0] + actions, before[1] + characters)
        self.actions += actions
        self.characters += characters

    def click(self, what: str | Locator) -> None:
        """Click a link, a button or a label; a text names the first link or button with it."""
        if isinstance(what, str):
            button = self.page.get_by_role("button", name=what, exact=True)
            what = button.or_(self.page.get_by_role("link", name=what, exact=True)).first
        self._count(1)
        what.click()

    def click_to(self, what: Locator) -> None:
        """Click while Shift is held, which selects all between."""
        self._count(2)
        what.click(modifiers=["Shift"])

    def press(self, key: str) -> None:
        """Press a key."""
        self._count(1)
        self.page.keyboard.press(key)

    def choose(self, question: str, answer: str) -> None:
        """Choose an answer of a question."""
        group = self.page.get_by_role("group", name=question, exact=False)
        self.click(group.locator("label").filter(has_text=answer).first)

    def write(self, label: str, text: str) -> None:
        """Click into a field that has not the focus yet, and type."""
        box = self.page.get_by_label(label).first
        if not box.evaluate("each => each === document.activeElement"):
            self.click(box)
        self._count(0, len(text))
        self.page.keyboard.type(text)

    def select(self, label: str, value: str) -> None:
        """Open a list of choices, and choose one."""
        self._count(2)
        self.page.get_by_label(label).first.select_option(value)

    def drop(self, files: Path | list[Path], target: str = "body") -> None:
        """Drop files on the page."""
        self._count(1)
        self.page.evaluate(
            "document.body.append(Object.assign(document.createElement('input'),"
            " { type: 'file', multiple: true, id: 'hand' }))"
        )
        hand = self.page.locator("#hand")
        hand.set_input_files(files)
        hand.evaluate(DROP, target)

    def told(self) -> str:
        """Return the counts, by step and together."""
        lines = [
            f"{step}: {one} actions, {two} characters" for step, (one, two) in self.steps.items()
        ]
        return "\n".join(
            [*lines, f"together: {self.actions} actions, {self.characters} characters"]
        )
