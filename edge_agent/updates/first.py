"""The first installation of a box: the slots, one of them filled, and the launcher beside them.

FirstInstallRefused    the text (Portuguese) says why; what was there is as it was
"""

import shutil
from pathlib import Path

from edge_agent.updates import install, launcher
from edge_agent.updates.launcher import Slots

#: Of this wheel's file name: https://packaging.python.org/specifications/binary-distribution-format
_OWN_WHEEL = "gt_vision-*.whl"


class FirstInstallRefused(Exception):
    """There is software already, or none to install."""


def install_first(root: Path, wheels: Path) -> str:
    """The version that was installed. Raises FirstInstallRefused, OSError."""
    if (root / "current").is_symlink():
        raise FirstInstallRefused(f"{root} já tem uma versão; quem a troca é a central")
    found = sorted(wheels.glob(_OWN_WHEEL))
    if len(found) != 1:
        raise FirstInstallRefused(f"{wheels} precisa ter um pacote gt_vision, e tem {len(found)}")
    version = found[0].name.split("-")[1]
    root.mkdir(parents=True, exist_ok=True)
    try:
        install.install(root / "a", wheels, version)
    except install.InstallFailed as error:
        raise FirstInstallRefused(str(error)) from None
    shutil.copyfile(launcher.__file__, root / "launcher.py")
    Slots(root).point_to("a")
    return version
