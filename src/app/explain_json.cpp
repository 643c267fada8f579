#include "src/app/explain_json.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "src/api/printable.hpp"

namespace bailiff {
namespace {

using Json = nlohmann::ordered_json;

double points(MilliPoints score) {
    return static_cast<double>(score) / 1000.0;
}

Json attribution_json(const Attribution& attribution) {
    Json json{{"strength", to_text(attribution.strength)}};
    json["service"] = attribution.service ? Json(attribution.service->id.text()) : Json(nullptr);
    json["account"] =
        attribution.service ? Json(attribution.service->account.text()) : Json(nullptr);
    json["reason"] = attribution.reason.en;
    json["reason_fr"] = attribution.reason.fr;
    json["proofs"] = Json::array();
    for (const auto& proof : attribution.proofs) {
        Json services = Json::array();
        for (const auto& id : proof.services) services.push_back(id.text());
        json["proofs"].push_back({{"kind", to_text(proof.kind)},
                                  {"value", proof.value},
                                  {"source", proof.source},
                                  {"strength", to_text(proof.strength)},
                                  {"services", services}});
    }
    return json;
}

std::string actions_text(const Plan& plan) {
    std::string text;
    for (const auto kind : plan.actions)
        text += (text.empty() ? "" : ", ") + std::string(to_text(kind));
    return text.empty() ? "none" : text;
}

}  // namespace

std::string explained_json(const std::string& file, const Judgement& judgement) {
    Json json{{"v", 1}, {"file", file}, {"attribution", attribution_json(judgement.attribution)}};
    json["findings"] = Json::array();
    for (const auto& finding : judgement.verdict.findings)
        json["findings"].push_back({{"family", to_text(finding.families)},
                                    {"symbol", finding.symbol},
                                    {"score", points(finding.score)},
                                    {"reason", finding.reason}});
    json["score"] = points(judgement.verdict.score);
    for (const auto family : families)
        json["families"][to_text(family)] = points(of(judgement.verdict, family));
    json["verdict"] = to_text(judgement.verdict.level);
    for (const auto* reasons : {&judgement.verdict.reasons, &judgement.plan.reasons})
        for (const auto& reason : *reasons) {
            json["reasons"].push_back(reason.en);
            json["reasons_fr"].push_back(reason.fr);
        }
    json["path"] = judgement.plan.path.empty() ? Json(nullptr) : Json(judgement.plan.path);
    json["reply"] = to_text(judgement.plan.reply);
    json["actions"] = Json::array();
    for (const auto kind : judgement.plan.actions) json["actions"].push_back(to_text(kind));
    for (const auto& time : judgement.times) json["us"][time.station] = time.us;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string explained_text(const std::string& file, const Judgement& judgement,
                           Language language) {
    char line[160];
    std::string text = file + "\n  attribution  " +
                       std::string(to_text(judgement.attribution.strength)) + ": " +
                       printable(in(language, judgement.attribution.reason)) + "\n";
    std::snprintf(line, sizeof line, "  verdict      %s, %.1f points\n",
                  std::string(to_text(judgement.verdict.level)).c_str(),
                  points(judgement.verdict.score));
    text += line;
    for (const auto* reasons : {&judgement.verdict.reasons, &judgement.plan.reasons})
        for (const auto& reason : *reasons)
            text += "               " + printable(in(language, reason)) + "\n";
    for (const auto& finding : judgement.verdict.findings) {
        std::snprintf(line, sizeof line, "  %6.1f  %-10s %-30s ", points(finding.score),
                      to_text(finding.families).c_str(), finding.symbol.c_str());
        text += line + printable(finding.reason) + "\n";
    }
    text += "  path         " + (judgement.plan.path.empty() ? "none" : judgement.plan.path) +
            "\n  actions      " + actions_text(judgement.plan) + "\n  reply        " +
            std::string(to_text(judgement.plan.reply)) + "\n  time         ";
    for (const auto& time : judgement.times)
        text += std::string(time.station) + " " + std::to_string(time.us) + " us  ";
    return text + "\n";
}

}  // namespace bailiff
