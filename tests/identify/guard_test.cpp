// A guard that no directory file can get past, so that it is shown here and not end to end.
#include <gtest/gtest.h>

#include <cstdlib>

#include "src/identify/attribute.hpp"
#include "src/memory/directory.hpp"

#ifdef BAILIFF_REMOVABLE_GUARDS

namespace bailiff {
namespace {

/// An old import bound 127.0.0.1 to a service; a script speaks SMTP to localhost.
Strength strength_of_a_script_on_loopback() {
    Service service;
    service.id = *ServiceId::parse("victim");
    service.identities = {{IdentityKind::client_ip, "127.0.0.1", {}, {}}};
    const MemoryDirectory directory({service}, Instant{});
    Envelope envelope;
    envelope.door = Door::submission;
    envelope.client_address = "127.0.0.1";
    envelope.mail_from = "script@s.example";
    return attribute_envelope(envelope, directory)->strength;
}

TEST(Guard, loopback_is_no_identity) {
    setenv("BAILIFF_REMOVE_GUARD", "loopback_is_no_identity", 1);
    EXPECT_EQ(strength_of_a_script_on_loopback(), Strength::proven);
    unsetenv("BAILIFF_REMOVE_GUARD");
    EXPECT_EQ(strength_of_a_script_on_loopback(), Strength::unknown);
}

}  // namespace
}  // namespace bailiff

#endif
