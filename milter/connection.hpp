#pragma once
// One connection of an MTA, from its first byte to its end.

#include "milter/packet.hpp"
#include "milter/reception.hpp"

namespace bailiff {

/// Receives, lets a Conversation answer, sends; until either side ends it or the MTA has been
/// silent for longer than it ever is. The socket stays open: it is the caller's.
/// Threads  any; blocks.
void serve_connection(int socket, Reception& reception, PacketReader& reader);

}  // namespace bailiff
