#pragma once
// The source tree as the tidy checks see it. Each check takes files as values, so that a planted
// breach can be shown to it as well as the real tree.

#include <string>
#include <vector>

namespace bailiff::tidy {

struct File {
    std::string path;  ///< relative to the top, "src/app/main.cpp"
    std::vector<std::string> lines;
};

/// A line of complaint each; none: the rule is kept.
using Breaches = std::vector<std::string>;

/// All C++ files below these folders of the project.
[[nodiscard]] std::vector<File> files_below(const std::vector<std::string>& folders);
[[nodiscard]] File read(const std::string& path);

/// `lmdb.h` and its like may be included in one folder only.
[[nodiscard]] Breaches foreign_headers(const std::vector<File>& files);
/// A ring sees only rings below it (style: 2.2).
[[nodiscard]] Breaches rings(const std::vector<File>& files);
/// Length of files, functions and lines.
[[nodiscard]] Breaches sizes(const std::vector<File>& files);
/// Ring 1 knows no clock, no randomness, no files, no threads.
[[nodiscard]] Breaches purity(const std::vector<File>& files);
/// No `using namespace` in a header; #pragma once first.
[[nodiscard]] Breaches headers(const std::vector<File>& files);

}  // namespace bailiff::tidy
