// The input is a rule file, and behind its first NUL a body: whatever compiles must run, and a
// set must find the same twice.

#include <algorithm>
#include <bailiff/ensure.hpp>
#include <cstddef>
#include <cstdint>
#include <rules/rule_set.hpp>
#include <string_view>

namespace {

bailiff::Message message_of(std::string_view text) {
    bailiff::Message message;
    message.fields = {{"Subject", " " + std::string(text), std::string(text)},
                      {"From", std::string(text), std::string(text)}};
    message.body = {"subject\n", std::string(text) + "\n", std::string(text)};
    message.rawbody = {std::string(text)};
    message.uris = {"http://shop.example/", std::string(text)};
    return message;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto end = std::min(input.find('\0'), input.size());
    const auto set = bailiff::RuleSet::compile({{"fuzz.cf", std::string(input.substr(0, end))}});
    if (!set) {
        BAILIFF_ENSURE(!set.error().what.empty());
        return 0;
    }
    const auto message = message_of(input.substr(end));
    bailiff::Submission submission;
    submission.envelope.mail_from = input.substr(end);
    const auto findings = (*set)->inspect(submission, message);
    BAILIFF_ENSURE(findings == (*set)->inspect(submission, message));
    static_cast<void>((*set)->self_test());
    return 0;
}
