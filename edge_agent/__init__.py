"""The box in the prefeitura: records its cameras, reads plates, and works with no internet."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("gt-vision")
except PackageNotFoundError:  # run from a source tree that is not installed
    __version__ = "0.0.0"
