#include "src/panel/reason.hpp"

#include "src/panel/form.hpp"

namespace bailiff::panel {
namespace {

constexpr std::string_view suspended = "bailiff suspended case ";
constexpr std::string_view terminated = "bailiff terminated case ";
constexpr std::string_view mail_mark = "; mail was stopped";
constexpr std::string_view before_mark = "; before: ";
constexpr std::size_t case_id_bytes = 17;

}  // namespace

std::string reason_text(const OwnReason& reason) {
    std::string text(reason.meaning == Meaning::terminated ? terminated : suspended);
    text += reason.case_id;
    if (reason.mail_was_stopped) text += mail_mark;
    if (!reason.before.empty()) text.append(before_mark).append(as_said(reason.before));
    return text;
}

std::optional<OwnReason> read_reason(std::string_view text) {
    OwnReason reason;
    if (text.starts_with(terminated)) {
        reason.meaning = Meaning::terminated;
        text.remove_prefix(terminated.size());
    } else if (text.starts_with(suspended)) {
        text.remove_prefix(suspended.size());
    } else {
        return std::nullopt;
    }
    reason.case_id = text.substr(0, case_id_bytes);
    if (!CaseId::parse(reason.case_id)) return std::nullopt;
    text.remove_prefix(case_id_bytes);
    if (text.starts_with(mail_mark)) {
        reason.mail_was_stopped = true;
        text.remove_prefix(mail_mark.size());
    }
    if (text.empty()) return reason;
    if (!text.starts_with(before_mark)) return std::nullopt;
    reason.before = text.substr(before_mark.size());
    return reason;
}

}  // namespace bailiff::panel
