#pragma once
// What rspamd is asked, and whether an answer belongs to it.

#include "src/rspamd/options.hpp"
#include "src/rspamd/reply.hpp"

#include <bailiff/ports/entropy.hpp>
#include <bailiff/ports/http.hpp>
#include <bailiff/result.hpp>
#include <bailiff/submission.hpp>
#include <string>

namespace bailiff {

struct Question {
    std::string id;  ///< 24 random hexadecimal digits
    HttpRequest request;
};

/// The request for one message; its body points into `submission`.
/// Shape    header values are the envelope's bytes without control bytes, cut at address_bytes_max;
///          at most 100 recipients.
[[nodiscard]] Question make_question(const Submission& submission, const RspamdOptions& options,
                                     Entropy& entropy, SteadyInstant deadline);

/// Whether `reply` is the answer to this question and no other's.
/// Order    the request id decides when it came back; else the Message-ID does, if `submission` has
///          exactly one that cannot be read in two ways.
/// Errors   corrupt: it answers another question.
[[nodiscard]] Result<void> check_is_answer(const RspamdReply& reply, const Question& question,
                                           const Submission& submission);

}  // namespace bailiff
