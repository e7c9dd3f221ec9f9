"""An API client on aiohttp: many at once, uploads from a generator, downloads as a stream."""

import asyncio
import hashlib
import sys
from urllib.parse import urljoin

import aiohttp

host, folder = sys.argv[1:]


def expect(what, is_so, *said):
    if not is_so:
        sys.exit(f"{what}: {said}")


async def paste(session, number):
    text = f"paste {number}\n".encode() * 5_000

    async def pieces():
        for start in range(0, len(text), 9_000):
            yield text[start : start + 9_000]
            await asyncio.sleep(0)

    async with session.post("/p", data=pieces() if number % 2 else text) as response:
        expect("a paste is made", response.status == 201, response.status)
        place = urljoin("/p", response.headers["Location"])
    async with session.get(place) as response:
        expect("it is what was sent", await response.read() == text, response.status)
    async with session.delete(place) as response:
        expect("it is deleted", response.status == 204, response.status)
    async with session.get(place) as response:
        expect("it is gone", response.status == 404, response.status)


async def link(session, number):
    url = f"http://{host}/hello.txt?{number}"
    async with session.post("/s", data=url) as response:
        expect("a link is made", response.status == 201, response.status)
        place = urljoin("/s", response.headers["Location"])
    async with session.get(place) as response:
        said = str(response.url), await response.text()
        expect("it is followed", said == (url, "hello\n"), said)


async def download(session, digest):
    summed = hashlib.sha256()
    async with session.get("/large.bin") as response:
        async for piece in response.content.iter_chunked(10_000):
            summed.update(piece)
    expect("a file comes whole", summed.hexdigest() == digest)


async def main():
    digest = hashlib.sha256(open(f"{folder}/large.bin", "rb").read()).hexdigest()
    limit = aiohttp.TCPConnector(limit=32)
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(
        f"http://{host}", connector=limit, timeout=timeout
    ) as session:
        tasks = [paste(session, number) for number in range(64)]
        tasks += [link(session, number) for number in range(64)]
        tasks += [download(session, digest) for _ in range(32)]
        await asyncio.gather(*tasks)
        # It asks before it sends, and sends when it is told to.
        async with session.post("/p", data=b"x" * 100_000, expect100=True) as response:
            expect("an announced paste is made", response.status == 201, response.status)
        async with session.post("/p", data=b"x" * (2 << 20)) as response:
            expect("one too large is refused", response.status == 413, response.status)


asyncio.run(main())
