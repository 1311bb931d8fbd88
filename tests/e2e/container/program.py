"""Program of a container: files, a port, connections over TCP, UDP and a Unix socket, a name, and processes."""

import socket
import subprocess
import sys

with open("/etc/passwd") as file:
    file.read(1)
try:
    open("/nowhere/at/all")
except FileNotFoundError:
    pass
server = socket.create_server(("127.0.0.1", 0))
clients = []
for _ in range(20):
    clients.append(socket.create_connection(server.getsockname()))
    accepted, _ = server.accept()
    accepted.sendall(b"hello")
    said = clients[-1].recv(5).decode()
    accepted.close()
# As the C library sorts addresses: nothing is sent.
for port in (1, 2):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("127.9.9.9", port))
# As it asks a name server.
question = b"\x12\x34\x01\0\0\1\0\0\0\0\0\0\4shop\4test\0\0\1\0\1"
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as resolver:
    resolver.connect(("127.53.53.53", 53))
    resolver.send(question, socket.MSG_NOSIGNAL)
statsd = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(3):
    statsd.sendto(b"a:1|c", ("127.9.9.9", 8125))
codes = [subprocess.run(["sh", "-c", f"exit {code}"]).returncode for code in (0, 5)]
# Without the right that a container lacks.
try:
    socket.sethostname("other")
    codes.append(0)
except PermissionError as error:
    codes.append(error.errno)
print(said, *codes, server.getsockname()[1])
sys.exit(11)
