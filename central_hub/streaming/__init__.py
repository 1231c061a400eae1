"""Recorded coverage, the state of camera streams, and relay sessions that play recordings remotely."""
