import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path

from deploy.local.parts import greets
from deploy.local.paths import ROOT
from deploy.local.ports import free_port


def test_a_letter_sent_is_a_letter_kept(tmp_path: Path) -> None:
    port = free_port()
    folder = tmp_path / "mail"
    folder.mkdir()  # as an installation leaves it before the first letter
    command = [
        sys.executable,
        "-m",
        "deploy.local.mailbox",
        "--port",
        str(port),
        "--dir",
        str(folder),
    ]
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@example.com", "b@example.com", "Grüße"
    letter.set_content("Bis morgen, 10 Uhr.")
    with subprocess.Popen(command, cwd=ROOT) as server:
        deadline = time.monotonic() + 10
        while not greets(port):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            smtp.send_message(letter)
        server.terminate()
        assert server.wait(timeout=5) == 0
    (kept,) = Maildir(folder)
    assert kept["X-RcptTo"] == "b@example.com"
    assert "Bis morgen" in kept.as_string()
