"""Playback of what the box recorded: HLS playlists over the recording files, by byte range."""
