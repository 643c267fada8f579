// Any bytes through the record codec: read, or refused as corrupt; what is read, written again,
// gives the same bytes. With the checksum as it came, and with one that fits.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lmdb/codec.hpp"
#include "lmdb/encoder.hpp"

namespace bailiff::lmdb {
namespace {

template <class Record>
void read(std::string_view bytes) {
    const auto record = decode<Record>(bytes);
    if (!record) {
        if (record.error().fault != Fault::corrupt) std::abort();
        return;
    }
    const auto again = encode(*record);
    if (!again || *again != bytes) std::abort();
}

void read_all(std::string_view bytes) {
    read<Case>(bytes);
    read<Action>(bytes);
    read<StandingRow>(bytes);
    read<Leaf>(bytes);
    read<Exhibit>(bytes);
    read<Seal>(bytes);
    read<ChangeCount>(bytes);
    read<Service>(bytes);
    read<Holder>(bytes);
    read<CaseEntry>(bytes);
    read<Mark>(bytes);
    read<Schema>(bytes);
    read<ImportInfo>(bytes);
    (void)decode_message(bytes);
}

}  // namespace
}  // namespace bailiff::lmdb

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bailiff::lmdb;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    read_all(bytes);
    if (size < 1) return 0;
    const auto type = static_cast<RecordType>(1 + data[0] % 11);
    const auto payload = bytes.substr(1);
    read_all(envelope_of(type, payload) + std::string(payload));
    return 0;
}
