"""The pictures of docs/pictures/: a mail as a reader sees it, light and dark, drawn by Chromium from a golden digest.

`./run.sh pictures` makes them anew after a change of the templates. Needs `chromium` (or `google-chrome`) on the PATH.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from alerts import render
from tests.tell import load

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CASE = "busy"
WIDTH, HEIGHT = 640, 1_086  # pixels: the letter's 600 and its margins, down to the quote of the second event
SCHEMES = {"dark": 0, "light": 1}  # Blink's numbers for prefers-color-scheme
LARGEST = 150_000  # bytes a picture may have: a page that shows it loads at once on a telephone
PATIENCE = 60.0  # seconds


def draw(page: Path, scheme: str, picture: Path, browser: str) -> None:
    """One page as a PNG, in a profile of its own and without any network."""
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run([
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--hide-scrollbars", f"--user-data-dir={profile}", f"--screenshot={picture}",
            f"--window-size={WIDTH},{HEIGHT}", f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}",
            page.as_uri()], check=True, capture_output=True, timeout=PATIENCE)


def main() -> int:
    """Draw both; 1 where there is no browser, or one came out too large."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        sys.stderr.write(f"pictures: none of {', '.join(BROWSERS)} is on the PATH; install one (Debian: apt install "
                         "chromium) and try again.\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "digest.html"
        page.write_text(render.html(load(CASE)), "utf-8")
        for scheme in SCHEMES:
            picture = FOLDER / f"digest-{scheme}.png"
            draw(page, scheme, picture, browser)
            size = picture.stat().st_size
            sys.stdout.write(f"{picture.relative_to(Path.cwd())}: {size:,} bytes\n")
            if size > LARGEST:
                sys.stderr.write(f"pictures: {picture.name} has more than {LARGEST:,} bytes; lower HEIGHT.\n")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
