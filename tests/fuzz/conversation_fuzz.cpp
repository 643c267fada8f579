// Any bytes on one connection: what is judged is within its bounds, each reply is a whole packet,
// and the next connection of the same thread begins as if there had been none.

#include <algorithm>
#include <bailiff/ensure.hpp>
#include <bailiff/limits.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

#include "milter/conversation.hpp"
#include "tests/milter/session_fakes.hpp"

namespace {

using namespace bailiff;

class NoJournal final : public Journal {
public:
    void event(Severity, std::string_view, std::initializer_list<Field>) noexcept override {}
};

struct House {
    test::FakeGate gate;
    test::CountingEntropy entropy;
    test::StandingClock clock;
    NoJournal journal;
    Reception reception{
        {{"SUBMISSION", "pickup"}, "X-Submit-Uid"}, {gate, entropy, clock}, journal, {.sessions = 1}};
};

void check_replies(std::string_view replies) {
    while (!replies.empty()) {
        BAILIFF_ENSURE(replies.size() >= 5);
        const std::size_t length = number_at(replies);
        BAILIFF_ENSURE(length >= 1 && length <= replies.size() - 4);
        BAILIFF_ENSURE(std::string_view("Octyqm").find(replies[4]) != std::string_view::npos);
        replies.remove_prefix(4 + length);
    }
}

/// The first byte says how the gate answers, the second how large the pieces are.
void play(House& house, PacketReader& reader, std::string_view bytes) {
    house.gate.at_end = {static_cast<Reply::Kind>(bytes[0] & 3), "5.7.1 words"};
    const std::size_t piece = 1 + static_cast<unsigned char>(bytes[1]);
    bytes.remove_prefix(2);
    reader.start();
    Conversation conversation(house.reception);
    std::string replies;
    for (bool goes_on = true; goes_on && !bytes.empty() && !reader.is_broken();) {
        const auto room = reader.room();
        const auto count = std::min({piece, room.size(), bytes.size()});
        bytes.copy(room.data(), count);
        bytes.remove_prefix(count);
        reader.arrived(count);
        while (goes_on) {
            const auto packet = reader.next();
            if (!packet) break;
            goes_on = conversation.take(*packet, replies);
        }
    }
    check_replies(replies);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    House house;
    PacketReader reader;
    play(house, reader, {reinterpret_cast<const char*>(data), size});
    BAILIFF_ENSURE(house.reception.counts().sessions_now == 0);
    BAILIFF_ENSURE(house.reception.messages_under_way() == 0);
    for (const auto& submission : house.gate.judged) {
        BAILIFF_ENSURE(submission.envelope.rcpt_to.size() <= limits::recipients_kept_max);
        BAILIFF_ENSURE(!submission.envelope.uid || submission.envelope.door == Door::local);
    }
    return 0;
}
