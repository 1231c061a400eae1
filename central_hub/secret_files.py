"""Secrets that lie in files: `GTV_SECRET_KEY_FILE=PATH` stands for `GTV_SECRET_KEY` with the file's text.

Container engines and service managers hand out secrets so: a file is seen by who may read it, the
environment by everybody who may inspect the container.
"""

import os
from collections.abc import MutableMapping
from pathlib import Path

_SUFFIX = "_FILE"


class SecretUnreadable(Exception):
    """The file that is named for a secret cannot be used; the text says which and why, and nothing of it."""


def read_into(environment: MutableMapping[str, str] = os.environ) -> None:
    """Set every `GTV_…` whose `GTV_…_FILE` is set. Raises SecretUnreadable.

    The variable and the file together are refused: which of them was meant cannot be known. An empty file is
    an empty variable: a mail server may want no password.
    """
    for variable in [name for name in environment if name.startswith("GTV_") and name.endswith(_SUFFIX)]:
        name = variable.removesuffix(_SUFFIX)
        if environment.get(name):
            raise SecretUnreadable(f"{name} and {variable} are both set")
        environment[name] = _text_of(variable, environment.pop(variable))


def _text_of(variable: str, file: str) -> str:
    try:
        return Path(file).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretUnreadable(f"{variable}: {error}") from None
