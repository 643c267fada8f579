#include "src/api/connections.hpp"

#include <sys/socket.h>

namespace bailiff {

bool Connections::admit(SteadyInstant now) {
    const Lock lock(mutex_);
    for (const auto& [fd, since] : since_)
        if (now - since >= bounds_.age_max) shutdown(fd, SHUT_RDWR);
    return since_.size() < bounds_.count_max;
}

void Connections::opened(int fd, SteadyInstant now) {
    const Lock lock(mutex_);
    since_[fd] = now;
}

void Connections::closing(int fd) {
    const Lock lock(mutex_);
    since_.erase(fd);
}

}  // namespace bailiff
