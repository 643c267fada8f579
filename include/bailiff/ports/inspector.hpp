#pragma once
// Message in, findings out, before a deadline.

#include <bailiff/clock.hpp>
#include <bailiff/features.hpp>
#include <bailiff/finding.hpp>
#include <bailiff/message.hpp>
#include <bailiff/submission.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bailiff {

/// The rules: look at the parsed message. Immutable.  Threads  any.
class Inspector {
public:
    virtual ~Inspector() = default;
    /// Never fails: a limit that is hit is a finding.
    [[nodiscard]] virtual Findings inspect(const Submission& submission,
                                           const Message& message) const = 0;
    /// The same, and which atoms hit.
    [[nodiscard]] virtual Findings inspect_noting(const Submission& submission,
                                                  const Message& message, AtomHits&) const {
        return inspect(submission, message);
    }
    /// What it looks at a message with; indexes of AtomHits.
    [[nodiscard]] virtual std::vector<Atom> atoms() const { return {}; }
    /// What inspect() says of a message of which these atoms hit: all but the reasons.
    [[nodiscard]] virtual Findings rescore(const AtomHits&) const { return {}; }
};

/// A question that is under way elsewhere. Destroying it abandons the question.
class PendingFindings {
public:
    virtual ~PendingFindings() = default;
    /// Waits until the answer is here or the deadline given to ask() has passed; call once.
    /// Never fails: silence is a finding.
    [[nodiscard]] virtual Findings wait() = 0;
    /// After wait(): the name of every symbol that was heard, in order, whatever it weighs; none:
    /// nobody answered.
    [[nodiscard]] virtual std::optional<std::vector<std::string>> heard() const {
        return std::nullopt;
    }
};

/// A witness in another process: asked first, listened to last, so that it works beside us.
class RemoteInspector {
public:
    virtual ~RemoteInspector() = default;
    /// `submission` must outlive the answer.  Threads  any.
    [[nodiscard]] virtual std::unique_ptr<PendingFindings> ask(const Submission& submission,
                                                               SteadyInstant deadline) = 0;
};

}  // namespace bailiff
