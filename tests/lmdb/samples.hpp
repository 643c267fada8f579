#pragma once
// Records, ids and directories for the tests of this folder.

#include <bailiff/case.hpp>
#include <bailiff/holder.hpp>
#include <bailiff/ports/ledger.hpp>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>

namespace bailiff::samples {

namespace fs = std::filesystem;

/// A directory that is gone with the object.
class TempDir {
public:
    TempDir();
    ~TempDir() { fs::remove_all(path_); }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    [[nodiscard]] std::string operator/(const std::string& name) const { return path_ / name; }

private:
    fs::path path_;
};

[[nodiscard]] CaseId case_id(std::uint64_t number);
[[nodiscard]] ActionId action_id(std::uint64_t number);
template <class IdType>
[[nodiscard]] IdType id(const std::string& text) {
    return IdType::parse(text).value();
}
[[nodiscard]] Instant at_ms(std::int64_t ms);
[[nodiscard]] ServiceRef service_ref(const std::string& text, std::int64_t created_ms = 1'000);
[[nodiscard]] Digest digest(std::uint8_t byte);

/// A case with something in every field; `number` makes id, time and fingerprint.
[[nodiscard]] Case full_case(std::uint64_t number);
[[nodiscard]] Action full_action(std::uint64_t number, std::uint64_t case_number);
[[nodiscard]] Service full_service(std::uint64_t number);
[[nodiscard]] Holder full_holder(std::uint64_t number);
[[nodiscard]] Seal full_seal(std::uint32_t number);

/// Records with anything in their fields that the codec allows.
class Sampler {
public:
    explicit Sampler(std::uint64_t seed) : random_(seed) {}
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    [[nodiscard]] std::string text();
    [[nodiscard]] Case any_case();
    [[nodiscard]] Action any_action();
    [[nodiscard]] Service any_service();

private:
    [[nodiscard]] Instant instant();
    [[nodiscard]] std::vector<std::string> texts();
    std::mt19937_64 random_;
};

/// One incident as the milter writes it: case, message, action, standing, leaf.
[[nodiscard]] Result<void> write_incident(LedgerTxn& txn, std::uint64_t number);

/// Everything in `ledger` as text, for comparing two ledgers; tells about indexes too.
[[nodiscard]] std::string dump(const Ledger& ledger);

/// What is wrong with the indexes of a ledger made of incidents only; empty: nothing.
[[nodiscard]] std::string inconsistencies(const Ledger& ledger);

}  // namespace bailiff::samples
