// JSON → rows, by events, so that each value knows its line.

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "src/directory/import.hpp"
#include "src/directory/rows.hpp"

namespace bailiff {
namespace {

/// How far the parser has read.
class Position {
public:
    explicit Position(std::string_view text) : text_(text) {}
    void reach(const char* at) { reached_ = static_cast<std::size_t>(at - text_.data()); }
    [[nodiscard]] bool at_end() const { return reached_ >= text_.size(); }

    /// Of the last byte read but one: the parser looks one byte past a number, never past others.
    [[nodiscard]] std::size_t line() {
        const auto until = reached_ == 0 ? 0 : reached_ - 1;
        if (until > counted_) {
            line_ += static_cast<std::size_t>(
                std::ranges::count(text_.substr(counted_, until - counted_), '\n'));
            counted_ = until;
        }
        return line_;
    }

private:
    std::string_view text_;
    std::size_t reached_ = 0;
    std::size_t counted_ = 0;
    std::size_t line_ = 1;
};

/// Bytes that tell `Position` how many of them were read.
class CountedByte {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountedByte(const char* at, Position& position) : at_(at), position_(&position) {}
    reference operator*() const { return *at_; }
    CountedByte& operator++() {
        position_->reach(++at_);
        return *this;
    }
    CountedByte operator++(int) {
        auto before = *this;
        ++*this;
        return before;
    }
    friend bool operator!=(const CountedByte& a, const CountedByte& b) { return a.at_ != b.at_; }

private:
    const char* at_;
    Position* position_;
};

/// Collects rows; an event that returns false ends the reading.
class RowCollector {
public:
    RowCollector(Position& position, ImportComplaints& complaints)
        : position_(position), complaints_(complaints) {}

    bool null() { return value(RawField::Kind::none, ""); }
    bool boolean(bool truth) { return value(RawField::Kind::truth, truth ? "true" : "false"); }
    bool number_integer(std::int64_t) { return value(RawField::Kind::other, ""); }
    bool number_unsigned(std::uint64_t) { return value(RawField::Kind::other, ""); }
    bool number_float(double, const std::string&) { return value(RawField::Kind::other, ""); }
    bool binary(nlohmann::json::binary_t&) { return value(RawField::Kind::other, ""); }
    bool string(std::string& text) { return value(RawField::Kind::text, std::move(text)); }

    bool start_array(std::size_t) {
        if (depth_ == 0 || depth_ == 2) {
            if (depth_ == 2) start_list();
            ++depth_;
            return true;
        }
        return stop(depth_ == 1 ? "an object for each row" : "nothing nested as deep as this");
    }
    bool end_array() {
        if (--depth_ == 2) row().fields.push_back(*std::exchange(list_, std::nullopt));
        return true;
    }
    bool start_object(std::size_t) {
        if (depth_ == 1 || depth_ == 3) {
            open_.push_back({position_.line(), {}});
            ++depth_;
            return true;
        }
        return stop(depth_ == 0 ? "an array of objects" : "nothing nested as deep as this");
    }
    bool end_object() {
        auto done = std::move(open_.back());
        open_.pop_back();
        if (--depth_ == 1)
            rows_.push_back(std::move(done));
        else
            list_->rows.push_back(std::move(done));
        return true;
    }
    bool key(std::string& name) {
        name_ = std::move(name);
        if (std::ranges::find(row().fields, name_, &RawField::name) != row().fields.end())
            complaints_.add(position_.line(), name_, "expected each field once");
        return true;
    }

    bool parse_error(std::size_t, const std::string& token, const nlohmann::json::exception&) {
        constexpr std::size_t near_max = 40;
        const auto tail = token.substr(token.size() - std::min(token.size(), near_max));
        return stop(position_.at_end() ? "more: the file ends in the middle"
                                       : "other JSON than '" + shown(tail) + "'");
    }
    [[nodiscard]] std::vector<RawRow> rows() && { return std::move(rows_); }

private:
    RawRow& row() { return open_.back(); }

    void start_list() { list_ = RawField{name_, position_.line(), RawField::Kind::rows, {}, {}}; }

    bool value(RawField::Kind kind, std::string text) {
        if (depth_ == 2 || depth_ == 4) {
            row().fields.push_back({name_, position_.line(), kind, std::move(text), {}});
            return true;
        }
        if (depth_ == 3) {
            list_->kind = RawField::Kind::other;
            return true;
        }
        return stop(depth_ == 0 ? "an array of objects" : "an object for each row");
    }

    bool stop(const std::string& expected) {
        complaints_.add(position_.line(), "JSON", "expected " + expected);
        return false;
    }

    Position& position_;
    ImportComplaints& complaints_;
    std::vector<RawRow> rows_;
    int depth_ = 0;  ///< 1 the array, 2 a row, 3 a list in it, 4 an object in that
    std::vector<RawRow> open_;
    std::string name_;
    std::optional<RawField> list_;
};

}  // namespace

std::vector<RawRow> read_json_rows(std::string_view text, ImportComplaints& complaints) {
    Position position(text);
    RowCollector collector(position, complaints);
    const auto* end = text.data() + text.size();
    nlohmann::json::sax_parse(CountedByte(text.data(), position), CountedByte(end, position),
                              &collector);
    return std::move(collector).rows();
}

}  // namespace bailiff
