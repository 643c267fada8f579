#include <rules/pattern.hpp>
#include <algorithm>
#include <rules/re2_options.hpp>
#include <rules/regex.hpp>

namespace bailiff::rules {

// RE2 must be able to compile whatever we let through, in both directions.
static_assert(program_size_max * bytes_per_instruction <= pattern_memory_max);

namespace {

/// SpamAssassin fills %{NAME} in from what another rule caught.
bool holds_template(std::string_view pattern) {
    const auto at = pattern.find("%{");
    return at != std::string_view::npos && at + 2 < pattern.size() && pattern[at + 2] >= 'A' &&
           pattern[at + 2] <= 'Z';
}

Failure too_large(int size) {
    return fail(Fault::exhausted, "its program has " + std::to_string(size) +
                                      " instructions, expected at most " +
                                      std::to_string(program_size_max));
}

}  // namespace

Pattern::~Pattern() = default;

Result<std::unique_ptr<const Pattern>> Pattern::compile(std::string_view token) {
    BAILIFF_TRY(const auto split, split_regex(token));
    if (holds_template(split.pattern)) {
        return fail(Fault::invalid_input, "a template %{NAME} is not supported yet");
    }
    BAILIFF_TRY(const auto regex, parse_regex(split.pattern, split.modifiers));
    std::unique_ptr<Pattern> pattern(new Pattern);
    BAILIFF_TRY(pattern->text_, to_re2(regex));
    pattern->atoms_ = required_atoms(regex);

    pattern->memory_ = pattern_memory_max;
    auto re2 = std::make_unique<const re2::RE2>(pattern->text_, re2_options(pattern->memory_));
    if (re2->error_code() == re2::RE2::ErrorPatternTooLarge) {
        return fail(Fault::exhausted, "too large for RE2, expected a program of at most " +
                                          std::to_string(program_size_max) + " instructions");
    }
    if (!re2->ok()) return fail(Fault::invalid_input, "RE2 says: " + re2->error());
    if (re2->ProgramSize() > program_size_max) return too_large(re2->ProgramSize());
    pattern->re2_ = std::move(re2);
    return std::unique_ptr<const Pattern>(std::move(pattern));
}

Result<std::unique_ptr<const Pattern>> Pattern::limited_to(std::int64_t memory) const {
    std::unique_ptr<Pattern> pattern(new Pattern);
    pattern->text_ = text_;
    pattern->atoms_ = atoms_;
    pattern->memory_ =
        std::max({memory, pattern_memory_min, re2_->ProgramSize() * bytes_per_instruction});
    pattern->re2_ = std::make_unique<const re2::RE2>(pattern->text_, re2_options(pattern->memory_));
    if (!pattern->re2_->ok()) return fail(Fault::exhausted, pattern->re2_->error());
    return std::unique_ptr<const Pattern>(std::move(pattern));
}

bool Pattern::matches(std::string_view text) const {
    return re2_->Match(text, 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

std::string_view Pattern::find(std::string_view text) const {
    re2::StringPiece found;
    if (!re2_->Match(text, 0, text.size(), re2::RE2::UNANCHORED, &found, 1)) return {};
    return {found.data(), found.size()};
}

std::uint32_t Pattern::count(std::string_view text, std::uint32_t most) const {
    std::uint32_t found = 0;
    re2::StringPiece match;
    for (std::size_t from = 0; found < most && from <= text.size();) {
        if (!re2_->Match(text, from, text.size(), re2::RE2::UNANCHORED, &match, 1)) break;
        ++found;
        const auto end = static_cast<std::size_t>(match.data() - text.data()) + match.size();
        from = match.empty() ? end + 1 : end;
    }
    return found;
}

}  // namespace bailiff::rules
