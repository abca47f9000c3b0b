"""Every kind of message through a real Exim that checks what it takes: header syntax, ASCII names, long lines.

    python -m benchmarks.exim [EXIM]

EXIM is Debian's `exim4` (package exim4-daemon-light), on the path or where the argument says. It runs with a config
and a spool of its own in a temporary folder, on a free port of loopback, and delivers into files. Each delivered
letter is then read by Python's own parser, with the strict policy that raises on any defect. Prints a line per
letter: octets, the longest line, the size of its HTML, defects; and what Exim's log refused.
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts import notices, render
from alerts.channels import send
from records.telling import Channel, Message, Outage, Thread
from tests import tell

AT = datetime(2019, 7, 16, 8, tzinfo=ZoneInfo("Europe/Berlin"))
WAIT = 20.0  # seconds for Exim to start, and to deliver
CONFIG = """
primary_hostname = post.example
exim_path = {exim}
keep_environment =
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path = {folder}/pid
acl_smtp_rcpt = check_rcpt
acl_smtp_data = check_data
smtp_accept_max = 20
begin acl
check_rcpt:
  accept domains = ngo.example
  deny message = not here
check_data:
  deny message = the headers are not in order
    !verify = header_syntax
  deny message = a header's name is not ASCII
    !verify = header_names_ascii
  deny message = a line is too long
    condition = ${{if >{{$max_received_linelength}}{{998}}}}
  deny message = no Message-ID or Date
    condition = ${{if or{{{{!def:h_message-id:}}{{!def:h_date:}}}}}}
  accept
begin routers
all:
  driver = accept
  transport = files
begin transports
files:
  driver = appendfile
  directory = {folder}/mail
  create_directory
  user = Debian-exim
  delivery_date_add = false
  envelope_to_add = false
  return_path_add = false
"""


def messages() -> dict[str, Message]:
    """One of each kind: every digest case, a digest of 500 events, the notices."""
    found = {name: render.messages(tell.load(name))[0] for name in sorted(path.name for path in tell.CASES.iterdir())}
    many = tell.digest({"events": [many_event(n) for n in range(500)],
                        "revisions": [{"event": n, "change": "opened"} for n in range(500)]})
    out = Outage(endpoint_id=1, source="الوكالة 🕊️ <b>\r\nBcc: x", url="https://a.example/" + "x" * 2000, failures=9,
                 why="it said \u202e" * 99, since=None)
    return {**found, "500 events": render.messages(many)[0],
            "errors": notices.outages("x/errors-1/1", [out], [out], zone=UTC, subscription="x"),
            "trouble": notices.undelivered("x/t/1", "desk", "33\r\nBcc: x", "no " * 900, waits=True)}


def many_event(number: int) -> dict[str, object]:
    quote = f"<b>{number}</b> children 🕊️ أطفال \u202e" + "long " * 800
    return {"id": number, "slots": {"status": "completed", "children": number, "destination_country": "KZ"},
            "claims": [{"id": number, "outlet": "Vesti\r\nBcc: x", "quote": quote, "url": "https://a.example/1"}]}


def main() -> None:
    exim = sys.argv[1] if len(sys.argv) > 1 else shutil.which("exim4") or "/usr/sbin/exim4"
    with tempfile.TemporaryDirectory() as name, socket.socket() as free:
        folder = Path(name)
        folder.chmod(0o777)
        for part in ("spool", "mail"):
            (folder / part).mkdir(mode=0o777)
            (folder / part).chmod(0o777)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        (folder / "exim.conf").write_text(CONFIG.format(exim=exim, folder=folder, port=port))
        with subprocess.Popen([exim, "-C", str(folder / "exim.conf"), "-bdf"], stderr=subprocess.PIPE) as server:
            try:
                through(folder, port)
            finally:
                server.send_signal(signal.SIGTERM)
                if server.stderr and (said := server.stderr.read().decode()):
                    print(said)


def through(folder: Path, port: int) -> None:
    """Send all, wait for their delivery, read them."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    desk = Channel(id="desk", kind="email", to=("Ana <ana@ngo.example>", "ben@ngo.example"), settings={
        "host": "127.0.0.1", "port": port, "tls": "none", "from": "Homeward <hw@ngo.example>"})
    sent = messages()
    for message in sent.values():
        send(desk, message, Thread(keys=("returns/2019-07-14/1",)), at=AT)
    while time.monotonic() < until + WAIT and len(list((folder / "mail").iterdir())) < 2 * len(sent):
        time.sleep(0.1)
    letters = {path.read_bytes() for path in (folder / "mail").iterdir()}
    for letter in sorted(letters, key=len):
        mail = message_from_bytes(letter.replace(b"\n", b"\r\n"), policy=SMTP.clone(raise_on_defect=True))
        html = mail.get_body(("html",))
        print(f"{len(letter):>8,} octets, lines to {max(map(len, letter.splitlines())):>3}, HTML "
              f"{len(html.get_content().encode()) if html else 0:>7,}, {len(mail.defects)} defects, "
              f"{'Bcc' if mail['Bcc'] else 'no Bcc'}: {str(mail['Subject'])[:60]}")
    refused = [line for line in (folder / "mainlog").read_text("utf-8", "replace").splitlines() if "rejected" in line]
    print(f"{len(sent)} messages sent to two recipients, {len(letters)} different letters delivered, {len(refused)} "
          "refused", *refused, sep="\n")


if __name__ == "__main__":
    main()
