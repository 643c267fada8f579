#pragma once
// A sealed bag on its way out of the house.

#include <bailiff/settings.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "src/api/client.hpp"
#include "src/app/bag_files.hpp"
#include "src/app/published_log.hpp"
#include "src/app/vault_secret.hpp"
#include "src/evidence/bag.hpp"
#include "src/evidence/profiles.hpp"

namespace bailiff {

/// Which of a bag's files go out.
struct ExportChoice {
    const Profile* profile = nullptr;
    std::optional<std::set<unsigned>> tiers{};  ///< instead of the profile's

    [[nodiscard]] bool takes(const std::string& path) const;
    /// "134": those of which something goes out.
    [[nodiscard]] std::string tiers_text() const;
    /// Of a profile's name and "1,3", which may be empty.  Errors   invalid_input.
    [[nodiscard]] static Result<ExportChoice> of(const std::string& profile,
                                                 const std::string& tiers);
};

/// Takes the files of bags from the desk, opens what is sealed, and holds each against the
/// manifest; lays proof, keys and programs beside the seal.
/// Threads  one.
class Exporter {
public:
    /// `settings`, `client` and `secret` must outlive it.
    Exporter(const Settings& settings, const DeskClient& client, CaseId id, ExportChoice choice,
             const VaultSecretFile& secret)
        : settings_(settings),
          client_(client),
          id_(std::move(id)),
          choice_(std::move(choice)),
          secret_(secret) {}

    /// `leaf` is that of the disclosure.  Errors   corrupt: something is not what was sealed.
    [[nodiscard]] Result<BagContents> bag(const Seal& seal, std::uint64_t leaf) const;
    /// One file of the first bag, by its path below data/, whatever the profile.
    /// Errors   not_found: erased, not in it, or sealed and no private key was given.
    [[nodiscard]] Result<std::string> file(const Seal& first, std::string_view path,
                                           std::uint64_t leaf) const;

private:
    [[nodiscard]] Result<void> take(BagContents& bag, const ManifestLine& line,
                                    std::uint64_t leaf) const;
    [[nodiscard]] Result<std::string> opened(const Seal& seal, const ManifestLine& line,
                                             std::uint64_t leaf) const;
    [[nodiscard]] Result<std::string> kept(const Seal& seal, const std::string& path,
                                           std::uint64_t leaf) const;
    [[nodiscard]] Result<void> lay_seals(BagContents& bag) const;

    const Settings& settings_;
    const DeskClient& client_;
    const CaseId id_;
    const ExportChoice choice_;
    const VaultSecretFile& secret_;
};

}  // namespace bailiff
