"""An API client on http.client of the standard library: one connection for all of it."""

import hashlib
import http.client
import sys
from urllib.parse import urljoin

host, folder = sys.argv[1:]
connection = http.client.HTTPConnection(host, timeout=20)
sockets = set()


def ask(method, path, body=None, fields={}):
    connection.request(method, path, body, fields)
    sockets.add(connection.sock)
    response = connection.getresponse()
    return response, response.read()


def expect(what, is_so, *said):
    if not is_so:
        sys.exit(f"{what}: {said}")


# A paste, by its length and in chunks, read, described, and deleted.
text = "naïve café\n".encode() * 20_000
for body in [text, iter([text[:7], text[7:70_000], text[70_000:]])]:
    response, _ = ask("POST", "/p", body)
    expect("a paste is made", response.status == 201, response.status)
    place = urljoin("/p", response.getheader("Location"))
    response, got = ask("GET", place)
    expect("it is what was sent", (response.status, got) == (200, text), response.status)
    response, got = ask("HEAD", place)
    length = response.getheader("Content-Length")
    expect("HEAD says its length", (length, got) == (str(len(text)), b""), length)
    response, _ = ask("DELETE", place)
    expect("it is deleted", response.status == 204, response.status)
    response, _ = ask("GET", place)
    expect("it is gone", response.status == 404, response.status)

# A short link, its key drawn, and given, and given twice; a target that is none.
url = "https://example.org/a%20b?c=d&e#f"
for place, status in [("/s", 201), ("/s?key=mine", 201), ("/s?key=mine", 409)]:
    response, _ = ask("POST", place, url)
    expect(f"POST {place}", response.status == status, response.status)
    if status == 201:
        response, _ = ask("GET", urljoin(place, response.getheader("Location")))
        said = response.status, response.getheader("Location")
        expect("the link leads there", said == (302, url), said)
for bad in ["javascript:alert(1)", "https://a/\r\nSet-Cookie: a=b", ""]:
    response, _ = ask("POST", "/s", bad)
    expect(f"{bad!r} is no link", response.status == 422, response.status)

# A file: whole, in part, known already, and what is made of its folder.
large = open(f"{folder}/large.bin", "rb").read()
response, got = ask("GET", "/large.bin")
digests = [hashlib.sha256(it).hexdigest() for it in (got, large)]
expect("a file comes whole", digests[0] == digests[1], digests)
tag = response.getheader("ETag")
response, got = ask("GET", "/large.bin", fields={"Range": "bytes=1000-1999"})
expect("a part of it", (response.status, got) == (206, large[1000:2000]), response.status)
response, got = ask("GET", "/large.bin", fields={"If-None-Match": tag})
expect("it is known", (response.status, got) == (304, b""), response.status)
response, _ = ask("GET", "/sub?q")
said = response.status, response.getheader("Location")
expect("a folder ends in a slash", said == (301, "sub/?q"), said)
response, _ = ask("PUT", "/large.bin", b"x")
said = response.status, response.getheader("Allow")
expect("files are only read", said[0] == 405 and "GET" in said[1], said)

for number in range(300):
    response, got = ask("GET", "/hello.txt")
    expect("one of many", got == b"hello\n", number, got)
expect("all on one connection", len(sockets) == 1, len(sockets))

# What is too long, and what nobody wants: it is sent whole before anything is read.
for number in range(10):
    for path, status in [("/p", 413), ("/", 405)]:
        refused = http.client.HTTPConnection(host, timeout=20)
        refused.request("POST", path, b"x" * 4_000_000)
        response = refused.getresponse()
        response.read()
        expect(f"refusal {number} of {path}", response.status == status, response.status)
        refused.close()
