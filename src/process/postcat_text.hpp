#pragma once
// What postcat(1) tells of queue files, as text.

#include <bailiff/ports/mail_queue.hpp>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff::process {

/// A file of Postfix' queue.
struct QueueFile {
    std::string path;
    std::string queue_id;
    std::string queue;
};

/// The messages of `files` whose envelope stands whole in `text`, in their order: what
/// `postcat -eh` prints of them, which it does until the first that it cannot read.
/// Shape    login and client address: what smtpd(8) wrote before anything of the client's message;
///          the first of each name counts. The uid: of the topmost Received field, only where no
///          client is named, so that a forged field of SMTP mail is never believed.
/// Threads  any; touches only its arguments.
/// Source   postcat(1); postfix-and-libmilter notes in README.md of this folder.
[[nodiscard]] std::vector<QueuedMail> parse_postcat(std::string_view text,
                                                    std::span<const QueueFile> files);

}  // namespace bailiff::process
