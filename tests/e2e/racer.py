"""One of the racing processes: told by standard input what to send and when to go."""

import http.client
import json
import sys
import threading
import time
from collections import Counter
from typing import Any
from uuid import uuid4


def main() -> None:
    order = json.loads(sys.stdin.readline())
    gate = threading.Barrier(order["each"] + 1)
    outcomes: Counter[str] = Counter()
    times: list[float] = []
    lock = threading.Lock()

    def run(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", order["port"], timeout=60)
        if order["warm"]:
            _send(connection, order, "GET", "/api/v1/staff")
        gate.wait()
        began = time.monotonic()
        outcome = _book(connection, order, order["lines"][number % len(order["lines"])])
        with lock:
            outcomes[outcome] += 1
            times.append(time.monotonic() - began)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(order["each"])]
    for thread in threads:
        thread.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    gate.wait()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps({"outcomes": outcomes, "slowest": max(times)}))


def _book(connection: http.client.HTTPConnection, order: Any, lines: list[str]) -> str:
    body = {
        "starts_at": order["starts_at"],
        "lines": [{"option_id": option} for option in lines],
        "client": {"name": "Racer", "email": "racer@example.com"},
    }
    status, answer = _send(connection, order, "POST", "/api/v1/booking/appointments", body)
    return "201" if status == 201 else f"{status} {answer.get('code')}"


def _send(
    connection: http.client.HTTPConnection, order: Any, method: str, path: str, body: Any = None
) -> tuple[int, Any]:
    headers = {"Host": order["host"], "Idempotency-Key": str(uuid4())}
    if body is not None:
        headers["Content-Type"] = "application/json"
    connection.request(method, path, json.dumps(body) if body else None, headers)
    response = connection.getresponse()
    return response.status, json.loads(response.read())


if __name__ == "__main__":
    main()
