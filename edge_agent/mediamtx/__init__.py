"""The MediaMTX that a box owns: its configuration, process, control API, paths, hook and live engine.

The invariant: what MediaMTX is configured to pull is what the desired state says,
within RECONCILE_EVERY_S, whatever was restarted or changed by hand. Cameras'
addresses (and so their passwords) reach it through the control API only; no
file of it holds one.
"""
