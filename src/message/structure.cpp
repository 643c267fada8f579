#include "src/message/structure.hpp"

#include <algorithm>
#include <bailiff/limits.hpp>
#include <functional>
#include <optional>
#include <utility>

#include <bailiff/ascii.hpp>
#include "src/message/entity.hpp"

namespace bailiff::mime {
namespace {

/// A multipart that is open at this point of the message.
struct Frame {
    struct Boundary {
        std::string text;
        std::size_t hash;
    };
    std::vector<Boundary> boundaries;
    std::size_t depth = 0;
    bool ambiguous = false;
    bool digest = false;
    bool closed = false;
};

constexpr auto nowhere = static_cast<std::size_t>(-1);

/// What the lines from `begin` on belong to.
struct Content {
    std::vector<Leaf> readings;  // none: text beside the parts, which no client shows
    std::size_t begin = 0;
    std::size_t depth = 0;
    std::size_t preamble_of = nowhere;  // the frame in front of whose first part it stands
    bool encoded_message = false;
};

struct Delimiter {
    std::size_t frame;
    bool closing;
};

/// A message inside a message that had to be decoded first.
struct Work {
    std::string_view text;
    std::size_t depth;
};

class Splitter {
public:
    Structure run(std::string_view raw) {
        work_.push_back({raw, 0});
        for (bool root = true; !work_.empty() && !stopped_; root = false) {
            const auto work = work_.front();
            work_.pop_front();
            walk(work, root);
        }
        return std::move(result_);
    }

private:
    void walk(const Work& work, bool root) {
        text_ = work.text;
        frames_.clear();
        auto at = open_entity(0, work.depth, root);
        while (at < text_.size() && !frames_.empty() && !stopped_) {
            const auto after = next_line(at);
            const auto found = at_delimiter(at, after);
            if (found) close_content(end_before(at), found);
            at = found ? enter(*found, after) : after;
        }
        if (!stopped_) close_content(text_.size(), {});
    }

    [[nodiscard]] std::size_t next_line(std::size_t at) const {
        const auto end = text_.find('\n', at);
        return end == std::string_view::npos ? text_.size() : end + 1;
    }

    /// The line end in front of a delimiter belongs to the delimiter (RFC 2046 §5.1.1).
    [[nodiscard]] std::size_t end_before(std::size_t at) const {
        if (at > content_.begin && text_[at - 1] == '\n') --at;
        if (at > content_.begin && text_[at - 1] == '\r') --at;
        return at;
    }

    std::optional<Delimiter> at_delimiter(std::size_t at, std::size_t after) {
        if (text_.substr(at, 2) != "--") return {};
        auto line = text_.substr(at + 2, after - at - 2);
        while (!line.empty() && ascii::is_space(line.back())) line.remove_suffix(1);
        if (const auto frame = frame_of(line)) return Delimiter{*frame, false};
        note_near_miss(line);
        if (!line.ends_with("--")) return {};
        line.remove_suffix(2);
        while (!line.empty() && ascii::is_space(line.back())) line.remove_suffix(1);
        if (const auto frame = frame_of(line)) return Delimiter{*frame, true};
        return {};
    }

    /// The innermost open multipart with this boundary; hashes keep hostile boundaries cheap.
    [[nodiscard]] std::optional<std::size_t> frame_of(std::string_view line) const {
        const auto hash = std::hash<std::string_view>{}(line);
        for (auto i = frames_.size(); i-- > 0;)
            for (const auto& boundary : frames_[i].boundaries)
                if (boundary.hash == hash && boundary.text == line) return i;
        return {};
    }

    /// Some clients are content with a line that only begins with the boundary.
    void note_near_miss(std::string_view line) {
        const auto& boundary = frames_.back().boundaries.front().text;
        if (!line.starts_with(boundary)) return;
        const auto rest = line.substr(boundary.size());
        if (rest != "--" && !ascii::is_blank(rest.front()))
            note(result_.limits, "AMBIGUOUS_MIME", "a line only begins with the boundary");
    }

    std::size_t enter(const Delimiter& delimiter, std::size_t after) {
        frames_.resize(delimiter.frame + 1);
        auto& frame = frames_.back();
        if (frame.closed && !delimiter.closing)
            note(result_.limits, "AMBIGUOUS_MIME", "a part after the end of its multipart");
        frame.closed |= delimiter.closing;
        if (delimiter.closing) {
            begin_beside(after, frame);
            return after;
        }
        return open_entity(after, frame.depth + 1, false);
    }

    /// Reads headers until content begins: a message in a message adds no frame, only depth.
    std::size_t open_entity(std::size_t at, std::size_t depth, bool root) {
        bool in_digest = !frames_.empty() && frames_.back().digest;
        for (;; root = in_digest = false) {
            auto block = read_header(text_.substr(at));
            at += block.end;
            if (block.cut) note(result_.limits, "HEADERS_CUT", "more header than is read");
            const auto entity =
                read_entity(block.fields, in_digest ? "message/rfc822" : "text/plain");
            if (root) result_.fields = std::move(block.fields);
            note_oddities(entity);
            const bool nests = entity.is_message() || !entity.boundaries.empty();
            if (nests && depth >= limits::mime_depth_max) {
                note(result_.limits, "MIME_TOO_DEEP", "deeper parts are read as text");
                begin_text(entity, at);
                return at;
            }
            if (!entity.boundaries.empty()) return open_multipart(entity, at, depth);
            const bool plain = entity.encodings.front() == Encoding::identity;
            if (!entity.is_message() || !plain) {
                begin_leaf(entity, at, depth);
                return at;
            }
            ++depth;
        }
    }

    void note_oddities(const Entity& entity) {
        if (entity.ambiguous)
            note(result_.limits, "AMBIGUOUS_MIME", "a field or parameter of MIME occurs twice");
        if (entity.cut) note(result_.limits, "HEADERS_CUT", "a MIME field is too long");
    }

    std::size_t open_multipart(const Entity& entity, std::size_t at, std::size_t depth) {
        Frame frame{.boundaries = {},
                    .depth = depth,
                    .ambiguous = entity.ambiguous,
                    .digest = entity.is_digest()};
        for (const auto& text : entity.boundaries)
            frame.boundaries.push_back({text, std::hash<std::string_view>{}(text)});
        frames_.push_back(std::move(frame));
        begin_text(entity, at);
        content_.preamble_of = frames_.size() - 1;
        return at;
    }

    void begin_leaf(const Entity& entity, std::size_t at, std::size_t depth) {
        content_ = {
            .readings = {}, .begin = at, .depth = depth, .encoded_message = entity.is_message()};
        for (const auto& type : entity.types)
            for (const auto encoding : entity.encodings)
                content_.readings.push_back({.type = type,
                                             .charset = entity.charset,
                                             .file_name = entity.file_name,
                                             .encoding = encoding,
                                             .bytes = {}});
        for (auto& leaf : content_.readings)  // a multipart without a boundary
            if (leaf.type.starts_with("multipart/")) leaf.type = "text/plain";
    }

    /// What should have been a tree, or stands beside its parts, as one text.
    void begin_text(const Entity& entity, std::size_t at) {
        content_ = {.readings = {}, .begin = at};
        for (const auto encoding : entity.encodings)
            content_.readings.push_back(
                {.charset = {}, .file_name = {}, .encoding = encoding, .bytes = {}});
    }

    /// After the last part; shown by no client unless they disagree on what the parts are.
    void begin_beside(std::size_t at, const Frame& frame) {
        content_ = {.readings = {}, .begin = at};
        if (frame.ambiguous) content_.readings.emplace_back();
    }

    void close_content(std::size_t end, std::optional<Delimiter> by) {
        auto content = std::exchange(content_, {});
        const auto bytes = text_.substr(content.begin, end - std::min(end, content.begin));
        if (content.preamble_of != nowhere && !shows_preamble(content, bytes, by)) return;
        if (content.encoded_message) return queue(content, bytes);
        for (auto& leaf : content.readings) {
            leaf.bytes = bytes;
            add(std::move(leaf));
        }
    }

    /// Text in front of the first part is shown if there is doubt, or no part at all.
    bool shows_preamble(const Content& content, std::string_view bytes,
                        std::optional<Delimiter> by) {
        if (ascii::trim(bytes).empty()) return false;
        const bool has_part = by && by->frame == content.preamble_of && !by->closing;
        if (!has_part) note(result_.limits, "AMBIGUOUS_MIME", "a multipart without any part");
        return !has_part || frames_[content.preamble_of].ambiguous;
    }

    void add(Leaf leaf) {
        stopped_ = result_.leaves.size() >= limits::mime_parts_max;
        if (stopped_)
            note(result_.limits, "MIME_TOO_MANY_PARTS", "the parts that follow are not read");
        else
            result_.leaves.push_back(std::move(leaf));
    }

    void queue(const Content& content, std::string_view bytes) {
        for (const auto& leaf : content.readings) {
            auto decoded = decode(leaf.encoding, bytes, limits::text_bytes_max - spent_);
            if (decoded.cut) note(result_.limits, "PARTIAL", "an encoded message is too large");
            spent_ += std::min(decoded.bytes.size(), limits::text_bytes_max - spent_);
            result_.decoded.push_back(std::move(decoded.bytes));
            work_.push_back({result_.decoded.back(), content.depth + 1});
        }
    }

    std::string_view text_;
    std::vector<Frame> frames_;
    Content content_;
    Structure result_;
    std::deque<Work> work_;
    std::size_t spent_ = 0;
    bool stopped_ = false;
};

}  // namespace

void note(Findings& findings, std::string_view symbol, std::string_view reason) {
    for (const auto& each : findings)
        if (each.symbol == symbol) return;
    findings.push_back(state_finding(std::string(symbol), std::string(reason)));
}

Structure split(std::string_view raw) {
    return Splitter().run(raw);
}

}  // namespace bailiff::mime
