"""The `gtv` command: one console script for box, hub and demo."""
