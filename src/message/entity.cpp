#include "src/message/entity.hpp"

#include <algorithm>

#include <bailiff/ascii.hpp>
#include "src/message/params.hpp"

namespace bailiff::mime {
namespace {

constexpr std::size_t readings_max = 2;  // the first and the last: no client takes another
constexpr std::size_t boundary_bytes_max = 1'000;  // RFC 2046 §5.1.1 allows 70

template <class T>
void add_reading(std::vector<T>& readings, T value) {
    if (std::ranges::find(readings, value) != readings.end()) return;
    if (readings.size() >= readings_max) readings.pop_back();
    readings.push_back(std::move(value));
}

bool is_type(std::string_view text) {
    const auto slash = text.find('/');
    return slash != std::string_view::npos && slash > 0 && slash + 1 < text.size() &&
           text.size() <= 255 && std::ranges::all_of(text, [](char c) {
               return ascii::is_alnum(c) ||
                      std::string_view("/+-._").find(c) != std::string_view::npos;
           });
}

class Reader {
public:
    explicit Reader(std::string_view default_type) : default_type_(default_type) {}

    void take(const RawField& field) {
        if (ascii::equal(field.name, "content-type"))
            content_type(field);
        else if (ascii::equal(field.name, "content-transfer-encoding"))
            encoding(field);
        else if (ascii::equal(field.name, "content-disposition"))
            disposition(field);
    }

    Entity finish() {
        if (entity_.types.empty()) entity_.types.emplace_back(default_type_);
        if (entity_.encodings.empty()) entity_.encodings.push_back(Encoding::identity);
        if (file_name_.empty()) file_name_ = type_name_;
        entity_.file_name = decode_words(file_name_);
        return std::move(entity_);
    }

private:
    void content_type(const RawField& field) {
        const auto parameters = read_parameters(unfold(field.body));
        entity_.ambiguous |= types_seen_++ > 0;
        entity_.cut |= parameters.cut;
        const bool multipart = parameters.value.starts_with("multipart/");
        if (multipart) take_boundaries(parameters);
        add_reading(entity_.types, is_type(parameters.value) ? parameters.value : "text/plain");
        if (entity_.charset.empty()) entity_.charset = ascii::to_lower(parameters.first("charset"));
        if (type_name_.empty()) type_name_ = parameters.first("name");
    }

    void take_boundaries(const Parameters& parameters) {
        std::size_t seen = 0;
        for (const auto& [name, value] : parameters.all) {
            if (name != "boundary") continue;
            entity_.ambiguous |= seen++ > 0;
            auto boundary = value;
            while (!boundary.empty() && ascii::is_space(boundary.back())) boundary.pop_back();
            if (boundary.empty() || boundary.size() > boundary_bytes_max) continue;
            add_reading(entity_.boundaries, std::move(boundary));
        }
    }

    void encoding(const RawField& field) {
        entity_.ambiguous |= encodings_seen_++ > 0;
        add_reading(entity_.encodings, encoding_of(unfold(field.body)));
    }

    void disposition(const RawField& field) {
        const auto parameters = read_parameters(unfold(field.body));
        entity_.cut |= parameters.cut;
        if (file_name_.empty()) file_name_ = parameters.first("filename");
    }

    std::string_view default_type_;
    Entity entity_;
    std::string file_name_, type_name_;
    std::size_t types_seen_ = 0, encodings_seen_ = 0;
};

}  // namespace

bool Entity::is_message() const {
    return std::ranges::any_of(types, [](const auto& type) {
        return type == "message/rfc822" || type == "message/global" || type == "message/news";
    });
}

bool Entity::is_digest() const {
    return types.front() == "multipart/digest";
}

Entity read_entity(const std::vector<RawField>& fields, std::string_view default_type) {
    Reader reader(default_type);
    for (const auto& field : fields) reader.take(field);
    return reader.finish();
}

}  // namespace bailiff::mime
