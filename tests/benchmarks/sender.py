"""One process of the load generator: told by standard input what to send and when to go.

Each lane is a connection of its own and sends its requests one after another.
"""

import http.client
import json
import sys
import threading
import time
from typing import Any
from uuid import uuid4


def main() -> None:
    order = json.loads(sys.stdin.readline())
    gate = threading.Barrier(len(order["lanes"]) + 1)
    answers: list[tuple[str, float, float]] = []
    lanes = [
        threading.Thread(target=_run, args=(order, lane, gate, answers)) for lane in order["lanes"]
    ]
    for lane in lanes:
        lane.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    gate.wait()
    for lane in lanes:
        lane.join()
    sys.stdout.write(json.dumps(answers))


def _run(
    order: Any, lane: list[Any], gate: threading.Barrier, answers: list[tuple[str, float, float]]
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", order["port"], timeout=120)
    try:
        if order["warm"] and lane:
            _send(connection, {**lane[0], "method": "GET", "path": order["warm"], "body": None})
    finally:
        gate.wait()
    for request in lane:
        began = time.monotonic()
        outcome = _send(connection, request)
        answers.append((outcome, began, time.monotonic() - began))
        if not order["warm"]:
            connection.close()
    connection.close()


def _send(connection: http.client.HTTPConnection, request: Any) -> str:
    headers = {"Host": request["host"]}
    if request["token"]:
        headers["Authorization"] = f"Bearer {request['token']}"
    if request["body"] is not None:
        headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
    try:
        connection.request(request["method"], request["path"], request["body"], headers)
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return type(error).__name__
    if response.status < http.HTTPStatus.BAD_REQUEST:
        return str(response.status)
    return f"{response.status} {json.loads(body).get('code')}"


if __name__ == "__main__":
    main()
