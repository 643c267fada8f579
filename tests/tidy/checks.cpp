#include <algorithm>
#include <array>
#include <optional>
#include <regex>
#include <string_view>

#include "tests/tidy/tree.hpp"

namespace bailiff::tidy {
namespace {

using namespace std::string_view_literals;

std::string at(const File& file, std::size_t line, const std::string& what) {
    return file.path + ":" + std::to_string(line + 1) + ": " + what;
}

/// What a line includes, "lmdb.h" or "src/app/files.hpp"; nothing if it does not.
std::optional<std::string> included(const std::string& line) {
    static const std::regex include(R"re(^\s*#\s*include\s*["<]([^">]+)[">])re");
    std::smatch match;
    if (!std::regex_search(line, match, include)) return std::nullopt;
    return match[1].str();
}

struct Border {
    std::string_view header, only_in;
};
constexpr std::array borders{
    Border{"re2/", "rules/"},
    Border{"pcre2", "rules/"},              Border{"hs/", "rules/"},
    Border{"lmdb.h", "lmdb/"},              Border{"gmime/", "src/message/"},
    Border{"glib", "src/message/"},         Border{"libpsl", "src/message/"},
    Border{"toml++/", "src/config/"},       Border{"curl/", "src/http/"},
    Border{"openssl/", "src/seal/"},        Border{"sodium", "src/seal/"},
    Border{"zstd", "src/seal/"},            Border{"microhttpd", "src/api/"},
    Border{"spdlog/", "src/journal/"},      Border{"prometheus/", "src/metrics/"},
    Border{"CLI/", "src/app/"},             Border{"systemd/", "src/app/"},
    Border{"tl/", "include/bailiff/result.hpp"},
};

bool is_json_file(std::string_view path) { return path.ends_with("_json.cpp"); }

/// 0 to 4, by folder; tests see everything.
struct Ring {
    std::string_view folder;
    int number;
};
constexpr std::array ring_table{
    Ring{"include/bailiff/", 0},  Ring{"bailiff/", 0},         Ring{"src/guard/", 0},
    Ring{"src/exchange/", 0},
    Ring{"src/message/", 1},      Ring{"src/identify/", 1},    Ring{"src/inspect/", 1},
    Ring{"src/decide/", 1},       Ring{"src/enforce/", 1},     Ring{"src/evidence/", 1},
    Ring{"src/report/", 1},       Ring{"src/notice/", 1},      Ring{"src/config/", 1},
    Ring{"src/log/", 1},          Ring{"src/peers/", 1},       Ring{"src/signer/", 2},
    Ring{"milter/", 2},           Ring{"rules/", 2},           Ring{"lmdb/", 2},
    Ring{"src/http/", 2},         Ring{"src/rspamd/", 2},      Ring{"src/panel/", 2},
    Ring{"src/process/", 2},      Ring{"src/directory/", 2},   Ring{"src/seal/", 2},
    Ring{"src/log/", 1},          Ring{"src/queue/", 2},
    Ring{"src/journal/", 2},      Ring{"src/metrics/", 2},     Ring{"src/memory/", 2},
    Ring{"src/api/", 2},          Ring{"src/pipeline/", 3},    Ring{"src/app/", 4},
    Ring{"src/replay/", 3},        Ring{"src/retention/", 1},
};

const Ring* ring_of(std::string_view path) {
    const auto found = std::ranges::find_if(
        ring_table, [&](const Ring& ring) { return path.starts_with(ring.folder); });
    return found == ring_table.end() ? nullptr : &*found;
}

/// Rings 1 and 2 see ring 0 and their own folder; 3 sees 0 and 1; 4 sees all.
bool may_see(const Ring& from, const Ring& to) {
    if (from.folder == to.folder || to.number == 0) return true;
    if (from.number == 3) return to.number == 1;
    return from.number == 4;
}

constexpr std::size_t function_lines_max = 70;
constexpr std::size_t source_lines_max = 400;
constexpr std::size_t header_lines_max = 200;
constexpr std::size_t line_columns_max = 100;

/// Characters, not bytes: UTF-8 continuation bytes do not count.
std::size_t columns(const std::string& line) {
    return static_cast<std::size_t>(std::ranges::count_if(
        line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::size_t indentation(const std::string& line) {
    return std::min(line.find_first_not_of(' '), line.size());
}

/// A function body begins at a line that ends in "{" and has ")" before it, and ends with the first
/// "}" that stands no further right; the signature may have been wrapped. Good enough for code that
/// clang-format laid out.
Breaches long_functions(const File& file) {
    static const std::regex opening(R"re(^\s*[^\s#/].*\).*\{$)re");
    Breaches breaches;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
        if (!std::regex_match(file.lines[i], opening)) continue;
        const auto column = indentation(file.lines[i]);
        const auto closes = [&](const std::string& line) {
            return indentation(line) <= column && line.find('}') == indentation(line);
        };
        std::size_t end = i + 1;
        while (end < file.lines.size() && !closes(file.lines[end])) ++end;
        if (end - i + 1 > function_lines_max)
            breaches.push_back(at(file, i, "function of " + std::to_string(end - i + 1) + " lines"));
    }
    return breaches;
}

}  // namespace

Breaches foreign_headers(const std::vector<File>& files) {
    Breaches breaches;
    for (const auto& file : files)
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const auto header = included(file.lines[i]);
            if (!header) continue;
            for (const auto& border : borders)
                if (header->starts_with(border.header) && !file.path.starts_with(border.only_in))
                    breaches.push_back(at(file, i, *header + " belongs to " +
                                                       std::string(border.only_in)));
            if (header->starts_with("nlohmann/") && !is_json_file(file.path))
                breaches.push_back(at(file, i, *header + " belongs to files named *_json.cpp"));
        }
    return breaches;
}

Breaches rings(const std::vector<File>& files) {
    Breaches breaches;
    for (const auto& file : files) {
        const auto* from = ring_of(file.path);
        if (from == nullptr) {
            breaches.push_back(file.path + ": in no ring");
            continue;
        }
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const auto header = included(file.lines[i]);
            const auto* to = header ? ring_of(*header) : nullptr;
            if (to != nullptr && !may_see(*from, *to))
                breaches.push_back(at(file, i, "ring " + std::to_string(from->number) +
                                                   " includes " + *header + " of ring " +
                                                   std::to_string(to->number)));
        }
    }
    return breaches;
}

Breaches sizes(const std::vector<File>& files) {
    Breaches breaches;
    for (const auto& file : files) {
        const auto most = file.path.ends_with(".hpp") ? header_lines_max : source_lines_max;
        if (file.lines.size() > most)
            breaches.push_back(file.path + ": " + std::to_string(file.lines.size()) + " lines");
        for (std::size_t i = 0; i < file.lines.size(); ++i)
            if (columns(file.lines[i]) > line_columns_max)
                breaches.push_back(at(file, i, "line of " + std::to_string(columns(file.lines[i])) +
                                                   " columns"));
        std::ranges::move(long_functions(file), std::back_inserter(breaches));
    }
    return breaches;
}

Breaches purity(const std::vector<File>& files) {
    static constexpr std::array impure{"::now("sv,      "<thread>"sv,  "<fstream>"sv, "<random>"sv,
                                       "<filesystem>"sv, "std::rand"sv, "getenv("sv,   "fopen("sv,
                                       "printf(stderr"sv, "std::cerr"sv};
    Breaches breaches;
    for (const auto& file : files) {
        const auto* ring = ring_of(file.path);
        if (ring == nullptr || ring->number != 1) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i)
            for (const auto word : impure)
                if (file.lines[i].find(word) != std::string::npos)
                    breaches.push_back(at(file, i, "a pure station says " + std::string(word)));
    }
    return breaches;
}

Breaches headers(const std::vector<File>& files) {
    Breaches breaches;
    for (const auto& file : files) {
        if (!file.path.ends_with(".hpp")) continue;
        if (file.lines.empty() || file.lines.front() != "#pragma once")
            breaches.push_back(file.path + ": does not begin with #pragma once");
        for (std::size_t i = 0; i < file.lines.size(); ++i)
            if (file.lines[i].starts_with("using namespace"))
                breaches.push_back(at(file, i, "using namespace in a header"));
    }
    return breaches;
}

}  // namespace bailiff::tidy
