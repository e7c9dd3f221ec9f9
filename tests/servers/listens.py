"""Listens on the host that is its first argument, and answers nobody. The second says on which
port: "given", the one in the last argument; "own", another; "taken", one that is in use."""

import signal
import socket
import sys

host, which, given = sys.argv[1:]
port = int(given.rsplit(":", 1)[1]) if which == "given" else 0
family = socket.AF_INET6 if ":" in host else socket.AF_INET
listener = socket.create_server((host, port), family=family)
if which == "taken":
    socket.create_server(listener.getsockname(), reuse_port=False)
signal.pause()
