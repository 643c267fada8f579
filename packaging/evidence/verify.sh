#!/bin/sh
# verify.sh [ALLOWED_SIGNERS [LOG.pem [TSA-ROOT.pem]]]
#
# Checks an evidence record. Run it inside the folder of the record: sh seals/verify.sh ...
# Take the three files, and this program, from elsewhere than the record: its web site, the covering
# letter. Without them the copies in seals/keys are used; keys from inside prove nothing about who
# signed. Needs a POSIX sh, the usual tools, ssh-keygen (OpenSSH 8.9 or later) and openssl 3.0 or
# later; no network; writes nothing into the record.
# Names the first bad thing. The last line is "OK: ..." (exit 0) or "FAILED: ..." (exit 1).
set -eu
umask 077
LC_ALL=C TZ=UTC0
export LC_ALL TZ

ended=no work=
end() {
    status=$?
    trap - EXIT
    [ -z "$work" ] || rm -rf "$work"
    [ $ended = yes ] || { echo "FAILED: the check broke off"; status=1; }
    exit $status
}
trap end EXIT
trap 'exit 1' HUP INT TERM

failed() { printf 'FAILED: %s\n' "$1"; ended=yes; exit 1; }
passed() { printf 'ok      %s\n' "$1"; }
# A name that somebody else chose, so that it cannot play with the terminal.
clean() {
    printf '%s\n' "$1" | head -n 1 | cut -c 1-200 | tr -d '\n' | tr -c 'A-Za-z0-9._/@=+:, -' '?'
}
is_name() {
    case $1 in
        '' | [!A-Za-z0-9]* | *[!A-Za-z0-9._@-]*) return 1 ;;
    esac
}

[ $# -le 3 ] || failed "usage: sh seals/verify.sh [ALLOWED_SIGNERS [LOG.pem [TSA-ROOT.pem]]]"
for tool in awk cat cmp cut find fold grep head mktemp openssl sed sha256sum ssh-keygen tr wc; do
    command -v "$tool" > /dev/null 2>&1 || failed "this computer has no $tool"
done
signers=${1:-seals/keys/allowed_signers}
log_key=${2:-seals/keys/log.pem}
stamp_root=${3:-seals/keys/tsa-root.pem}
tags=tagmanifest-sha256.txt
[ -f $tags ] && [ -d data ] && [ -d seals ] || failed "this is not the folder of a record"
work=$(mktemp -d) || failed "no folder for temporary files"
inside=no
# Says that a key is there, and whether it came with what it shall prove.
look_at() {
    [ -f "$1" ] && [ -r "$1" ] || failed "cannot read $(clean "$1")"
    case $1 in
        "$(pwd)"/*) ;;
        /* | ../*) return 0 ;;
    esac
    inside=yes
    printf 'WARNING %s is from inside the record: it proves nothing about who signed\n' \
        "$(clean "$1")"
}

# 1. Nothing here that a list of files cannot name, or that leads elsewhere.
find . -name '*[!A-Za-z0-9._-]*' > "$work/odd" 2> /dev/null || failed "a folder cannot be read"
[ ! -s "$work/odd" ] || failed "odd file name: $(clean "$(cat "$work/odd")")"
find . ! -type f ! -type d > "$work/odd"
[ ! -s "$work/odd" ] || failed "symbolic link or special file: $(clean "$(cat "$work/odd")")"
find . -type f > "$work/files"

# 2. Lists of files: 64 digits, two blanks, a path; nothing else, and nothing twice.
list() {
    awk -v of="$2" '
        function bad(why) { printf "%s, line %d: %s\n", of, NR, why > "/dev/stderr"; exit 1 }
        {
            digest = substr($0, 1, 64); path = substr($0, 67)
            if (length(digest) != 64 || digest ~ /[^0-9a-f]/ || substr($0, 65, 2) != "  ")
                bad("not a digest and a path")
            if (path ~ /[^A-Za-z0-9._\/-]/ || path ~ /(^|\/)\.?\.?(\/|$)/) bad("not a plain path")
            if (of ~ /^tag/ ? path ~ /\// : path !~ /^data\//) bad("a path that does not belong here")
            if (seen[path]++) bad("a path for the second time")
            print digest, path
        }' "$1" > "$3" 2> "$work/why" || failed "$(clean "$(cat "$work/why")")"
    [ -s "$3" ] || failed "$2 is empty"
}
digest_of() {
    sum=$(sha256sum < "$1") || failed "cannot read $1"
    sum=${sum%% *}
}
list $tags $tags "$work/tags"
for name in bagit.txt bag-info.txt manifest-sha256.txt; do
    [ -f $name ] || failed "missing: $name"
    grep -q " $name\$" "$work/tags" || failed "$tags does not list $name"
done
while read -r digest path; do
    case $path in
        bagit.txt | bag-info.txt | manifest-sha256.txt) ;;
        *) failed "$tags lists $path, which does not belong there" ;;
    esac
    digest_of "$path"
    [ "$sum" = "$digest" ] || failed "changed: $path"
done < "$work/tags"
printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' | cmp -s - bagit.txt ||
    failed "bagit.txt is not that of a BagIt 1.0 record"
passed "the list of files is the one that $tags names"

# 3. The files. One that is missing must be named as withheld; that list itself is not signed.
list manifest-sha256.txt manifest-sha256.txt "$work/payload"
: > "$work/withheld"
[ ! -f WITHHELD.txt ] || awk '/^data\// { print $1 }' WITHHELD.txt > "$work/withheld"
count=0 octets=0 absent=0
while read -r digest path; do
    count=$((count + 1))
    named=no
    ! grep -qxF -e "$path" "$work/withheld" || named=yes
    if [ ! -e "$path" ]; then
        [ $named = yes ] || failed "missing, and not named in WITHHELD.txt: $path"
        absent=$((absent + 1))
        printf '        withheld: %s\n' "$path"
        continue
    fi
    [ $named = no ] || failed "WITHHELD.txt names a file that is here: $path"
    [ -f "$path" ] || failed "not a file: $path"
    digest_of "$path"
    [ "$sum" = "$digest" ] || failed "changed: $path"
    octets=$((octets + $(wc -c < "$path")))
done < "$work/payload"
awk 'NR == FNR { listed[$2] = 1; next } !($1 in listed) { print $1; exit }' "$work/payload" \
    "$work/withheld" > "$work/odd"
[ ! -s "$work/odd" ] ||
    failed "WITHHELD.txt names a file that the record never had: $(clean "$(cat "$work/odd")")"
awk 'NR == FNR { listed["./" $2] = 1; next }
    !($0 in listed) && $0 !~ /^\.\/seals\// &&
        $0 !~ /^\.\/(bagit|bag-info|manifest-sha256|tagmanifest-sha256|WITHHELD)\.txt$/ {
        print; exit }' "$work/payload" "$work/files" > "$work/odd"
[ ! -s "$work/odd" ] || failed "not in the list of files: $(clean "$(cat "$work/odd")")"

oxum=$(sed -n 's/^Payload-Oxum: //p' bag-info.txt)
case $oxum in
    '' | *[!0-9.]* | *.*.* | .* | *.) failed "bag-info.txt has no Payload-Oxum" ;;
esac
[ "${oxum#*.}" = "$count" ] || failed "bag-info.txt tells of ${oxum#*.} files, the list of $count"
if [ $absent -eq 0 ]; then
    copy="complete copy, $count files"
    [ "${oxum%.*}" = "$octets" ] ||
        failed "bag-info.txt tells of ${oxum%.*} bytes, the files have $octets"
else
    copy="partial copy, $((count - absent)) of $count files, $absent withheld"
fi
passed "$copy: each as listed, and no other"

# 4. The signature, at the time that the time stamp tells: keys end, signatures stay.
stamp=seals/$tags.tsr
signature=seals/$tags.sig
sign_time= told=
if [ -f $stamp ]; then
    openssl ts -reply -in $stamp -text > "$work/stamp" 2> /dev/null ||
        failed "$stamp is no time stamp"
    # "Time stamp: Nov 24 03:02:10 2026 GMT" as 20261124030210
    sign_time=$(awk '/^Time stamp: / {
        month = index("JanFebMarAprMayJunJulAugSepOctNovDec", $3)
        split($5, time, ":")
        if (month > 0 && NF == 7) printf "%04d%02d%02d%02d%02d%02d", $6, (month + 2) / 3, $4,
            time[1], time[2], time[3] }' "$work/stamp")
    [ ${#sign_time} -eq 14 ] || failed "$stamp tells no time"
    told="$(printf %s "$sign_time" |
        sed 's/\(....\)\(..\)\(..\)\(..\)\(..\)\(..\)/\1-\2-\3 \4:\5:\6/') UTC"
fi
[ -f seals/signer.txt ] || failed "missing: seals/signer.txt"
identity='' space='' more=''
read -r identity space more < seals/signer.txt || failed "seals/signer.txt is not one line"
[ "$(awk 'END { print NR }' seals/signer.txt)" = 1 ] && [ -z "$more" ] && is_name "$identity" &&
    is_name "$space" || failed "seals/signer.txt does not name an identity and a namespace"
[ -f $signature ] || failed "missing: $signature"
# Written one way only: ssh-keygen passes over line ends and bits that mean nothing.
body=$(sed '1d;$d' $signature | tr -d '\n')
{
    echo '-----BEGIN SSH SIGNATURE-----'
    printf '%s' "$body" | openssl base64 -d -A 2> /dev/null | openssl base64 -A | fold -w 70
    printf '\n%s\n' '-----END SSH SIGNATURE-----'
} > "$work/armour"
cmp -s "$work/armour" $signature || failed "$signature is not written as ssh-keygen writes it"
look_at "$signers"
if ! ssh-keygen -Y verify -f "$signers" -I "$identity" -n "$space" \
    ${sign_time:+-O "verify-time=$sign_time"} -s $signature < $tags > "$work/said" 2>&1; then
    if ssh-keygen -Y check-novalidate -n "$space" -s $signature < $tags > "$work/said" 2>&1; then
        failed "signed by a key that $(clean "$signers") does not allow for $identity at that time"
    fi
    failed "the signature does not fit $tags"
fi
key=$(sed -n 's/.* key \(SHA256:[A-Za-z0-9+/]*\).*/\1/p' "$work/said")
passed "signed by $identity, key ${key:-not shown}"

# 5. The time stamp. Certificates end too: then it counts as it was at the time it tells.
if [ -f $stamp ]; then
    look_at "$stamp_root"
    chain=
    [ ! -s seals/tsa-chain.pem ] || chain=seals/tsa-chain.pem
    stamped() {
        openssl ts -verify -data $tags -in $stamp -CAfile "$stamp_root" \
            ${chain:+-untrusted $chain} "$@" > "$work/said" 2>&1
    }
    if stamped; then
        passed "existed at the latest on $told, says the time-stamp authority"
    else
        seconds=$(printf '%s\n' "$sign_time" | awk '{
            y = substr($0, 1, 4) + 0; m = substr($0, 5, 2) + 0; d = substr($0, 7, 2) + 0
            if (m < 3) { y--; m += 12 }
            days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400)
            days += int((153 * m - 457) / 5) + d - 719469
            seconds = substr($0, 9, 2) * 3600 + substr($0, 11, 2) * 60 + substr($0, 13, 2)
            printf "%.0f", days * 86400 + seconds }')
        stamped -attime "$seconds" ||
            failed "the time stamp does not fit $tags or $(clean "$stamp_root")"
        passed "existed at the latest on $told; the authority's certificate has ended since"
    fi
    when="time stamp $told"
else
    when="time stamp pending"
    passed "time stamp: pending, none in this copy"
fi

# 6. The log: the entry names this record, and stands in the log.
for file in seals/leaf.bin seals/salt.bin seals/evidence.tlog-proof; do
    [ -f $file ] || failed "missing: $file"
done
[ "$(wc -c < seals/salt.bin | tr -d ' ')" = 32 ] || failed "seals/salt.bin has not 32 bytes"
entry=$(cat $tags seals/salt.bin | sha256sum)
kind=$(sed -n 2p seals/leaf.bin)
case $kind in
    seal | addendum) ;;
    *) failed "seals/leaf.bin is not the entry of a sealed record" ;;
esac
[ "$(sed -n 1p seals/leaf.bin)" = evlog/1 ] && [ "$(awk 'END { print NR }' seals/leaf.bin)" = 4 ] ||
    failed "seals/leaf.bin is not an entry of this log"
[ "$(sed -n 3p seals/leaf.bin)" = "${entry%% *}" ] || failed "seals/leaf.bin names another record"
# The one beside this program: whoever brings his own verify.sh brings both.
check=${0%/*}/verify-log.sh
[ "$check" != "$0/verify-log.sh" ] && [ -f "$check" ] || check=seals/verify-log.sh
if [ -f "$check" ]; then
    look_at "$log_key"
    said=$(sh "$check" seals/evidence.tlog-proof seals/leaf.bin "$log_key" 2>&1) ||
        failed "the proof of the log: $(clean "${said##*FAILED: }")"
    passed "the log: $(clean "${said##*OK: }")"
    log="in the log"
else
    printf 'NOTE    seals/verify-log.sh is missing: the proof of the log was not checked\n'
    log="log not checked"
fi

# 7. What stands beside the seals is not signed: this finds damage, not an enemy.
[ -f seals/SHA256SUMS ] || failed "missing: seals/SHA256SUMS"
tr -d '\000\r' < seals/SHA256SUMS | awk '
    /^[0-9a-f]+  [A-Za-z0-9._\/-]+$/ && substr($0, 65, 2) == "  " { print }' |
    cmp -s - seals/SHA256SUMS || failed "seals/SHA256SUMS: not a plain path, or not a list of files"
while read -r digest path; do
    case $path in
        '' | /* | *..* | *[!A-Za-z0-9._/-]*) failed "seals/SHA256SUMS: not a plain path" ;;
    esac
    [ -f "seals/$path" ] || failed "missing: seals/$path"
    digest_of "seals/$path"
    [ "$sum" = "$digest" ] || failed "changed: seals/$path"
done < seals/SHA256SUMS
awk 'NR == FNR { listed["./seals/" substr($0, 67)] = 1; next }
    /^\.\/seals\// && !($0 in listed) && $0 != "./seals/SHA256SUMS" { print; exit }' \
    seals/SHA256SUMS "$work/files" > "$work/odd"
[ ! -s "$work/odd" ] || failed "not in seals/SHA256SUMS: $(clean "$(cat "$work/odd")")"

[ $inside = no ] || when="$when; KEYS FROM INSIDE THE RECORD: who signed is not proven"
ended=yes
printf 'OK: %s; signed by %s; %s; %s\n' "$copy" "$identity" "$log" "$when"
