// What every Directory does, on LMDB and in memory alike.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "lmdb/directory.hpp"
#include "src/memory/directory.hpp"
#include "tests/lmdb/samples.hpp"

namespace bailiff {
namespace {

using namespace samples;

struct Kind {
    std::string name;
    std::function<std::unique_ptr<Directory>(const std::string& path, std::vector<Service>)> make;
};
std::ostream& operator<<(std::ostream& out, const Kind& kind) {
    return out << kind.name;
}

const Instant imported = at_ms(1'795'397'215'123);

const Kind kinds[] = {
    {"lmdb",
     [](const std::string& path, std::vector<Service> services) -> std::unique_ptr<Directory> {
         const auto done = DirectoryWriter::open(path).value()->replace_all(services, imported);
         EXPECT_TRUE(done) << done.error().what;
         return LmdbDirectory::open(path).value();
     }},
    {"memory",
     [](const std::string&, std::vector<Service> services) -> std::unique_ptr<Directory> {
         return std::make_unique<MemoryDirectory>(std::move(services), imported);
     }},
};

Service with_identity(const std::string& name, Identity identity) {
    Service service;
    service.id = id<ServiceId>(name);
    service.account = id<AccountId>("account-1");
    service.identities = {std::move(identity)};
    return service;
}

class DirectoryContract : public testing::TestWithParam<Kind> {
protected:
    std::unique_ptr<Directory> make(std::vector<Service> services) {
        return GetParam().make(dir / "directory", std::move(services));
    }
    static std::vector<std::string> ids(const Result<std::vector<Service>>& found) {
        std::vector<std::string> texts;
        EXPECT_TRUE(found);
        for (const auto& service : *found) texts.push_back(service.id.text());
        return texts;
    }
    using Ids = std::vector<std::string>;
    TempDir dir;
};

INSTANTIATE_TEST_SUITE_P(Each, DirectoryContract, testing::ValuesIn(kinds),
                         [](const auto& row) { return row.param.name; });

TEST_P(DirectoryContract, finds_a_service_by_each_identity) {
    const auto directory = make({full_service(1), full_service(2)});
    const auto find = [&](IdentityKind kind, std::string_view value) {
        return directory->find(kind, value, at_ms(6'000)).value();
    };
    const std::vector want{full_service(1)};
    EXPECT_EQ(find(IdentityKind::login, "user1@example.com"), want);
    EXPECT_EQ(find(IdentityKind::client_ip, "192.0.2.1"), want);
    EXPECT_EQ(find(IdentityKind::uid, "1"), want);
    EXPECT_EQ(find(IdentityKind::domain, "site1.example"), want);
}

TEST_P(DirectoryContract, compares_identities_byte_for_byte) {
    const auto directory = make({full_service(1)});
    const auto count = [&](IdentityKind kind, std::string_view value) {
        return directory->find(kind, value, at_ms(6'000))->size();
    };
    EXPECT_EQ(count(IdentityKind::login, "user1@example.com"), 1U);
    EXPECT_EQ(count(IdentityKind::login, "User1@example.com"), 0U);
    EXPECT_EQ(count(IdentityKind::login, "user1@example.co"), 0U);
    EXPECT_EQ(count(IdentityKind::login, "user1@example.com "), 0U);
    EXPECT_EQ(count(IdentityKind::login, ""), 0U);
    EXPECT_EQ(count(IdentityKind::uid, "user1@example.com"), 0U);
}

TEST_P(DirectoryContract, knows_when_an_identity_held) {
    const auto directory = make({full_service(1)});
    const auto at = [&](std::int64_t ms) {
        return directory->find(IdentityKind::client_ip, "192.0.2.1", at_ms(ms))->size();
    };
    EXPECT_EQ(at(4'999), 0U);
    EXPECT_EQ(at(5'000), 1U);
    EXPECT_EQ(at(8'999), 1U);
    EXPECT_EQ(at(9'000), 0U);
}

TEST_P(DirectoryContract, names_all_services_of_one_identity) {
    const Identity shared{IdentityKind::client_ip, "192.0.2.9", {}, {}};
    const auto directory = make({with_identity("b", shared), with_identity("a", shared)});
    EXPECT_EQ(ids(directory->find(shared.kind, shared.value, at_ms(1))), (Ids{"a", "b"}));
}

TEST_P(DirectoryContract, names_a_service_once_that_has_an_identity_twice) {
    auto service = with_identity("a", {IdentityKind::uid, "7", at_ms(0), at_ms(5)});
    service.identities.push_back({IdentityKind::uid, "7", at_ms(9), {}});
    const auto directory = make({service});
    EXPECT_EQ(ids(directory->find(IdentityKind::uid, "7", at_ms(10))), Ids{"a"});
    EXPECT_EQ(ids(directory->find(IdentityKind::uid, "7", at_ms(7))), Ids{});
}

TEST_P(DirectoryContract, holds_identities_of_any_length_and_bytes) {  // fault E14
    std::vector<Service> services;
    std::vector<Identity> identities;
    for (const std::size_t size : {1U, 399U, 400U, 401U, 5'000U, 5'001U})
        identities.push_back({IdentityKind::script, std::string(size, 'p'), {}, {}});
    identities.push_back({IdentityKind::script, std::string("a\0b", 3), {}, {}});
    identities.push_back({IdentityKind::script, std::string("a\0c", 3), {}, {}});
    identities.push_back({IdentityKind::script, std::string(500, 'p') + 'q', {}, {}});
    for (const auto& identity : identities)
        services.push_back(with_identity("s" + std::to_string(services.size()), identity));
    const auto directory = make(services);
    for (const auto& service : services) {
        const auto& value = service.identities.front().value;
        EXPECT_EQ(ids(directory->find(IdentityKind::script, value, at_ms(1))),
                  Ids{service.id.text()});
    }
    EXPECT_EQ(ids(directory->find(IdentityKind::script, std::string(5'002, 'p'), at_ms(1))), Ids{});
}

TEST_P(DirectoryContract, tells_of_one_service) {
    const auto directory = make({full_service(1), full_service(11)});
    EXPECT_EQ(directory->service(id<ServiceId>("web-1")).value(), full_service(1));
    EXPECT_EQ(directory->service(id<ServiceId>("web-")).value(), std::nullopt);
    EXPECT_EQ(directory->service({}).value(), std::nullopt);
}

TEST_P(DirectoryContract, lists_services_of_an_account) {
    const auto directory = make({full_service(3), full_service(2), full_service(1)});
    EXPECT_EQ(ids(directory->services_of(id<AccountId>("account-1"))), (Ids{"web-2", "web-3"}));
    EXPECT_EQ(ids(directory->services_of(id<AccountId>("account-"))), Ids{});
    EXPECT_EQ(ids(directory->services_of({})), Ids{});
}

TEST_P(DirectoryContract, lists_services_page_by_page) {
    const auto directory = make({full_service(3), full_service(1), full_service(2)});
    EXPECT_EQ(ids(directory->list({}, 2)), (Ids{"web-1", "web-2"}));
    EXPECT_EQ(ids(directory->list(id<ServiceId>("web-2"), 2)), Ids{"web-3"});
    EXPECT_EQ(ids(directory->list(id<ServiceId>("web-0"), 1)), Ids{"web-1"});
    EXPECT_EQ(ids(directory->list(id<ServiceId>("web-3"), 9)), Ids{});
    EXPECT_EQ(ids(directory->list({}, 0)), Ids{});
}

TEST_P(DirectoryContract, tells_what_was_imported_and_when) {
    const auto info = make({full_service(1), full_service(2), full_service(3)})->info().value();
    EXPECT_EQ(info.imported, imported);
    EXPECT_EQ(info.services, 3U);
    EXPECT_EQ(info.accounts, 2U);
    EXPECT_EQ(info.identities, 12U);
}

TEST_P(DirectoryContract, may_be_imported_empty) {
    const auto directory = make({});
    EXPECT_EQ(directory->info()->services, 0U);
    EXPECT_EQ(ids(directory->list({}, 9)), Ids{});
}

}  // namespace
}  // namespace bailiff
