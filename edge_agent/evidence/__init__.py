"""Clips: footage that leaves the box as evidence, with its chain of custody (Lei 13.964/2019)."""
