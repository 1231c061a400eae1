"""What the demo remembers is whole, private, and survives its next start."""

from pathlib import Path

import pytest

from demo.engines import EngineError
from demo.state import State


def test_secrets_and_ports_stay_from_start_to_start(tmp_path: Path) -> None:
    file = tmp_path / "demo" / "state.json"
    first = State.load(file, ["cam1"])
    assert State.load(file, ["cam1"]) == first
    assert file.stat().st_mode & 0o077 == 0, "others can read the secrets"


def test_a_damaged_state_is_one_line_that_shows_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    secret = State.load(file, ["cam1"]).secret_key
    file.write_text(file.read_text()[:-20])
    with pytest.raises(EngineError) as refused:
        State.load(file, ["cam1"])
    assert "damaged" in str(refused.value)
    assert secret not in str(refused.value)
    assert "\n" not in str(refused.value)
