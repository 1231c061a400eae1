"""Recording: RTSP to fragmented MP4, with an index that agrees with the disk.

`domain` decides (cuts, clocks, back-off, retention), `fmp4` writes one file,
`camera` and `worker` run the cameras, `supervisor` owns the workers, `index`
keeps what is on disk, `repair` makes index and disk agree after a crash.
"""
