"""A static file and /health/live from granian, beside nginx with the same file and the same words.

Both are asked by wrk. Where nginx or wrk is not installed, this says so and measures nothing.
"""

import contextlib
import os
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.figures import Figure, side_by_side
from bench.town import Installation, free_port, web

CONNECTIONS, SECONDS = 16, 3
PROCESSES = 2  # of granian, and of nginx
LIVE = "/health/live"


def measure(_installation: Installation) -> Iterator[Figure]:
    missing = [name for name in ("nginx", "wrk") if shutil.which(name) is None]
    if missing:
        print(f"static: not measured, for {' and '.join(missing)} is not installed here")
        return
    root = Path(os.environ["TOWNHALL_VAR"]) / "static"
    file = next((root / "townhall").glob("govuk-frontend.*.js"))
    asked = {"a static file": f"/static/{file.relative_to(root)}", LIVE: LIVE}
    with web(processes=PROCESSES) as ours, _nginx(root.parent) as theirs:
        for name, path in asked.items():
            value, limit_value = side_by_side(
                partial(_per_second, ours, path), partial(_per_second, theirs, path)
            )
            yield Figure(
                name=f"{name} from granian",
                value=value,
                unit="1/s",
                limit="nginx",
                limit_value=limit_value,
            )


def _per_second(port: int, path: str) -> float:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", f"http://127.0.0.1:{port}{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"^Requests/sec: +([\d.]+)", said, re.MULTILINE)
    if rate is None or "Non-2xx" in said:
        raise RuntimeError(said)
    return float(rate[1])


@contextlib.contextmanager
def _nginx(root: Path) -> Iterator[int]:
    port = free_port()
    folder = root / "nginx"
    folder.mkdir()
    user = "user root;" if os.geteuid() == 0 else ""
    settings = folder / "nginx.conf"
    settings.write_text(f"""
        {user} worker_processes {PROCESSES}; pid {folder}/pid; error_log {folder}/log; daemon off;
        events {{ }}
        http {{
            access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};
            fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
            types {{ text/javascript js; }} sendfile on;
            server {{
                listen 127.0.0.1:{port}; root {root};
                default_type application/json;
                location = {LIVE} {{ return 200 '{{"status": "ok"}}'; }}
            }}
        }}
    """)
    process = subprocess.Popen(["nginx", "-c", str(settings), "-e", f"{folder}/log"])
    try:
        _wait(process, f"http://127.0.0.1:{port}{LIVE}")
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    while True:
        if process.poll() is not None:
            raise RuntimeError("nginx did not start; its message stands above.")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.05)
