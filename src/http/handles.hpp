#pragma once
// What libcurl hands out, owned; used handles wait here for the next exchange.

#include <bailiff/mutex.hpp>
#include <curl/curl.h>
#include <memory>
#include <utility>
#include <vector>

namespace bailiff {

struct EasyDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct MultiDeleter {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

/// The easy handle goes before the multi handle that knew it.
struct Handles {
    std::unique_ptr<CURLM, MultiDeleter> multi;
    std::unique_ptr<CURL, EasyDeleter> easy;
};

/// Idle handles: making one costs more than a small exchange.  Threads  any.
class HandleStash {
public:
    HandleStash() { idle_.reserve(idle_max); }  // so that put() cannot throw

    /// Idle ones, or new ones; both null if libcurl has no memory.
    [[nodiscard]] Handles take() {
        {
            Lock lock(mutex_);
            if (!idle_.empty()) {
                auto handles = std::move(idle_.back());
                idle_.pop_back();
                return handles;
            }
        }
        return {std::unique_ptr<CURLM, MultiDeleter>(curl_multi_init()),
                std::unique_ptr<CURL, EasyDeleter>(curl_easy_init())};
    }

    void put(Handles handles) {
        curl_easy_reset(handles.easy.get());
        Lock lock(mutex_);
        if (idle_.size() < idle_max) idle_.push_back(std::move(handles));
    }

private:
    static constexpr std::size_t idle_max = 64;

    Mutex mutex_;
    std::vector<Handles> idle_ BAILIFF_GUARDED_BY(mutex_);
};

}  // namespace bailiff
