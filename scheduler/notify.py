"""What systemd is told, where it asked: READY=1, WATCHDOG=1, STOPPING=1, STATUS=…"""

from __future__ import annotations

import os
import socket


def notify(message: str) -> bool:
    """Send one message to the socket that systemd named; False where there is none."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        try:
            channel.sendto(message.encode(), "\0" + address[1:] if address.startswith("@") else address)
        except OSError:
            return False
    return True
