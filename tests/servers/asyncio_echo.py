"""An echo on asyncio, as its documentation has it: nobody waits, and nothing is lost. With the
argument "without-drain" it keeps in memory whatever its clients don't read."""

import asyncio
import sys


async def echo(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            if "without-drain" not in sys.argv:
                await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def main():
    host, port = sys.argv[-1].rsplit(":", 1)
    server = await asyncio.start_server(echo, host, int(port), backlog=1024)
    async with server:
        await server.serve_forever()


asyncio.run(main())
