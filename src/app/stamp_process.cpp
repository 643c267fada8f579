#include "src/app/stamp_process.hpp"

#include <bailiff/base64.hpp>
#include <charconv>

#include "src/app/own_program.hpp"
#include "src/process/run.hpp"

namespace bailiff {
namespace {

constexpr auto deadline = std::chrono::seconds(60);  // several authorities, one after another
constexpr std::size_t output_bytes_max = 1U << 20;

std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

}  // namespace

std::string stamp_lines(const KeptStamp& stamp) {
    return to_base64(stamp.reply) + "\n" + to_base64(stamp.chain) + "\n" +
           std::to_string(stamp.at.time_since_epoch().count()) + "\n";
}

Result<KeptStamp> parse_stamp_lines(std::string_view lines) {
    const auto reply = from_base64(take_line(lines));
    const auto chain = from_base64(take_line(lines));
    const auto number = take_line(lines);
    std::int64_t at = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), at);
    if (!reply || reply->empty() || !chain || read.ec != std::errc{})
        return fail(Fault::internal, "`bailiff stamp` said something else than a stamp");
    return KeptStamp{*reply, *chain, Instant(std::chrono::milliseconds(at))};
}

StampSource stamp_process(std::string config) {
    return [config = std::move(config)](std::string_view bytes) -> Result<KeptStamp> {
        const auto ran = process::run({.path = own_program(),
                                       .arguments = {"stamp", "--config", config},
                                       .environment = {},
                                       .input = std::string(bytes),
                                       .output_bytes_max = output_bytes_max,
                                       .deadline = deadline});
        if (ran.end == process::Ran::End::exited && ran.code == 0)
            return parse_stamp_lines(ran.output);
        auto why = ran.errors.empty() ? ran.why : ran.errors;
        while (why.ends_with('\n')) why.pop_back();
        return fail(Fault::unavailable, why.empty() ? "no stamp in time" : why);
    };
}

}  // namespace bailiff
