#pragma once
// A machine that can die at every call through a port; time, chance and a journal for tests.

#include <bailiff/clock.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/ports/directory.hpp>
#include <bailiff/ports/entropy.hpp>
#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace bailiff::test {

/// Dies at the n-th call through a port, before or after the call has done its work; a dead machine
/// does nothing more until it is started again.
class Machine {
public:
    struct Died : std::runtime_error {
        Died() : std::runtime_error("the machine has died") {}
    };
    void die_at(int step) { left_ = step; }
    void start_again() { dead_ = false, left_ = 0; }
    [[nodiscard]] bool dead() const { return dead_; }
    void step() {
        if (dead_) throw Died();
        if (left_ > 0 && --left_ == 0) {
            dead_ = true;
            throw Died();
        }
    }

private:
    bool dead_ = false;
    int left_ = 0;
};

class TestClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override { return now_; }
    [[nodiscard]] SteadyInstant steady() const override {
        return SteadyInstant(now_.time_since_epoch());
    }
    void pass(std::chrono::milliseconds time) { now_ += time; }

private:
    Instant now_ = *parse_rfc3339("2026-11-23T12:00:00Z");
};

class ListJournal final : public Journal {
public:
    void event(Severity severity, std::string_view name,
               std::initializer_list<Field> fields) noexcept override {
        std::string text(name);
        for (const auto& field : fields) text += " " + std::string(field.key) + "=" + field.value;
        lines.push_back(text);
        if (severity == Severity::alarm) alarms.emplace_back(name);
    }
    std::vector<std::string> lines, alarms;
};

/// Half way, always.
class HalfEntropy final : public Entropy {
public:
    void fill(std::span<std::uint8_t> bytes) override {
        std::ranges::fill(bytes, std::uint8_t{0});
        if (!bytes.empty()) bytes[0] = 0x80;
    }
};

class RowDirectory final : public Directory {
public:
    explicit RowDirectory(const Clock& clock) : imported(clock.now()) {}
    Result<std::vector<Service>> find(IdentityKind, std::string_view, Instant) const override {
        return std::vector<Service>();
    }
    Result<std::optional<Service>> service(const ServiceId& id) const override {
        if (unreadable) return fail(Fault::unavailable, "not now");
        for (const auto& row : rows)
            if (row.id == id) return std::optional<Service>(row);
        return std::optional<Service>();
    }
    Result<std::vector<Service>> services_of(const AccountId& id) const override {
        std::vector<Service> found;
        for (const auto& row : rows)
            if (row.account == id) found.push_back(row);
        return found;
    }
    Result<std::vector<Service>> list(const ServiceId&, std::size_t) const override { return rows; }
    Result<DirectoryInfo> info() const override {
        if (!imported) return fail(Fault::not_found, "nothing was ever imported");
        return DirectoryInfo{.imported = *imported};
    }
    std::vector<Service> rows;
    std::optional<Instant> imported;
    bool unreadable = false;
};

}  // namespace bailiff::test
