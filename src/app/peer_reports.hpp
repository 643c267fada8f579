#pragma once
// What a peer or a CSIRT gets beside the bags: a report in the format of its programs.

#include <bailiff/clock.hpp>
#include <bailiff/settings.hpp>
#include <string>
#include <vector>

#include "src/app/exporter.hpp"
#include "src/evidence/ustar.hpp"

namespace bailiff {

/// Whether there is one for this profile.
[[nodiscard]] bool has_report(const Profile& profile);

/// What the report of a profile needs of us, if reports are configured; before anything is noted in
/// the case.
/// Errors   invalid_input: naming the setting or option that does not fit.
[[nodiscard]] Result<void> check_report(const Settings& settings, const Profile& profile,
                                        const std::string& to);

/// "report.eml" for a peer (ARF, with XARF 4 in it), "misp-event.json" for a CSIRT: no recipient,
/// no holder, of the message its header and links.
/// Errors   not_found: the message is not to be had; those of the makers.
[[nodiscard]] Result<ArchiveFile> peer_report(const Settings& settings, const Profile& profile,
                                              const Exporter& exporter, const CaseId& id,
                                              const Disclosed& disclosed, const std::string& to,
                                              Instant now);

}  // namespace bailiff
