#include "milter/reception.hpp"

#include <array>
#include <string>

namespace bailiff {
namespace {

struct FaultText {
    const char* event;
    const char* meaning;
    Severity severity;
    bool once;
};

// By Reception::Fault.
constexpr std::array fault_texts{
    FaultText{"milter.escaped", "an exception left a step; the mail was not judged",
              Severity::alarm, false},
    FaultText{"milter.no_symbol_list", "the MTA lets nobody choose macros: mail may stay unknown",
              Severity::alarm, true},
    FaultText{"milter.no_actions", "the MTA does not offer to hold mail or to delete headers",
              Severity::alarm, true},
    FaultText{"milter.no_tag", "mail came in by a service without a tag of ours: nothing is proven",
              Severity::warning, true},
    FaultText{"milter.edit_refused", "the MTA did not offer what we ask for at end of message",
              Severity::warning, false},
    FaultText{"milter.broken_protocol", "no packet of the milter protocol; the connection ends",
              Severity::warning, false},
    FaultText{"milter.silent", "the MTA has said nothing for two hours; the connection ends",
              Severity::warning, false},
};

}  // namespace

std::unique_ptr<Session> Reception::open_session() {
    auto session = std::make_unique<Session>(rules_, ports_);
    if (++now_ > sessions_max_) {
        --now_;
        if (++refused_ % 1'000 == 1)
            journal_.event(Severity::alarm, "milter.sessions_max",
                           {{"sessions", std::to_string(sessions_max_)},
                            {"refused", std::to_string(refused_.load())}});
        return nullptr;
    }
    ++total_;
    return session;
}

void Reception::close_session(std::unique_ptr<Session> session) noexcept {
    if (!session) return;
    session.reset();
    --now_;
}

Reception::Counts Reception::counts() const noexcept {
    return {now_.load(),      total_.load(), refused_.load(),
            messages_.load(), sessions_max_, in_flight_.counts()};
}

void Reception::report(Fault fault, const char* detail) noexcept {
    const auto index = static_cast<std::size_t>(fault);
    const auto& text = fault_texts[index];
    const auto bit = 1U << index;
    if ((reported_.fetch_or(bit) & bit) != 0 && text.once) return;
    try {
        journal_.event(text.severity, text.event, {{"meaning", text.meaning}, {"detail", detail}});
    } catch (...) {
        // No memory for the words; the answer to the MTA matters more.
    }
}

}  // namespace bailiff
