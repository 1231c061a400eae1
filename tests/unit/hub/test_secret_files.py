"""Secrets come from files as from the environment, and a mistake is told without them."""

from pathlib import Path

import pytest

from central_hub.secret_files import SecretUnreadable, read_into


def test_a_file_stands_for_its_variable(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("s3cret\n")
    environment = {"GTV_SECRET_KEY_FILE": str(file), "GTV_S3_BUCKET": "gtv", "OTHER_FILE": "/nowhere"}
    read_into(environment)
    assert environment == {"GTV_SECRET_KEY": "s3cret", "GTV_S3_BUCKET": "gtv", "OTHER_FILE": "/nowhere"}


def test_variable_and_file_together_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SecretUnreadable, match="both set"):
        read_into({"GTV_SECRET_KEY": "one", "GTV_SECRET_KEY_FILE": str(tmp_path)})


def test_an_empty_file_is_an_empty_variable(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("\n")
    environment = {"GTV_SMTP_PASSWORD_FILE": str(tmp_path / "password")}
    read_into(environment)
    assert environment == {"GTV_SMTP_PASSWORD": ""}


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_gives_no_secret_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SecretUnreadable, match="GTV_SECRET_KEY_FILE"):
        read_into({"GTV_SECRET_KEY_FILE": str(file)})
