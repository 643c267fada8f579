#pragma once
// What the file of a panel hook says, validated. src/config/panel_file.cpp has one row a key.

#include <bailiff/settings.hpp>
#include <cstdint>
#include <string>

namespace bailiff {

/// One panel, billing system or receiver, and the credential for it. Secrets are file names.
struct PanelSettings {
    std::string panel;  ///< "whm", "whmcs" or "webhook"
    std::string url;    ///< WHM: of the server; WHMCS: of its api.php; webhook: of the receiver
    std::string user;   ///< WHM: owner of the token; WHMCS: identifier of the credential
    std::string secret_file;
    std::string purge_user;              ///< WHMCS: identifier of the credential that may destroy
    std::string purge_secret_file;       ///< empty: this hook destroys nothing
    std::string ca_file;                 ///< empty: the system's authorities
    std::string map_file;                ///< empty: our ids are the panel's
    Milliseconds timeout{25'000};        ///< for all calls of one verb together
    std::string service_key;             ///< WHMCS: "serviceid", or "accountid" of old versions
    std::int64_t ticket_department = 0;  ///< WHMCS; 0: no tickets
    std::string ticket_subject;
    std::string ticket_message;
    bool receiver_dedupes = false;  ///< webhook: a doubtful delivery is repeated, with its id
};

}  // namespace bailiff
