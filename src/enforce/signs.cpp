#include "src/enforce/signs.hpp"

#include <algorithm>

namespace bailiff {
namespace {

/// So long a login must have been watched before a change of it says anything.
constexpr std::uint32_t days_known_least = 3;
/// A login that sends one message a day changes by sending ten: not by that alone.
constexpr std::int64_t usual_hour_least = 5;

/// The setting, or half of it for a settled service; at least two of anything.
std::int64_t line_of(std::int64_t setting, bool settled) {
    return std::max<std::int64_t>(2, settled ? (setting + 1) / 2 : setting);
}

Sentence number(std::int64_t value) {
    return Sentence::of(std::to_string(value));
}

Sentence networks(const Habits& habits, std::int64_t line) {
    return Sentence{"its login came from ", "son identifiant est venu de "} +
           number(habits.networks_hour) +
           Sentence{" networks within an hour (line ", " réseaux en une heure (seuil "} +
           number(line) + Sentence::of(")");
}

Sentence change(const Habits& habits, std::int64_t times) {
    return Sentence{"it sent ", "il a envoyé "} + number(habits.messages_hour) +
           Sentence{" messages within an hour, its busiest hour of the week before had ",
                    " messages en une heure, contre "} +
           number(habits.usual_hour) +
           Sentence{" (line: ", " dans l'heure la plus chargée de la semaine passée (seuil : "} +
           number(times) + Sentence{" times that)", " fois autant)"};
}

}  // namespace

Signs signs_of(const CompromiseSettings& settings, const std::optional<Habits>& habits,
               std::chrono::days age) {
    if (!habits)
        return {false,
                {{"Nothing tells a stolen login here: there was none, or it was never watched.",
                  "Rien n'indique ici un identifiant volé : il n'y en a pas, ou il n'a jamais été "
                  "observé."}}};
    const bool settled = age.count() >= settings.settled_days;
    const auto networks_line = line_of(settings.networks_per_hour, settled);
    const auto times = line_of(settings.change_times, settled);
    const bool known = habits->days_known >= days_known_least;
    Signs signs;
    const auto sign = [&](const Sentence& what) {
        signs.stolen = true;
        signs.why.push_back(Sentence{"A stolen login: ", "Un identifiant volé : "} + what +
                            Sentence::of("."));
    };
    if (habits->networks_hour >= networks_line) sign(networks(*habits, networks_line));
    if (known && habits->new_network)
        sign(Sentence{"it came from a network from which it never came in ",
                      "il vient d'un réseau d'où il n'était pas venu en "} +
             number(habits->days_known) + Sentence{" days", " jours"});
    const auto usual = std::max<std::int64_t>(usual_hour_least, habits->usual_hour);
    if (known && habits->messages_hour >= times * usual) sign(change(*habits, times));
    if (signs.stolen && settled)
        signs.why.push_back(Sentence{"The service is settled (", "Le service est établi ("} +
                            number(age.count()) +
                            Sentence{" days old): half of each line is enough.",
                                     " jours) : la moitié de chaque seuil suffit."});
    if (!signs.stolen)
        signs.why.push_back(
            Sentence{"Not compromised: ", "Non compromis : "} + networks(*habits, networks_line) +
            (known ? Sentence{", none of them new; ", ", aucun nouveau ; "} + change(*habits, times)
                   : Sentence{"; watched for ", " ; observé depuis "} + number(habits->days_known) +
                         Sentence{" days, too short to know its habits",
                                  " jours, trop peu pour connaître ses habitudes"}) +
            Sentence::of("."));
    return signs;
}

}  // namespace bailiff
