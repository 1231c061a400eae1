"""Finding, testing and adding cameras at the box itself, with or without the hub."""
