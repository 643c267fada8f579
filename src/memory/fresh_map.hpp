#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <utility>

namespace bailiff {

/// A map of at most `most` entries: for want of room the one that was asked for longest ago goes.
template <class Key, class Value>
class FreshMap {
public:
    explicit FreshMap(std::size_t most) : most_(most) {}

    /// The entry of this key, made if there was none; valid until the next call.
    Value& at(const Key& key) {
        auto found = entries_.find(key);
        if (found == entries_.end()) {
            if (entries_.size() >= most_ && !entries_.empty()) {
                entries_.erase(stalest_first_.front());
                stalest_first_.pop_front();
                ++evicted_;
            }
            found = entries_.try_emplace(key).first;
            found->second.place = stalest_first_.insert(stalest_first_.end(), key);
        }
        stalest_first_.splice(stalest_first_.end(), stalest_first_, found->second.place);
        return found->second.value;
    }
    /// The keys, the stalest first; and the entry of one, if it is there still.
    [[nodiscard]] const std::list<Key>& keys() const { return stalest_first_; }
    [[nodiscard]] const Value* find(const Key& key) const {
        const auto found = entries_.find(key);
        return found == entries_.end() ? nullptr : &found->second.value;
    }
    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

private:
    struct Entry {
        Value value;
        typename std::list<Key>::iterator place;
    };
    std::size_t most_;
    std::map<Key, Entry> entries_;
    std::list<Key> stalest_first_;
    std::uint64_t evicted_ = 0;
};

}  // namespace bailiff
