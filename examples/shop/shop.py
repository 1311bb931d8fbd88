#!/usr/bin/env python3
"""A shop in which everything goes wrong that `mirrord exec` can explain.

    mirrord exec -- python3 examples/shop/shop.py

Its config file is found in the third place, its database refuses, the name of its warehouse does not resolve, nobody
connects to the port on which it listens, and the child that makes its thumbnails dies of SIGABRT. It needs Python 3
alone and reaches nothing but this machine and its name server. With --once it does each thing and ends.
"""

import argparse
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
CANDIDATES = [
    Path.home() / ".config" / "shop" / "shop.toml",
    Path.cwd() / "shop.toml",
    HERE / "etc" / "shop.toml",
]
RETRIES = 3
PACE = 0.5


def read_config():
    """Reads the first candidate that is there."""
    for path in CANDIDATES:
        try:
            return path.read_text()
        except FileNotFoundError:
            continue
    sys.exit("shop: no shop.toml")


def closed_port():
    """A port of this machine that refuses: it was free a moment ago, and nothing listens on it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def ask_database(port):
    """Connects to a database that is not there, and tries again."""
    for _ in range(RETRIES):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
        except OSError:
            time.sleep(PACE)


def ask_warehouse(name):
    """Looks up a name that exists nowhere (RFC 2606)."""
    try:
        socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)
    except OSError:
        pass


def make_thumbnail():
    """Starts a child that crashes."""
    subprocess.run([sys.executable, __file__, "--thumbnail"], stderr=subprocess.DEVNULL, check=False)


def crash():
    """What the child does: it leaves no core behind."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.abort()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--once", action="store_true", help="do each thing and end")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; a free one by default")
    parser.add_argument("--warehouse", default="warehouse.shop.invalid", help="name that does not resolve")
    parser.add_argument("--thumbnail", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.thumbnail:
        crash()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    database = closed_port()
    with socket.create_server(("127.0.0.1", arguments.port)) as listener:
        print(f"shop: listening on 127.0.0.1:{listener.getsockname()[1]}", flush=True)
        while True:
            read_config()
            ask_database(database)
            ask_warehouse(arguments.warehouse)
            make_thumbnail()
            if arguments.once:
                break
            time.sleep(PACE)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
