#pragma once
// A row of a table: what goes in, what must come out. Its name is the test's name.

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace bailiff {

struct Row {
    std::string name, input, want;
};
inline std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.input;
}

struct ListRow {
    std::string name, input;
    std::vector<std::string> want;
};
inline std::ostream& operator<<(std::ostream& out, const ListRow& row) {
    return out << row.input;
}

template <class T>
std::string name_of(const testing::TestParamInfo<T>& info) {
    return info.param.name;
}

}  // namespace bailiff
