"""Buttons, menus, text inputs and layout: what Discord takes, and what it says of the rest."""

from .errors import Form, Json

ROW, BUTTON, MENU, INPUT = 1, 2, 3, 4
MENUS = (3, 5, 6, 7, 8)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 13, 14, 17, 18
LINK, PREMIUM = 5, 6
V2 = 1 << 15
"""The message flag of components v2, which come without content and embeds."""

FIELDS = {
    ROW: {"components"},
    BUTTON: {"style", "label", "emoji", "custom_id", "sku_id", "url", "disabled"},
    INPUT: {"custom_id", "style", "label", "min_length", "max_length", "required", "value", "placeholder"},
    SECTION: {"components", "accessory"},
    TEXT: {"content"},
    THUMBNAIL: {"media", "description", "spoiler"},
    GALLERY: {"items"},
    FILE: {"file", "spoiler", "name", "size"},
    SEPARATOR: {"divider", "spacing"},
    CONTAINER: {"components", "accent_color", "spoiler"},
    LABEL: {"label", "description", "component"},
} | {
    kind: {
        "custom_id",
        "options",
        "channel_types",
        "placeholder",
        "default_values",
        "min_values",
        "max_values",
    }
    | {"disabled", "required"}
    for kind in MENUS
}


class Components:
    """One look through the components of a message or a modal."""

    def __init__(self, form: Form, unknown: list[str]) -> None:
        self.form, self.unknown = form, unknown
        self.custom_ids: set[str] = set()
        self.number = 0
        self.written = 0

    def message(self, path: str, components: object, *, v2: bool) -> None:
        form = self.form
        for number, each in enumerate(form.items(path, components, 40 if v2 else 5)):
            at = f"{path}.{number}"
            kind = form.table(at, each).get("type")
            allowed = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER) if v2 else (ROW,)
            form.choice(f"{at}.type", kind, allowed)
            if kind in allowed:
                self._one(at, each)
        if self.number > 40:
            form.wrong(
                path, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The total number of components is over 40"
            )
        if self.written > 4000:
            form.wrong(
                path,
                "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
                "Total displayable text is over 4000 characters",
            )

    def modal(self, path: str, data: Json) -> None:
        form = self.form
        form.text(f"{path}.title", data.get("title"), 45, 1, required=True)
        self._custom_id(path, data)
        for number, each in enumerate(form.items(f"{path}.components", data.get("components"), 5, 1)):
            at = f"{path}.components.{number}"
            kind = form.table(at, each).get("type")
            form.choice(f"{at}.type", kind, (ROW, LABEL, TEXT))
            if kind == ROW:
                inside = form.items(f"{at}.components", each.get("components"), 1, 1)
                if inside and form.table(f"{at}.components.0", inside[0]).get("type") != INPUT:
                    form.choice(f"{at}.components.0.type", inside[0].get("type"), (INPUT,))
                elif inside:
                    self._input(f"{at}.components.0", inside[0], labelled=True)
            elif kind == LABEL:
                form.text(f"{at}.label", each.get("label"), 45, 1, required=True)
                form.text(f"{at}.description", each.get("description"), 100)
                inner = form.table(f"{at}.component", each.get("component"))
                if inner.get("type") == INPUT:
                    self._input(f"{at}.component", inner, labelled=False)
                elif inner.get("type") in MENUS:
                    self._menu(f"{at}.component", inner)
                else:
                    form.choice(f"{at}.component.type", inner.get("type"), (INPUT, *MENUS))

    def _one(self, path: str, part: Json) -> None:
        self.number += 1
        kind = part["type"]
        self.unknown.extend(
            f"{path}.{name}"
            for name in part
            if name not in FIELDS.get(kind, ()) and name not in ("type", "id")
        )
        if kind == ROW:
            self._row(path, part)
        elif kind == BUTTON:
            self._button(path, part)
        elif kind in MENUS:
            self._menu(path, part)
        elif kind == TEXT:
            self.form.text(f"{path}.content", part.get("content"), 4000, 1, required=True)
            self.written += len(str(part.get("content")))
        elif kind == SECTION:
            self._inside(f"{path}.components", part.get("components"), 3, (TEXT,))
            self._inside(f"{path}.accessory", [part.get("accessory")], 1, (BUTTON, THUMBNAIL))
        elif kind == CONTAINER:
            inside = (ROW, TEXT, SECTION, GALLERY, SEPARATOR, FILE)
            self._inside(f"{path}.components", part.get("components"), 40, inside)
        elif kind == GALLERY:
            self.form.items(f"{path}.items", part.get("items"), 10, 1)
        elif kind in (FILE, THUMBNAIL):
            name = "file" if kind == FILE else "media"
            url = self.form.table(f"{path}.{name}", part.get(name)).get("url")
            self.form.text(f"{path}.{name}.url", url, 2048, 1, required=True)

    def _inside(self, path: str, parts: object, most: int, kinds: tuple[int, ...]) -> None:
        for number, each in enumerate(self.form.items(path, parts, most, 1)):
            at = f"{path}.{number}"
            kind = self.form.table(at, each).get("type")
            self.form.choice(f"{at}.type", kind, kinds)
            if kind in kinds:
                self._one(at, each)

    def _row(self, path: str, row: Json) -> None:
        inside = self.form.items(f"{path}.components", row.get("components"), 5, 1)
        kinds = [each.get("type") if isinstance(each, dict) else None for each in inside]
        if any(kind in MENUS for kind in kinds) and len(kinds) > 1:
            self.form.wrong(
                f"{path}.components",
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                "The specified component exceeds the maximum width",
            )
        for number, (each, kind) in enumerate(zip(inside, kinds, strict=True)):
            at = f"{path}.components.{number}"
            self.form.choice(f"{at}.type", kind, (BUTTON, *MENUS))
            if kind in (BUTTON, *MENUS):
                self._one(at, each)

    def _button(self, path: str, button: Json) -> None:
        form, style = self.form, button.get("style")
        form.choice(f"{path}.style", style, (1, 2, 3, 4, 5, 6))
        form.text(f"{path}.label", button.get("label"), 80)
        self._emoji(path, button)
        if style == LINK:
            form.text(f"{path}.url", button.get("url"), 512, 1, required=True)
            if button.get("custom_id") is not None:
                form.wrong(
                    path,
                    "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                    "A custom id and url cannot both be specified",
                )
        elif style != PREMIUM:
            self._custom_id(path, button)
            if button.get("url") is not None:
                form.wrong(
                    path,
                    "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                    "A custom id and url cannot both be specified",
                )
        if style != PREMIUM and not button.get("label") and not button.get("emoji"):
            form.wrong(f"{path}.label", "BUTTON_COMPONENT_LABEL_REQUIRED", "A label or emoji is required")

    def _menu(self, path: str, menu: Json) -> None:
        form = self.form
        self._custom_id(path, menu)
        form.text(f"{path}.placeholder", menu.get("placeholder"), 150)
        low, high = menu.get("min_values", 1), menu.get("max_values", 1)
        form.number(f"{path}.min_values", low, 0, 25)
        form.number(f"{path}.max_values", high, 1, 25)
        if isinstance(low, int) and isinstance(high, int) and low > high:
            form.wrong(
                f"{path}.min_values", "SELECT_COMPONENT_MIN_VALUES_TOO_LARGE", "Min values is over max values"
            )
        if menu["type"] != MENU:
            return
        options = form.items(f"{path}.options", menu.get("options"), 25, 1)
        seen: set[object] = set()
        for number, option in enumerate(options):
            at = f"{path}.options.{number}"
            said = form.table(at, option)
            for name, least in (("label", 1), ("value", 1), ("description", 0)):
                form.text(f"{at}.{name}", said.get(name), 100, least, required=least == 1)
            self._emoji(at, said)
            if said.get("value") in seen:
                form.wrong(
                    at,
                    "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                    "The specified option value is already used",
                )
            seen.add(said.get("value"))
        if isinstance(high, int) and options and high > len(options):
            form.wrong(
                f"{path}.max_values",
                "SELECT_COMPONENT_MAX_VALUES_TOO_LARGE",
                f"Must be {len(options)} or fewer",
            )

    def _input(self, path: str, part: Json, *, labelled: bool) -> None:
        form = self.form
        self._custom_id(path, part)
        form.choice(f"{path}.style", part.get("style"), (1, 2))
        if labelled:
            form.text(f"{path}.label", part.get("label"), 45, 1, required=True)
        form.text(f"{path}.placeholder", part.get("placeholder"), 100)
        form.text(f"{path}.value", part.get("value"), 4000)
        form.number(f"{path}.min_length", part.get("min_length"), 0, 4000)
        form.number(f"{path}.max_length", part.get("max_length"), 1, 4000)

    def _emoji(self, path: str, part: Json) -> None:
        if part.get("emoji") is not None:
            emoji = self.form.table(f"{path}.emoji", part["emoji"])
            if not emoji.get("id") and not emoji.get("name"):
                self.form.wrong(f"{path}.emoji.name", "COMPONENT_INVALID_EMOJI", "Invalid emoji")

    def _custom_id(self, path: str, part: Json) -> None:
        custom = part.get("custom_id")
        self.form.text(f"{path}.custom_id", custom, 100, 1, required=True)
        if custom in self.custom_ids:
            self.form.wrong(
                f"{path}.custom_id",
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                "Component custom id cannot be duplicated",
            )
        self.custom_ids.add(str(custom))
