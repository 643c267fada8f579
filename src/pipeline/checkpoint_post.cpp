#include "src/pipeline/checkpoint_post.hpp"

#include <algorithm>

namespace bailiff {

CheckpointPost::CheckpointPost(std::vector<CheckpointWay> ways, const Clock& clock,
                               Journal& journal)
    : clock_(clock), journal_(journal) {
    const Lock lock(mutex_);
    for (auto& way : ways) {
        Route route;
        route.way = std::move(way);
        routes_.push_back(std::move(route));
    }
}

void CheckpointPost::take(const std::string& note) {
    const Lock lock(mutex_);
    newest_ = note;
}

void CheckpointPost::run_due() {
    const Lock sending(sending_);
    std::vector<std::size_t> due;
    std::string note;
    {
        const Lock lock(mutex_);
        note = newest_;
        const auto now = clock_.steady();
        for (std::size_t number = 0; number < routes_.size(); ++number)
            if (routes_[number].sent_note != note && now >= routes_[number].not_before)
                due.push_back(number);
    }
    if (note.empty()) return;
    for (const auto number : due) send(number, note);
}

void CheckpointPost::send(std::size_t number, const std::string& note) {
    std::function<Result<void>(const std::string&)> send;
    {
        const Lock lock(mutex_);
        send = routes_[number].way.send;
    }
    const auto sent = send(note);
    const Lock lock(mutex_);
    note_outcome(routes_[number], note, sent);
}

void CheckpointPost::note_outcome(Route& route, const std::string& note, const Result<void>& sent) {
    if (sent) {
        if (!route.error.empty())
            journal_.event(Severity::info, "checkpoint_sent_again", {{"way", route.way.name}});
        route.error.clear();
        route.pause = {};
        route.sent_note = note;
        route.sent = clock_.now();
        route.not_before = clock_.steady() + route.way.every;
        return;
    }
    if (route.error.empty())
        journal_.event(Severity::alarm, "checkpoint_not_sent",
                       {{"way", route.way.name}, {"why", sent.error().what}});
    route.error = sent.error().what;
    route.pause = std::clamp(route.pause * 2, pause_first, pause_ceiling);
    route.not_before = clock_.steady() + route.pause;
}

std::vector<CheckpointPost::Status> CheckpointPost::status() const {
    const Lock lock(mutex_);
    std::vector<Status> all;
    for (const auto& route : routes_) all.push_back({route.way.name, route.sent, route.error});
    return all;
}

}  // namespace bailiff
