"""An organisation's colour as a stylesheet, readable whatever the colour."""

import re

WHITE, BLACK = "#ffffff", "#0b0c0c"
DEFAULT_COLOUR = "#1d70b8"


def write_theme(colour: str) -> str:
    """The CSS for a colour like `#1d70b8`; anything else gives the default colour.

    Text on the colour is black or white, whichever stands out more. One of the two always reaches
    the 4.5:1 that WCAG 2.2 asks for (https://www.w3.org/TR/WCAG22/#contrast-minimum).
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        colour = DEFAULT_COLOUR
    text = max(WHITE, BLACK, key=lambda each: contrast(each, colour))
    return f":root{{--govuk-brand-colour:{colour};--town-brand-text:{text}}}\n"


def contrast(one: str, other: str) -> float:
    """How much two colours stand out from each other, from 1 to 21."""
    dark, light = sorted([_luminance(one), _luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
