"""Client of `mirrord mcp` in the end-to-end tests, by the official SDK.

Its arguments are the command of the server. It reads one request a line from stdin, `[method, arguments...]`, and answers each
with one line of JSON: {"result": ...}, or {"error": {"code": ..., "message": ...}} for an error of the protocol. The first line
that it writes is the server's answer to `initialize`. The end of stdin ends the connection as a client does.
"""

import asyncio
import json
import os
import sys

from mcp import ClientSession, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client


def say(value):
    print(json.dumps(value), flush=True)


def plain(model):
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


async def answer(session, method, arguments):
    try:
        return {"result": plain(await getattr(session, method)(*arguments))}
    except MCPError as error:
        return {"error": {"code": error.code, "message": error.message}}


async def main():
    command, *arguments = sys.argv[1:]
    # The SDK passes on a few variables alone, and the test has prepared all of ours.
    server = StdioServerParameters(command=command, args=arguments, env=dict(os.environ))
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        say(plain(await session.initialize()))
        while line := await asyncio.to_thread(sys.stdin.readline):
            method, *given = json.loads(line)
            say(await answer(session, method, given))


asyncio.run(main())
