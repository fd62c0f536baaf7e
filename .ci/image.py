"""What has to work in the image: the service starts as nobody special, is healthy, and stops when it is told to.

It runs within the image, by its Python alone: `python3 -c "$(cat .ci/image.py)"`.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

READY = f"http://127.0.0.1:{os.environ['TRIAGE_HTTP_PORT']}/health/ready"
PATIENCE_S = 120


def serve() -> float:
    """Start the service, wait until it is ready, stop it; the seconds until it was ready."""
    start = time.monotonic()
    serving = subprocess.Popen(["triage", "serve"])  # noqa: S607  (the image's PATH is part of what is tried)
    try:
        while not ready():
            if serving.poll() is not None or time.monotonic() > start + PATIENCE_S:
                sys.exit("image: the service did not get ready")
            time.sleep(0.1)
        took = time.monotonic() - start
        serving.send_signal(signal.SIGTERM)
        if serving.wait(PATIENCE_S) != 0:
            sys.exit(f"image: the service ended with {serving.returncode}")
    finally:
        serving.kill()
    return took


def ready() -> bool:
    """Whether it says so."""
    try:
        with urllib.request.urlopen(READY, timeout=5) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004
    except urllib.error.URLError:
        return False


if os.getuid() == 0:
    sys.exit("image: it runs as root")
first = serve()
database = Path("/data/triage.db")
if not database.exists():
    sys.exit(f"image: there is no {database}")
again = serve()
sys.stdout.write(f"image: ready after {first:.1f} s, again on the same file after {again:.1f} s, stopped cleanly\n")
