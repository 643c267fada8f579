#include "milter/workers.hpp"

#include <pthread.h>
#include <sys/socket.h>

#include <exception>
#include <thread>

namespace bailiff {
namespace {

using namespace std::chrono_literals;

constexpr auto idle_max = 10s;
constexpr std::size_t idle_kept = 4;  // for the next burst

}  // namespace

Workers::~Workers() {
    hang_up();
    const Lock lock(mutex_);
    ends_ = true;
    changed_.notify_all();
    changed_.wait(mutex_, [this]() BAILIFF_REQUIRES(mutex_) { return threads_ == 0; });
}

bool Workers::take(Descriptor connection) {
    const Lock lock(mutex_);
    try {
        if (waiting_.size() < idle_) {
            waiting_.push_back(std::move(connection));
            changed_.notify_one();
            return true;
        }
        if (threads_ == threads_max_) return false;
        std::thread([this, taken = std::move(connection)]() mutable {
            work(std::move(taken));
        }).detach();
    } catch (const std::exception&) {  // no thread or no memory to be had
        return false;
    }
    ++threads_;
    return true;
}

void Workers::work(Descriptor connection) {
    pthread_setname_np(pthread_self(), "milter");
    PacketReader reader;
    while (connection.is_open()) {
        serve(connection.number(), reader);
        connection.close();
        connection = next();
    }
}

void Workers::serve(int socket, PacketReader& reader) {
    try {
        {
            const Lock lock(mutex_);
            served_.insert(socket);
            if (leaving_) ::shutdown(socket, SHUT_RD);
        }
        serve_(socket, reader);
    } catch (...) {
        // No memory: the connection ends, and the MTA defers its message.
    }
    const Lock lock(mutex_);
    served_.erase(socket);  // before it is closed: the number may be another's then
}

Descriptor Workers::next() {
    const Lock lock(mutex_);
    ++idle_;
    const auto wanted = [this]() BAILIFF_REQUIRES(mutex_) { return ends_ || !waiting_.empty(); };
    while (!changed_.wait_for(mutex_, idle_max, wanted) && idle_ <= idle_kept) {
    }
    --idle_;
    if (waiting_.empty()) {
        --threads_;
        changed_.notify_all();
        return Descriptor();
    }
    auto connection = std::move(waiting_.front());
    waiting_.pop_front();
    return connection;
}

void Workers::hang_up() {
    const Lock lock(mutex_);
    leaving_ = true;
    // What has arrived can still be read, so it is answered; what has not is not sent any more.
    for (const int socket : served_) ::shutdown(socket, SHUT_RD);
}

std::size_t Workers::busy() {
    const Lock lock(mutex_);
    return threads_ - idle_ + waiting_.size();
}

}  // namespace bailiff
