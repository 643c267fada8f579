#!/bin/sh
# verify-log.sh PROOF LEAF LOGKEY.pem
#
# Checks that the bytes of LEAF are an entry of the log whose public key is LOGKEY.pem. PROOF is a
# c2sp.org/tlog-proof@v1 file: where the entry stands, the hashes from it to the root of the tree
# (RFC 6962), and the root, signed. Needs a POSIX sh, awk, sed, od and openssl 3.0 or later.
# Exit 0 and a line "OK: ...", or 1 and "FAILED: why". Take LOGKEY.pem from elsewhere than PROOF.
set -eu
LC_ALL=C
export LC_ALL

failed() { echo "FAILED: $1"; exit 1; }

[ $# -eq 3 ] || failed "usage: verify-log.sh PROOF LEAF LOGKEY.pem"
proof=$1 leaf=$2 key=$3
[ -r "$proof" ] || failed "cannot read $proof"
[ -r "$leaf" ] || failed "cannot read $leaf"
openssl pkey -pubin -in "$key" -noout > /dev/null 2>&1 || failed "no public key in $key"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A shell holds no zero byte, so bytes are kept as text, "\000\377", which printf turns back.
escaped() { od -An -v -to1 | awk '{ for (i = 1; i <= NF; i++) printf "\\%s", $i }'; }
# Of one text only: what decodes to the same bytes and is written another way is none of ours.
decoded() {
    again=$(printf '%s\n' "$1" | openssl base64 -d -A 2> /dev/null | openssl base64 -A)
    [ "$again" != "$1" ] || printf '%s\n' "$1" | openssl base64 -d -A | escaped
}
sha256() { openssl dgst -sha256 -binary | escaped; }
node() { { printf '\001'; printf "$1"; printf "$2"; } | sha256; }
digest_size=128     # 32 bytes, four characters each
signature_size=272  # a key id of 4 bytes and a signature of 64

# Reads a number into "number"; a leading zero would mean octal, and 19 digits may not fit.
number_in() {
    number=$1
    case $number in
        0) ;;
        '' | 0* | *[!0-9]*) failed "$2 is no number" ;;
    esac
    [ ${#number} -le 18 ] || failed "$2 is too large"
}

# Nothing that a shell does not see.
[ "$(tr -d '\000\r' < "$proof" | wc -c)" -eq "$(wc -c < "$proof")" ] || failed "not a tlog-proof"
[ "$(tail -c 1 "$proof" | escaped)" = '\012' ] || failed "the last line has no end"

# 1. The parts. An empty line ends the path, and one more the signed text.
[ "$(sed -n 1p "$proof")" = "c2sp.org/tlog-proof@v1" ] || failed "not a tlog-proof"
sed '/^$/,$d' "$proof" | sed 1d > "$work/head"
sed '1,/^$/d' "$proof" > "$work/note"
sed '/^$/,$d' "$work/note" > "$work/text"
sed '1,/^$/d' "$work/note" > "$work/signatures"
[ "$(awk 'END { print NR }' "$work/text")" -eq 3 ] || failed "not a checkpoint of three lines"

# 2. The signature: there may be several, of the log and of its witnesses; one must be of this key,
# and none that is said to be of it may be wrong. A key is told by the hash of its name and itself.
bytes=$(openssl pkey -pubin -in "$key" -outform DER | tail -c 32 | escaped)
id_of() {
    id=$({ printf '%s\n\001' "$1"; printf "$bytes"; } | sha256)
    printf '%s' "${id%"${id#????????????????}"}"
}
good=no
while IFS= read -r line; do
    rest=${line#"— "}
    name=${rest%% *} base64=${rest#* }
    [ "$line" = "— $name $base64" ] && [ -n "$name" ] || failed "a damaged signature line"
    signature=$(decoded "$base64")
    [ -n "$signature" ] || failed "a damaged signature line"
    [ "${signature%"${signature#????????????????}"}" = "$(id_of "$name")" ] || continue
    [ ${#signature} -eq $signature_size ] || failed "a damaged signature line"
    good=no
    printf "${signature#????????????????}" > "$work/signature"
    if openssl pkeyutl -verify -rawin -pubin -inkey "$key" -in "$work/text" \
        -sigfile "$work/signature" > /dev/null 2>&1; then
        good=yes
    else
        failed "a signature of this key does not fit the checkpoint"
    fi
done < "$work/signatures"
[ $good = yes ] || failed "no signature of this key on the checkpoint"

# 3. What was signed, and where the entry shall stand.
number_in "$(sed -n 2p "$work/text")" "the size"
size=$number
root=$(decoded "$(sed -n 3p "$work/text")")
[ ${#root} -eq $digest_size ] || failed "the root is no hash"
sed '1{/^extra /d;}' "$work/head" > "$work/index-and-path"
index_line=$(sed -n 1p "$work/index-and-path")
case $index_line in
    'index '*) number_in "${index_line#index }" "the index" ;;
    *) failed "no index where it belongs" ;;
esac
index=$number
[ "$index" -lt "$size" ] || failed "the index is outside of the tree"
sed 1d "$work/index-and-path" > "$work/path"

# 4. From the leaf to the root (RFC 9162, 2.1.3.2).
hash=$({ printf '\000'; cat "$leaf"; } | sha256)
here=$index
last=$((size - 1))
while IFS= read -r line; do
    other=$(decoded "$line")
    [ ${#other} -eq $digest_size ] || failed "a line of the path is no hash"
    [ "$last" -ne 0 ] || failed "the path is too long"
    if [ $((here % 2)) -eq 1 ] || [ "$here" -eq "$last" ]; then
        hash=$(node "$other" "$hash")
        while [ $((here % 2)) -eq 0 ] && [ "$here" -ne 0 ]; do
            here=$((here / 2)) last=$((last / 2))
        done
    else
        hash=$(node "$hash" "$other")
    fi
    here=$((here / 2)) last=$((last / 2))
done < "$work/path"
[ "$last" -eq 0 ] || failed "the path is too short"
[ "$hash" = "$root" ] || failed "these bytes are not entry $index of this log"
echo "OK: entry $index of $size in the log $(sed -n 1p "$work/text")"
