"""IP cameras to test against: an RTSP 1.0 server (RFC 2326) for live pictures and for looped files.

    with RtspCameras({"cam1": LoopedFile(path)}, login=Login("admin", "secret", "digest")) as cameras:
        av.open(cameras.url("cam1"))
        cameras.inject("cam1", Stall())     # see faults.py
        cameras.switch("cam1", other_file)  # another size or codec, in the same connection

A source (live.py, looped.py) turns pictures and sound into bursts of RTP packets (rtp.py) once; a stream
(stream.py) hands each burst to its clients; a session (session.py) is one client's connection.
"""

from demo.rtsp_server.auth import Login
from demo.rtsp_server.faults import Garbage, HangUp, Loss, Stall, TimeJump
from demo.rtsp_server.looped import LoopedFile
from demo.rtsp_server.manners import Manners
from demo.rtsp_server.threaded import RtspCameras

__all__ = ["Garbage", "HangUp", "Login", "LoopedFile", "Loss", "Manners", "RtspCameras", "Stall", "TimeJump"]
