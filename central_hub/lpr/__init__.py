"""Plate reads: stored once each, searched, and their evidence images."""
