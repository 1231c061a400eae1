"""The LAN console: the box's own API and web UI, for guards, with no internet."""
