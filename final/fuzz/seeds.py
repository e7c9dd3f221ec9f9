#!/usr/bin/env python3
"""Writes the rows of tests/framing.toml, and what reaches a limit, as the fuzzer's first inputs."""

import tomllib
from pathlib import Path

fuzz = Path(__file__).parent
rows = tomllib.loads((fuzz / "../../tests/framing.toml").read_text())["rows"]
streams = [row["sends"].encode() for row in rows]
post = b"POST / HTTP/1.1\r\nHost: a\r\n"
get = b"GET / HTTP/1.1\r\nHost: a\r\n"
head = b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
chunked = b"Transfer-Encoding: chunked\r\n\r\n"
streams += [
    b"\r\n" + get + b"\r\n" + head + get + b"Connection: close\r\n\r\n",
    post + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello" + get + b"\r\n",
    post + b"Content-Length: 101\r\n\r\n",
    post + chunked + b"65\r\n" + b"x" * 101 + b"\r\n0\r\n\r\n",
    post + chunked + b"1;" + b"x" * 0x3fff + b"\r\n",
    post + chunked + b"1;" + b"x" * 0x4000 + b"\r\n",
    post + chunked + b"0\r\na:" + b"x" * 0x3ffe + b"\r\n",
    post + chunked + b"0\r\na:" + b"x" * 0x3fff + b"\r\n",
    get + chunked + b"10001\r\n" + b"x" * 0x10001 + b"\r\n0\r\n\r\n",
    b"GET /" + b"x" * 0x2000 + b" HTTP/1.1\r\n",
    get + b"X: " + b"x" * 0x4000,
    get + b"X:\r\n" * 65 + b"\r\n",
    (get + b"\r\n") * 600,
]

for target in ["connection", "smuggling", "chunked"]:
    corpus = fuzz / "corpus" / target
    corpus.mkdir(parents=True, exist_ok=True)
    for number, stream in enumerate(streams):
        if target == "chunked":
            stream = stream.partition(b"\r\n\r\n")[2]
        (corpus / f"seed-{number}").write_bytes(stream + b"\0")
        cuts = (len(stream) // 3).to_bytes(2, "little") + (len(stream) // 2).to_bytes(2, "little")
        (corpus / f"seed-{number}-cut").write_bytes(stream + cuts + b"\2")
