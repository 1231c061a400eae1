"""What a browser must load before it shows the first page of an app, as it was built."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_BYTES = 300_000


def loaded_first(app: Path) -> set[Path]:
    """The scripts that the page names, and what they import before they run."""
    page = (app / "index.html").read_text()
    waiting = {app / name.lstrip("/") for name in re.findall(r'(?:src|href)="(/assets/[^"]+\.js)"', page)}
    loaded: set[Path] = set()
    while waiting:
        script = waiting.pop()
        loaded.add(script)
        imported = re.findall(r'(?:from|import)\s*"(\./[^"]+\.js)"', script.read_text())
        waiting |= {script.parent / name for name in imported} - loaded
    return loaded


@pytest.mark.parametrize("app", ["edge_agent", "central_hub"])
def test_the_first_load_of_an_app_is_less_than_300_kb_of_scripts(app: str) -> None:
    scripts = loaded_first(ROOT / app / "static_app")
    sizes = {script.name: len(gzip.compress(script.read_bytes(), 6)) for script in scripts}
    assert scripts
    assert sum(sizes.values()) < MOST_BYTES, sizes
    assert not any(name.startswith("hls") for name in sizes), "loaded when a video is opened"
