// Stands before the C library's functions that LMDB calls: the program's own definition is found
// first.
#include "tests/lmdb/disk_faults.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace {

std::atomic<bool> sync_fails = false;
std::atomic<bool> meta_page_fails = false;
constexpr off_t meta_pages_end = 2 * 4096;

ssize_t write_at(int file, const void* bytes, size_t size, off_t at) {
    if (meta_page_fails && at < meta_pages_end && size < 4096) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_pwrite64, file, bytes, size, at);
}

}  // namespace

extern "C" int fdatasync(int file) {
    if (sync_fails) {
        errno = EIO;
        return -1;
    }
    return static_cast<int>(syscall(SYS_fdatasync, file));
}
extern "C" ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
    return write_at(file, bytes, size, at);
}
extern "C" ssize_t pwrite64(int file, const void* bytes, size_t size, off_t at) {
    return write_at(file, bytes, size, at);
}

namespace bailiff::samples {

DiskFault::DiskFault(At at) {
    (at == At::sync ? sync_fails : meta_page_fails) = true;
}

DiskFault::~DiskFault() {
    sync_fails = false;
    meta_page_fails = false;
}

}  // namespace bailiff::samples
