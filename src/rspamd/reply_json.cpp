#include "src/rspamd/printable.hpp"
#include "src/rspamd/reply.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace bailiff {
namespace {

constexpr std::size_t depth_max = 16;          ///< rspamd needs 4
constexpr std::size_t symbols_max = 1'000;     ///< rspamd 3.4 knows 686
constexpr std::size_t options_max = 10;        ///< kept of one symbol
constexpr std::size_t option_bytes_max = 100;  ///< kept of one option
constexpr std::size_t name_bytes_max = 200;
constexpr double number_max = 1e6;

constexpr std::array<std::string_view, 8> known_actions{
    "no action", "greylist",    "add header", "rewrite subject",
    "reject",    "soft reject", "discard",    "quarantine"};

/// Reads the events of nlohmann's parser without building a tree: one pass, doubled keys are seen,
/// and what we do not know costs no memory.
class ReplyReader final : public nlohmann::json_sax<nlohmann::json> {
public:
    bool null() override { return slot_ == Slot::required || plain("null"); }
    bool boolean(bool value) override {
        if (slot_ == Slot::skipped) return reply_.skipped = value, true;
        return plain("a boolean");
    }
    bool number_integer(number_integer_t value) override {
        return number(static_cast<double>(value));
    }
    bool number_unsigned(number_unsigned_t value) override {
        return number(static_cast<double>(value));
    }
    bool number_float(number_float_t value, const string_t&) override { return number(value); }
    bool binary(binary_t&) override { return wrong("binary"); }

    bool string(string_t& value) override {
        if (place() == Place::options) return option(value);
        switch (slot_) {
            case Slot::action:
                return action(value);
            case Slot::message_id:
                return reply_.message_id = printable(value), true;
            default:
                return plain("a string");
        }
    }

    bool start_object(std::size_t) override {
        if (depth_ == 0) return enter(Place::top);
        if (place() == Place::options) return wrong("an option is an object");
        switch (slot_) {
            case Slot::symbols:
                return enter(Place::symbols);
            case Slot::symbol:
                return enter(Place::symbol);
            default:
                return plain("an object") && enter(Place::other);
        }
    }
    bool end_object() override {
        const auto left = place();
        --depth_;
        slot_ = Slot::none;
        if (left == Place::symbol && (seen_in_symbol_ & bit(Slot::symbol_score)) == 0)
            return wrong("a symbol has no score");
        return true;
    }
    bool start_array(std::size_t) override {
        if (depth_ == 0) return wrong("an array");
        if (place() == Place::options) return wrong("an option is an array");
        if (slot_ == Slot::symbol_options) return enter(Place::options);
        return plain("an array") && enter(Place::other);
    }
    bool end_array() override {
        --depth_;
        slot_ = Slot::none;
        return true;
    }

    bool key(string_t& name) override {
        switch (place()) {
            case Place::top:
                return top_key(name);
            case Place::symbols:
                return symbol_key(name);
            case Place::symbol:
                return field_key(name);
            default:
                slot_ = Slot::none;
                return true;
        }
    }

    bool parse_error(std::size_t at, const std::string&,
                     const nlohmann::detail::exception&) override {
        return wrong("no JSON at byte " + std::to_string(at));
    }

    [[nodiscard]] const std::string& error() const { return error_; }

    [[nodiscard]] Result<RspamdReply> reply() && {
        for (const auto slot : {Slot::action, Slot::score, Slot::symbols})
            if ((seen_ & bit(slot)) == 0)
                return fail(Fault::corrupt, "no " + std::string(name_of(slot)));
        if (has_doubles()) return fail(Fault::corrupt, "a symbol twice");
        take_echo();
        return std::move(reply_);
    }

private:
    enum class Place : std::uint8_t { top, symbols, symbol, options, other };
    /// What the value after a key is for.
    enum class Slot : std::uint8_t {
        none,
        action,
        score,
        required,
        skipped,
        message_id,
        symbols,
        symbol,
        symbol_score,
        symbol_options,
    };

    static constexpr unsigned bit(Slot slot) { return 1U << static_cast<unsigned>(slot); }
    static constexpr std::string_view name_of(Slot slot) {
        switch (slot) {
            case Slot::action:
                return "action";
            case Slot::score:
                return "score";
            default:
                return "symbols";
        }
    }

    [[nodiscard]] Place place() const { return depth_ == 0 ? Place::other : places_[depth_ - 1]; }

    bool wrong(std::string what) {
        if (error_.empty()) error_ = std::move(what);
        return false;
    }
    /// A value where we expect none in particular.
    bool plain(std::string_view what) {
        if (depth_ == 0) return wrong(std::string(what));
        if (slot_ == Slot::none && place() != Place::options && place() != Place::symbols)
            return true;
        return wrong(std::string(what) + " where something else belongs");
    }
    bool enter(Place next) {
        if (depth_ == depth_max) return wrong("too deep");
        places_[depth_++] = next;
        slot_ = Slot::none;
        if (next == Place::symbol) seen_in_symbol_ = 0;
        return true;
    }

    bool number(double value) {
        double* target = nullptr;
        switch (slot_) {
            case Slot::score:
                target = &reply_.score;
                break;
            case Slot::required:
                target = &reply_.required_score.emplace();
                break;
            case Slot::symbol_score:
                target = &reply_.symbols.back().score;
                break;
            default:
                return plain("a number");
        }
        if (!std::isfinite(value) || std::fabs(value) > number_max) return wrong("an absurd score");
        *target = value;
        return true;
    }
    bool action(const string_t& value) {
        if (std::ranges::find(known_actions, value) == known_actions.end())
            return wrong("unknown action '" + printable(value, 40) + "'");
        reply_.action = value;
        return true;
    }
    bool option(const string_t& value) {
        auto& options = reply_.symbols.back().options;
        if (options.size() < options_max) options.push_back(printable(value, option_bytes_max));
        return true;
    }

    bool once(unsigned& seen, Slot slot, const string_t& name) {
        slot_ = slot;
        if (slot == Slot::none) return true;
        if ((seen & bit(slot)) != 0) return wrong("key " + printable(name, 40) + " twice");
        seen |= bit(slot);
        return true;
    }
    bool top_key(const string_t& name) {
        const auto slot = name == "action"           ? Slot::action
                          : name == "score"          ? Slot::score
                          : name == "required_score" ? Slot::required
                          : name == "is_skipped"     ? Slot::skipped
                          : name == "message-id"     ? Slot::message_id
                          : name == "symbols"        ? Slot::symbols
                                                     : Slot::none;
        return once(seen_, slot, name);
    }
    bool symbol_key(const string_t& name) {
        if (name.empty() || name.size() > name_bytes_max)
            return wrong("a symbol without a sane name");
        if (reply_.symbols.size() == symbols_max) return wrong("too many symbols");
        reply_.symbols.push_back({printable(name), 0, {}});
        slot_ = Slot::symbol;
        return true;
    }
    bool field_key(const string_t& name) {
        const auto slot = name == "score"     ? Slot::symbol_score
                          : name == "options" ? Slot::symbol_options
                                              : Slot::none;
        return once(seen_in_symbol_, slot, name);
    }

    [[nodiscard]] bool has_doubles() const {
        std::vector<std::string_view> names;
        names.reserve(reply_.symbols.size());
        for (const auto& symbol : reply_.symbols) names.emplace_back(symbol.name);
        std::ranges::sort(names);
        return std::ranges::adjacent_find(names) != names.end();
    }
    void take_echo() {
        const auto echo = std::ranges::find(reply_.symbols, echo_symbol, &RspamdSymbol::name);
        if (echo == reply_.symbols.end()) return;
        // Without an option it is still an echo, and one that fits nobody.
        reply_.request_id = echo->options.empty() ? "none" : std::move(echo->options.front());
        reply_.symbols.erase(echo);
    }

    RspamdReply reply_;
    std::array<Place, depth_max> places_{};
    std::size_t depth_ = 0;
    Slot slot_ = Slot::none;
    unsigned seen_ = 0;
    unsigned seen_in_symbol_ = 0;
    std::string error_;
};

}  // namespace

Result<RspamdReply> parse_reply(std::string_view bytes) {
    const auto doing = "reading rspamd's reply";
    // The parser refuses text that is no UTF-8; a sender must not be able to cause that, and all
    // that we keep is ASCII anyway.
    std::string ascii;
    if (std::ranges::any_of(bytes, [](char c) { return (c & 0x80) != 0; })) {
        ascii = bytes;
        std::ranges::replace_if(
            ascii, [](char c) { return (c & 0x80) != 0; }, '?');
        bytes = ascii;
    }
    try {
        ReplyReader reader;
        if (!nlohmann::json::sax_parse(bytes, &reader))
            return Failure(Error{Fault::corrupt, reader.error()}.within(doing));
        return std::move(reader).reply().within(doing);
    } catch (const std::exception& error) {
        return fail(Fault::corrupt, printable(error.what(), 100));
    }
}

}  // namespace bailiff
