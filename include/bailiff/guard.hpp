#pragma once
// The guards that keep spam of one service from touching another, each by name. Builds for
// development can take one away, so that a test first shows the wrong thing happening; in a release
// build guard() is its condition and nothing else.

#include <string_view>

namespace bailiff {

/// One row a guard: its name, and what goes wrong without it. tests/tidy checks that each is used
/// in the source and has a case in tests/e2e/framing.
#define BAILIFF_GUARD_LIST_(row)                                                                  \
    row(script_header_is_a_claim, "a forged script header proves its victim")                     \
    row(received_line_is_a_claim, "a forged Received line proves its victim")                     \
    row(header_from_is_a_claim, "the From of a victim proves the victim")                         \
    row(mail_from_is_a_claim, "the MAIL FROM of a victim proves the victim")                      \
    row(auth_author_is_a_claim, "MAIL FROM AUTH= of a victim proves the victim")                  \
    row(user_header_is_a_claim, "X-Authenticated-User of a victim proves the victim")             \
    row(uid_header_must_be_first, "a later, forged uid header is believed")                       \
    row(uid_header_needs_local_door, "a uid header sent over SMTP is believed")                   \
    row(uid_header_is_digits_only, "a folded uid header smuggles a second uid")                   \
    row(door_is_told_by_tag, "an untagged smtpd from 127.0.0.1 counts as the local door")         \
    row(loopback_is_no_identity, "127.0.0.1 bound to a service proves it for every script")       \
    row(login_is_of_this_mail, "the login of an earlier message sticks to the next")              \
    row(message_state_ends_with_message, "headers and uid of message 1 leak into message 2")      \
    row(abort_ends_message_state, "after RSET the old sender is still there")                     \
    row(login_is_exact, "a login in other letter case is another customer's")                     \
    row(login_is_whole, "a login without its domain is guessed")                                  \
    row(identity_has_validity, "an address is billed to its former tenant")                       \
    row(ambiguity_is_unknown, "an identity of two services hits the first")                       \
    row(disagreement_is_unknown, "two proofs disagree and one is punished")                       \
    row(null_sender_is_nobody, "a bounce or auto-reply counts as the account's own mail")         \
    row(rates_are_of_one_occasion, "bounces and form mail witness against a service's own mail")  \
    row(gtube_needs_test_service, "GTUBE through a victim's form confirms")                       \
    row(trap_is_never_enough, "a trap address put into a victim's form confirms")                 \
    row(two_witnesses, "one family alone confirms")                                               \
    row(mixed_meta_lifts_nobody, "a meta that reads rspamd counts as rules")                      \
    row(only_proven_is_punished, "an asserted attribution runs a path")                           \
    row(creation_time_counts, "a new customer inherits the standing of an old id")                \
    row(directory_must_be_fresh, "a stale directory names the wrong customer")                    \
    row(late_is_review_only, "a verdict that Postfix never heard punishes")                       \
    row(local_door_is_compromise, "a hacked form ends its owner's service")                       \
    row(test_mode_is_checked_twice, "the enforcer acts in observe mode")                          \
    row(protected_is_checked_twice, "the enforcer acts on a protected service")                   \
    row(enforcer_checks_the_case, "an outbox entry without a proven case is obeyed")              \
    row(budget_is_checked_twice, "the enforcer acts without bound")                               \
    row(interrupted_is_asked_first, "what a crash interrupted is done a second time")             \
    row(other_cases_keep_theirs, "undoing one case lifts what another case still wants")           \
    row(queue_listens_to_the_enforcer, "the milter's user holds and deletes queued mail")         \
    row(signer_listens_to_the_enforcer, "the milter's user has anything signed")                 \
    row(checkpoints_agree, "a log that was rewritten is signed beside the old one")               \
    row(sealed_before_effect, "somebody is stopped before his evidence is sealed")                \
    row(queued_mail_is_attributed, "an address of two services holds the other one's mail")        \
    row(canary_has_no_effect, "rules that are only tried refuse mail and hold services")          \
    row(socket_is_not_anothers, "a second instance takes the socket of a living one")             \
    row(descriptors_are_kept, "connections take the last descriptor, and accept(2) spins")

enum class Guard {
#define BAILIFF_GUARD_ROW_(name, without) name,
    BAILIFF_GUARD_LIST_(BAILIFF_GUARD_ROW_)
#undef BAILIFF_GUARD_ROW_
};

[[nodiscard]] constexpr std::string_view to_text(Guard guard) {
    switch (guard) {
#define BAILIFF_GUARD_ROW_(name, without) \
    case Guard::name: return #name;
        BAILIFF_GUARD_LIST_(BAILIFF_GUARD_ROW_)
#undef BAILIFF_GUARD_ROW_
    }
    return "";
}

#ifdef BAILIFF_REMOVABLE_GUARDS
/// Whether the environment's BAILIFF_REMOVE_GUARD names this guard. Development builds only.
[[nodiscard]] bool guard_removed(Guard guard);
#else
[[nodiscard]] constexpr bool guard_removed(Guard) { return false; }
#endif

/// `holds`, the condition under which something may be trusted or done.
[[nodiscard]] inline bool guard(Guard which, bool holds) { return holds || guard_removed(which); }

}  // namespace bailiff
