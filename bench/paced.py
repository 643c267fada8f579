"""Mail at a fixed rate, whoever is slow: an open loop, where waiting is seen and not avoided.

The harness' client sends the next message when the last one is answered; this one begins message n
at n / rate seconds, on a connection of its own.
"""

import asyncio
import glob
import random
import time

from lab import LOGIN, SERVICES

GIVE_UP = 20.0  # seconds; a message that waited so long counts with this


def with_crlf_and_dots(path):
    with open(path, "rb") as file:
        lines = file.read().replace(b"\r", b"").split(b"\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)


async def expect(reader, code):
    while True:
        line = await reader.readline()
        if line[3:4] != b"-":
            break
    if not line.startswith(code):
        raise RuntimeError(f"expected {code}, got {line!r}")


async def send(port, body, number):
    """Seconds from the last byte of the message to its reply."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    login = LOGIN.format(random.randrange(SERVICES))

    async def say(line, code):
        writer.write(line.encode() + b"\r\n")
        await expect(reader, code)
    await expect(reader, b"220")
    await say("EHLO client.hosted.example", b"250")
    await say(f"XCLIENT NAME=[UNAVAILABLE] ADDR=198.51.100.{1 + number % 250} LOGIN={login}",
              b"220")
    await say("EHLO client.hosted.example", b"250")
    await say(f"MAIL FROM:<{login}>", b"250")
    await say(f"RCPT TO:<r{number}@remote.example>", b"250")
    await say("DATA", b"354")
    message_id = f"Message-ID: <{number}.{time.time_ns()}@client.hosted.example>\r\n"
    writer.write(message_id.encode() + body + b"\r\n.\r\n")
    await writer.drain()
    begun = time.monotonic()
    await expect(reader, b"250")
    waited = time.monotonic() - begun
    writer.write(b"QUIT\r\n")
    writer.close()
    return waited


async def send_or_give_up(port, body, number):
    """A connection that Postfix's full queue of connects dropped never hears a word."""
    try:
        return await asyncio.wait_for(send(port, body, number), GIVE_UP)
    except asyncio.TimeoutError:
        return GIVE_UP


async def _blast(port, bodies, rate, seconds):
    begin = time.monotonic()
    tasks = []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, begin + number / rate - time.monotonic()))
        tasks.append(asyncio.create_task(send_or_give_up(port, bodies[number % len(bodies)], number)))
    return await asyncio.gather(*tasks)


def waits(port, folder, rate, seconds):
    """The waits of all messages, in ms."""
    bodies = [with_crlf_and_dots(path) for path in sorted(glob.glob(f"{folder}/*"))]
    return [1000 * each for each in asyncio.run(_blast(port, bodies, rate, seconds))]


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]
