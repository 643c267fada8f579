// The same bytes as GNU tar writes, and nothing that leaves the folder it is unpacked in.
#include "src/evidence/ustar.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace bailiff {
namespace {

namespace fs = std::filesystem;
const Instant modified{std::chrono::seconds(1'790'000'000)};

std::vector<ArchiveFile> some_files() {
    return {{"b/two.txt", std::string(1000, 'x')},
            {"a.txt", "one\n"},
            {"b/empty", ""},
            {std::string(90, 'd') + "/" + std::string(60, 'f'), std::string(512, '\0')},
            {"b-before-slash", "order is by byte"}};
}

std::string content_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class Folder {
public:
    Folder() : path_(fs::temp_directory_path() / "ustar-XXXXXX") {
        std::string name = path_.string();
        EXPECT_NE(mkdtemp(name.data()), nullptr);
        path_ = name;
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] fs::path operator/(const std::string& name) const { return path_ / name; }
    [[nodiscard]] std::string text() const { return path_.string(); }

private:
    fs::path path_;
};

TEST(Ustar, is_byte_for_byte_what_tar_makes) {
    const Folder folder;
    std::ofstream list(folder / "list");
    auto files = some_files();
    std::ranges::sort(files, {}, &ArchiveFile::path);
    for (const auto& file : files) {
        const auto path = folder / ("in/" + file.path);
        fs::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << file.bytes;
        list << file.path << '\n';
    }
    list.close();
    const auto command = "cd " + folder.text() +
                         "/in && tar --format=ustar --mtime=@1790000000 --owner=0 --group=0 "
                         "--numeric-owner --mode=0600 -cf ../theirs.tar -T ../list";
    ASSERT_EQ(std::system(command.c_str()), 0);
    const auto ours = ustar(some_files(), modified);
    ASSERT_TRUE(ours) << ours.error().what;
    EXPECT_EQ(*ours, content_of(folder / "theirs.tar"));
}

TEST(Ustar, is_the_same_in_whatever_order_the_files_come) {
    auto files = some_files();
    const auto first = ustar(files, modified).value();
    std::ranges::reverse(files);
    EXPECT_EQ(ustar(files, modified).value(), first);
}

TEST(Ustar, refuses_what_would_leave_the_folder_or_not_fit) {
    for (const std::string path :
         {"", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", "./a", "a/.."})
        EXPECT_FALSE(ustar({{path, ""}}, modified)) << path;
    EXPECT_FALSE(ustar({{std::string(101, 'n'), ""}}, modified));
    EXPECT_FALSE(ustar({{std::string(156, 'd') + "/x", ""}}, modified));
    EXPECT_FALSE(ustar({{std::string("a\0b", 3), ""}}, modified));
    EXPECT_FALSE(ustar({{"a", "1"}, {"a", "2"}}, modified));
    EXPECT_TRUE(ustar({{"..a/b..", ""}}, modified));
}

}  // namespace
}  // namespace bailiff
