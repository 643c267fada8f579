"""Mail at a fixed rate, whoever is slow: an open loop, by bailiff_paced (paced.cpp).

The harness' client sends the next message when the last one is answered; this one begins message n
at n / rate seconds, on a connection of its own.
"""

import subprocess

from lab import SERVICES

GIVE_UP = 20_000.0  # ms; a message that waited so long counts with this


def waits(program, port, folder, rate, seconds):
    """The waits of all messages, in ms."""
    said = subprocess.run([program, str(port), str(rate), str(seconds), str(SERVICES), folder],
                          check=True, capture_output=True, text=True).stdout
    return [float(line) for line in said.split()]


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]
