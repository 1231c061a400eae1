"""What is wrong with a box, in words a technician can act on: each check gives Findings.

`machine` (clock, disk, ports), `smart` (the disk's own diagnosis), `trust` (keys,
certificates, the hub), `software` (database, MediaMTX, cameras). The checks read; none
changes anything. Each is bounded in time.
"""
