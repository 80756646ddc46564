#!/usr/bin/python3
"""An RTSP camera for tests: GStreamer's own server. rtsp_server.py PORT SOURCE, or --check: is all installed?"""
import sys

try:
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstRtspServer
except (ImportError, ValueError) as error:
    sys.exit(f"rtsp_server.py: {error}")

ENCODER = "videoconvert ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 ! rtph264pay name=pay0 pt=96"

Gst.init(None)
if sys.argv[1:] == ["--check"]:
    sys.exit(0 if Gst.ElementFactory.find("x264enc") and Gst.ElementFactory.find("rtph264pay") else 1)

port, source = sys.argv[1:]
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(port)
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(f"( {source} ! {ENCODER} )")
factory.set_shared(True)
server.get_mount_points().add_factory("/gate", factory)
server.attach(None)
GLib.MainLoop().run()
