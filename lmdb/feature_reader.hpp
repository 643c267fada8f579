#pragma once

#include <bailiff/features.hpp>
#include <bailiff/result.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bailiff {

namespace lmdb {
class Environment;
}

/// What the milter keeps of judged messages, for another process; it may write meanwhile.
/// Threads  one.
class FeatureReader {
public:
    /// Errors   not_found: nothing was ever kept there.  Else as Environment::open.
    [[nodiscard]] static Result<std::unique_ptr<FeatureReader>> open(const std::string& path);
    ~FeatureReader();

    /// In order of time; one that cannot be read is left out.
    [[nodiscard]] Result<std::vector<DatedBook>> books() const;

    struct Passed {
        std::uint64_t rows = 0;
        std::uint64_t corrupt = 0;  ///< passed over
    };
    using See = std::function<void(std::uint32_t book, const FeatureRow& row)>;
    /// All rows of messages that came at `since` or later, in order of time. `book` of a row is
    /// empty, its number stands beside it. Holds few rows at a time, and no reader slot for long.
    [[nodiscard]] Result<Passed> each(Instant since, const See& see) const;

private:
    explicit FeatureReader(std::unique_ptr<lmdb::Environment> environment);
    [[nodiscard]] Result<bool> slice(std::string& from, const See& see, Passed& passed) const;

    const std::unique_ptr<lmdb::Environment> environment_;
};

}  // namespace bailiff
