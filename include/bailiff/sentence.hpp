#pragma once
// What a person reads of a decision, in both languages of the house.

#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

struct Sentence {
    std::string en;
    std::string fr;

    /// The same in both: a name, an identifier.
    [[nodiscard]] static Sentence of(std::string_view text) {
        return {std::string(text), std::string(text)};
    }
    Sentence& operator+=(const Sentence& more) {
        en += more.en;
        fr += more.fr;
        return *this;
    }
    friend Sentence operator+(Sentence a, const Sentence& b) { return a += b; }
    [[nodiscard]] bool empty() const { return en.empty(); }
    bool operator==(const Sentence&) const = default;
};

using Sentences = std::vector<Sentence>;

enum class Language { en, fr };

[[nodiscard]] inline const std::string& in(Language language, const Sentence& sentence) {
    return language == Language::fr ? sentence.fr : sentence.en;
}

}  // namespace bailiff
