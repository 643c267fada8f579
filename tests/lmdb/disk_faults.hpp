#pragma once

namespace bailiff::samples {

/// What the disk refuses with EIO while this lives; for the whole process.
class DiskFault {
public:
    enum class At { sync, meta_page };
    explicit DiskFault(At at);
    ~DiskFault();
    DiskFault(const DiskFault&) = delete;
    DiskFault& operator=(const DiskFault&) = delete;
};

}  // namespace bailiff::samples
