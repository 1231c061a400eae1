"""An RTSP 1.0 client (RFC 2326) that reads hundreds of cameras in one thread.

`messages` and `auth` are the protocol's text, `sdp` what a stream announces, `rtp` and `payloads`
turn packets into samples, `connection` is one camera's conversation, over its `wire` and `datagrams`;
`receiver` takes turns reading the sockets. No part knows what the samples are for. Why it is our own:
docs/adr/0029.
"""
