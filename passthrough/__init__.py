"""Live video as a camera sends it, given to many viewers by WebRTC: nothing is decoded, nothing encoded.

What the box does for its LAN and the relay for the hub's viewers. It knows neither of them, nor where the
packets come from.
"""
