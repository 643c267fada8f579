#pragma once
// The folders of a record, and what stands in each.

#include <array>
#include <bailiff/sentence.hpp>
#include <string_view>

namespace bailiff {

struct Folder {
    std::string_view name;  ///< below data/
    std::string_view en, fr;
    [[nodiscard]] Sentence what() const { return {std::string(en), std::string(fr)}; }
};

/// The first four are the tiers of disclosure.
inline constexpr std::array folders{
    Folder{"1-subscriber", "identity and contact details of the holder",
           "identité et coordonnées du titulaire"},
    Folder{"2-identification", "addresses, ports and times that serve to find a user",
           "adresses, ports et heures permettant d’identifier un utilisateur"},
    Folder{"3-traffic", "who wrote to whom, when, through which server",
           "qui a écrit à qui, quand, par quel serveur"},
    Folder{"4-content", "the messages themselves", "les messages eux-mêmes"},
    Folder{"5-analysis", "the findings, their weights, and what is needed to judge again",
           "les constats, leur poids et ce qu’il faut pour rejouer l’analyse"},
    Folder{"6-reports", "complaints and reports received", "plaintes et signalements reçus"},
    Folder{"7-decision", "the measures, and the reasons given to the holder",
           "les mesures et l’exposé des motifs adressé au titulaire"},
    Folder{"8-custody", "who had the record in hands, when, and why",
           "qui a eu le dossier entre les mains, quand et pourquoi"},
};

}  // namespace bailiff
