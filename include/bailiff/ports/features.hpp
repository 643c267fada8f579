#pragma once
// What judged messages looked like: expendable, kept by the milter for some days.

#include <bailiff/features.hpp>

namespace bailiff {

class Features {
public:
    virtual ~Features() = default;
    /// Takes a note, soon; it may be lost, which is counted.  Threads  any. Never blocks.
    virtual void note(FeatureRow row) noexcept = 0;
};

}  // namespace bailiff
