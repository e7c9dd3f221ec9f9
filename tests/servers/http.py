"""A small HTTP server on asyncio whose first argument says what is particular about it.

keep-alive      connections stay, responses say so, and requests may be pipelined
drops           connections stay, and what came behind a request is lost
once            one request on a connection, as in HTTP/1.0 and in that version
stays           says that it closes, and doesn't
no-length       connections stay, and responses have no Content-Length
second-ends     the second request on a connection ends it, unanswered
bodies          as keep-alive, and it reads the bodies of requests
waits           answers when the client has closed its sending half
"""

import asyncio
import email.utils
import sys

KIND = sys.argv[1]


def answer(head):
    """The method, the status and the body."""
    words = head.strip(b"\r\n").split(b"\r\n")[0].split(b" ")
    if len(words) != 3 or (KIND == "bodies" and b"Transfer-Encoding: x" in head):
        return b"GET", b"400 Bad Request", b"400\n"
    method, target, _ = words
    if target != b"/":
        return method, b"404 Not Found", b"404\n"
    return method, b"200 OK", b"hello\n"


def response(head):
    method, status, body = answer(head)
    version = b"HTTP/1.0" if KIND == "once" else b"HTTP/1.1"
    lines = [
        version + b" " + status,
        b"Date: " + email.utils.formatdate(usegmt=True).encode(),
        b"Content-Type: text/plain",
    ]
    if KIND != "no-length":
        lines.append(b"Content-Length: %d" % len(body))
    if KIND in ("once", "stays") or says_close(head):
        lines.append(b"Connection: close")
    elif KIND == "keep-alive":
        lines.append(b"Connection: keep-alive")
    return b"\r\n".join([*lines, b"", b"" if method == b"HEAD" else body])


def says_close(head):
    if answer(head)[1].startswith(b"400"):
        return True
    fields = [line.split(b":", 1) for line in head.lower().split(b"\r\n")[1:]]
    tokens = [field[1].split(b",") for field in fields if field[0] == b"connection"]
    return any(token.strip() == b"close" for token in sum(tokens, []))


async def next_head(reader, left):
    """The next head, and what came behind it."""
    while b"\r\n\r\n" not in left:
        more = await reader.read(65536)
        if not more:
            return None, left
        left += more
    head, left = left.split(b"\r\n\r\n", 1)
    return head, left


async def without_body(reader, head, left):
    """What comes behind the body of a request."""
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    length = int(fields.get(b"content-length", 0))
    end = b"0\r\n\r\n" if b"transfer-encoding" in fields else b""
    while len(left) < length or end not in left:
        left += await reader.read(65536)
    return left.split(end, 1)[1] if end else left[length:]


async def serve(reader, writer):
    try:
        left, served = b"", 0
        while True:
            head, left = await next_head(reader, left)
            if head is None or (KIND == "second-ends" and served > 0):
                break
            if KIND == "bodies" and not says_close(head):
                left = await without_body(reader, head, left)
            if KIND == "waits":
                await reader.read()
            writer.write(response(head))
            await writer.drain()
            served += 1
            if KIND == "drops":
                left = b""
            if KIND == "once" or (says_close(head) and KIND != "stays"):
                break
    except ConnectionError:
        pass
    finally:
        writer.close()


async def main():
    host, port = sys.argv[-1].rsplit(":", 1)
    server = await asyncio.start_server(serve, host, int(port), backlog=1024)
    async with server:
        await server.serve_forever()


asyncio.run(main())
