#pragma once
// The only way a function of ours fails.

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <type_traits>
#include <utility>

namespace bailiff {

/// What the caller can do about an error; the text says what happened.
enum class Fault {
    invalid_input,  ///< somebody gave us something wrong: tell them
    not_found,      ///< it is not there: an answer, not a failure of ours
    unavailable,    ///< not now: retry may help
    corrupt,        ///< stored bytes do not mean what they should
    exhausted,      ///< a named limit was reached
    internal,       ///< our own mistake, or a library's
};

[[nodiscard]] constexpr std::string_view to_text(Fault fault) {
    switch (fault) {
        case Fault::invalid_input: return "invalid_input";
        case Fault::not_found: return "not_found";
        case Fault::unavailable: return "unavailable";
        case Fault::corrupt: return "corrupt";
        case Fault::exhausted: return "exhausted";
        case Fault::internal: return "internal";
    }
    return "internal";
}

struct Error {
    Fault fault = Fault::internal;
    std::string what;  ///< "reading rule file 20-phish.rules: line 7: unknown option"

    /// The same error, with what the caller was doing put before it.
    [[nodiscard]] Error within(std::string_view doing) && {
        what.insert(0, ": ").insert(0, doing);
        return std::move(*this);
    }
};

using Failure = tl::unexpected<Error>;

[[nodiscard]] inline Failure fail(Fault fault, std::string what) {
    return Failure(Error{fault, std::move(what)});
}

/// A value or an Error; must be looked at.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
    using Base = tl::expected<T, Error>;

public:
    using Base::Base;
    Result(Base other) : Base(std::move(other)) {}

    /// `this` with `doing` put before the error's text, if there is one.
    [[nodiscard]] Result within(std::string_view doing) && {
        if (this->has_value()) return std::move(*this);
        return Failure(std::move(*this).error().within(doing));
    }
};

}  // namespace bailiff

#define BAILIFF_JOIN_(a, b) a##b
#define BAILIFF_NAME_(a, b) BAILIFF_JOIN_(a, b)
#define BAILIFF_TRY_(declaration, expression, result)                        \
    auto result = (expression);                                              \
    if (!result) return ::bailiff::Failure(std::move(result).error());       \
    declaration = *std::move(result)

/// BAILIFF_TRY(const auto service, directory.find(login)); returns the error to our caller.
#define BAILIFF_TRY(declaration, expression) \
    BAILIFF_TRY_(declaration, expression, BAILIFF_NAME_(bailiff_result_, __LINE__))

/// The same for an expression whose value is void.
#define BAILIFF_CHECK(expression)                                                       \
    do {                                                                                \
        auto bailiff_checked = (expression);                                            \
        if (!bailiff_checked) return ::bailiff::Failure(std::move(bailiff_checked).error()); \
    } while (false)
