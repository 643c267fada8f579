#pragma once

#include <bailiff/case.hpp>

namespace bailiff {

/// An act of this kind for this case: on whom, and nothing yet of when, in which order and by which
/// id. For acts on a service or account.
[[nodiscard]] inline Action new_act(const Case& record, ActionKind kind) {
    Action action;
    action.case_id = record.id;
    action.kind = kind;
    action.service = record.service;
    action.account = record.account;
    const bool account = row_of(kind).target == ActionTarget::account;
    action.target = account ? record.account.text() : record.service.id.text();
    return action;
}

}  // namespace bailiff
