"""Use cases about releases: a folder of wheels becomes an archive that boxes believe.

A release is put in at the hub's own command line and nowhere else: it needs the key of the authority, and
whoever takes over an admin's session must not be able to run a program of his own on every box.
Order of steps: the archive is in the object store, then the row is committed.

    InvalidInput    the folder holds no release; Conflict    its version is registered already
"""

import hashlib
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import transaction

from central_hub import objects
from central_hub.audit import services as audit
from central_hub.fleet.rollout_models import Release
from central_hub.kernel import Caller, Conflict, InvalidInput, require_admin
from central_hub.pki import Authority
from protocol import releases

_OWN_WHEEL = "gt_vision-*.whl"


def visible_releases(caller: Caller) -> Sequence[Release]:
    """Newest first."""
    require_admin(caller)
    return list(Release.objects.all())


def register(wheels: Path, notes: str = "") -> Release:
    """The wheels of a folder, signed and stored. Raises minio.S3Error, OSError."""
    version = _version_in(wheels)
    if Release.objects.filter(version=version).exists():
        raise Conflict(f"A versão {version} já está registrada.", code="release-exists")
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "release.zip"
        installed_bytes = _pack(sorted(wheels.glob("*.whl")), archive)
        release = _described(version, archive, installed_bytes)
        signed = Authority(settings.GTV_PKI_DIR).sign_release(release)
        key = f"releases/{version}/{release.archive_sha256}.zip"
        objects.ensure_bucket()
        objects.put_file(key, archive, "application/zip")
    return _keep(release, signed, key, notes)


@transaction.atomic
def _keep(release: releases.Release, signed: releases.SignedRelease, key: str, notes: str) -> Release:
    row = Release.objects.create(
        version=release.version,
        signed=msgspec.to_builtins(signed),
        object_key=key,
        size_bytes=release.archive_bytes,
        sha256=release.archive_sha256,
        notes=notes[:500],
    )
    audit.record("cli", "release-registered", release.version, details={"sha256": release.archive_sha256})
    return row


def _version_in(wheels: Path) -> str:
    found = sorted(wheels.glob(_OWN_WHEEL))
    if len(found) != 1:
        raise InvalidInput(f"A pasta {wheels} precisa ter um pacote gt_vision, e tem {len(found)}.")
    return found[0].name.split("-")[1]


def _described(version: str, archive: Path, installed_bytes: int) -> releases.Release:
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    described = releases.Release(version, digest, archive.stat().st_size, installed_bytes)
    try:
        return msgspec.convert(msgspec.to_builtins(described), releases.Release)
    except msgspec.ValidationError:
        raise InvalidInput(f"A versão {version} não é de três números, ou é grande demais.") from None


def _pack(wheels: Sequence[Path], archive: Path) -> int:
    """One ZIP, stored (wheels are compressed); the bytes of what the wheels hold."""
    installed_bytes = 0
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for wheel in wheels:
            packed.write(wheel, wheel.name)
            with zipfile.ZipFile(wheel) as opened:
                installed_bytes += sum(entry.file_size for entry in opened.infolist())
    return installed_bytes
