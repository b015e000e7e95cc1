"""The webhook: verify the signature, insert the event once, answer. One statement, one commit."""

import hashlib
import hmac
import json
import os

from psycopg.types.json import Jsonb

from bench.floors import connection

SECRET = os.environ["VIDEO_EVENT_SECRETS"].encode()
INSERT = """
    INSERT INTO video_event (event_id, boot, seq, kind, at, body, received_at)
    VALUES (%s, %s, %s, %s, to_timestamp(%s), %s, now())
    ON CONFLICT (event_id) DO NOTHING
"""


def app(environ, start_response):
    if environ["PATH_INFO"] == "/healthz":
        start_response("200 OK", [("Content-Length", "0")])
        return []
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    moment, _, given = environ["HTTP_X_TALK_SIGNATURE"].partition(",v1=")
    signed = moment.removeprefix("t=").encode() + b"." + body
    if not hmac.compare_digest(hmac.new(SECRET, signed, hashlib.sha256).hexdigest(), given):
        start_response("401 Unauthorized", [("Content-Length", "0")])
        return []
    message = json.loads(body)
    with connection().cursor() as cursor:
        for event in message["events"]:
            values = (event["id"], message["boot"], event["seq"], event["kind"], event["at"])
            cursor.execute(INSERT, (*values, Jsonb(event)), prepare=True)
    said = b'{"kept":1}'
    start_response(
        "200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(said)))]
    )
    return [said]
