#include "src/message/html.hpp"

#include <algorithm>
#include <utility>

#include <bailiff/ascii.hpp>
#include "src/message/entities.hpp"
#include "src/message/tag.hpp"
#include "src/message/text_flow.hpp"

namespace bailiff::html {
namespace {

enum class Break { none, space, line, paragraph };

struct Breaking {
    std::string_view tag;
    Break kind;
};
constexpr Breaking breaking[] = {
    {"br", Break::line},           {"div", Break::line},
    {"p", Break::paragraph},       {"td", Break::space},
    {"li", Break::space},          {"th", Break::space},
    {"dt", Break::space},          {"dd", Break::space},
    {"h1", Break::space},          {"h2", Break::space},
    {"h3", Break::space},          {"h4", Break::space},
    {"h5", Break::space},          {"h6", Break::space},
    {"embed", Break::space},       {"hr", Break::paragraph},
    {"pre", Break::paragraph},     {"blockquote", Break::paragraph},
    {"xmp", Break::paragraph},     {"title", Break::paragraph},
    {"listing", Break::paragraph}, {"plaintext", Break::paragraph},
};

Break break_of(std::string_view tag) {
    for (const auto& each : breaking)
        if (each.tag == tag) return each.kind;
    return Break::none;
}

/// "5; url=https://..." of <meta http-equiv=refresh>.
std::string_view refresh_target(std::string_view content) {
    for (auto at = content.find('='); at != std::string_view::npos;
         at = content.find('=', at + 1)) {
        if (!ascii::ends(ascii::trim(content.substr(0, at)), "url")) continue;
        auto target = ascii::trim(content.substr(at + 1));
        while (!target.empty() && (target.front() == '"' || target.front() == '\''))
            target.remove_prefix(1);
        return target.substr(0, target.find_first_of("\"'"));
    }
    return {};
}

class Renderer {
public:
    explicit Renderer(std::string_view html) : tags_(html), flow_(out_.text) {
        out_.text.reserve(html.size() / 2);
    }

    Rendered render() {
        while (!tags_.at_end()) {
            flow_.add(tags_.text());
            if (tags_.at_end()) break;
            if (tags_.read(tag_))
                on_tag();
            else if (tag_.is_text)
                flow_.add("<");
        }
        return std::move(out_);
    }

private:
    void on_tag() {
        switch (break_of(tag_.name)) {
            case Break::none:
                break;
            case Break::space:
                flow_.space();
                break;
            case Break::line:
                flow_.line();
                break;
            case Break::paragraph:
                flow_.paragraph();
                break;
        }
        if (tag_.is_end) return;
        for (const auto& [name, value] : tag_.attributes) on_attribute(name, value);
        if (tag_.name == "script" || tag_.name == "style") tags_.skip_to_end_of(tag_.name);
    }

    void on_attribute(std::string_view name, std::string_view value) {
        if (tag_.name == "base" && name == "href" && out_.base.empty())
            out_.base = decoded(value, Where::attribute);
        if (name != "content")
            link(decoded(value, Where::attribute));
        else if (tag_.name == "meta")
            link(refresh_target(decoded(value, Where::attribute)));
    }

    void link(std::string_view value) {
        if (value.empty()) return;
        out_.links_cut |= out_.links.size() >= links_max;
        if (!out_.links_cut) out_.links.emplace_back(value);
    }

    TagReader tags_;
    Tag tag_;
    Rendered out_;
    TextFlow flow_;
};

}  // namespace

Rendered render(std::string_view html) {
    return Renderer(html).render();
}

}  // namespace bailiff::html
