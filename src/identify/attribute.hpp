#pragma once

#include <bailiff/attribution.hpp>
#include <bailiff/message.hpp>
#include <bailiff/ports/directory.hpp>
#include <bailiff/submission.hpp>

namespace bailiff {

/// Chooses the service that must answer for what `envelope` alone proves: for the decision at MAIL.
/// Order    login, then local uid, then client address; each only at the door that vouches for it.
///          Proofs that disagree, and one that is two services', yield `unknown`, never a guess.
/// Errors   unavailable, corrupt: the directory's; then nobody may be punished.
/// Threads  any; touches only its arguments.
/// Source   README.md of this folder has the table of doors and proofs.
[[nodiscard]] Result<Attribution> attribute_envelope(const Envelope& envelope,
                                                     const Directory& directory);

/// The same with what the message claims beside it. A claim names at most an `asserted` service,
/// and only where nothing is proven; beside a proof it is listed and changes nothing.
[[nodiscard]] Result<Attribution> attribute(const Envelope& envelope, const Message& message,
                                            const Directory& directory);

}  // namespace bailiff
