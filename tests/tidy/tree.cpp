#include "tests/tidy/tree.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace bailiff::tidy {

File read(const std::string& path) {
    File file{path, {}};
    std::ifstream stream(std::string(BAILIFF_SOURCE) + "/" + path);
    for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
    return file;
}

std::vector<File> files_below(const std::vector<std::string>& folders) {
    namespace fs = std::filesystem;
    std::vector<File> files;
    for (const auto& folder : folders)
        for (const auto& entry :
             fs::recursive_directory_iterator(fs::path(BAILIFF_SOURCE) / folder)) {
            const auto extension = entry.path().extension();
            if (extension == ".cpp" || extension == ".hpp")
                files.push_back(read(fs::relative(entry.path(), BAILIFF_SOURCE).string()));
        }
    std::ranges::sort(files, {}, &File::path);
    return files;
}

}  // namespace bailiff::tidy
