# Makes a small evidence record with keys, stamp and log of its own, by stock tools only.
# Sourced: . record.sh; then make_record FOLDER, or seal_again inside FOLDER/record.
set -eu
export LC_ALL=C TZ=UTC0
identity=evidence@host.example

make_keys() {
    ssh-keygen -q -t ed25519 -N '' -C '' -f sign
    ssh-keygen -q -t ed25519 -N '' -C '' -f other
    printf '%s namespaces="%s",valid-after="20260101",valid-before="20990101" %s\n' \
        $identity $identity "$(cut -d ' ' -f 1,2 sign.pub)" > allowed_signers
    openssl genpkey -algorithm ed25519 -out log.key 2> /dev/null
    openssl pkey -in log.key -pubout -out log.pem
    openssl genpkey -algorithm ed25519 -out otherlog.key 2> /dev/null
    openssl pkey -in otherlog.key -pubout -out otherlog.pem
    cat > tsa.conf <<'END'
[tsa]
serial = serial
default_policy = 1.3.6.1.4.1.32473.1
signer_digest = sha256
digests = sha256, sha512
accuracy = secs:1
[ext]
extendedKeyUsage = critical, timeStamping
[req]
distinguished_name = dn
[dn]
END
    for root in tsa-root othertsa-root; do
        openssl req -x509 -config tsa.conf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
            -keyout $root.key -out $root.pem -subj "/CN=Example $root" -days 3650 2> /dev/null
    done
    openssl req -new -config tsa.conf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -keyout tsa.key -out tsa.csr -subj "/CN=Example TSA" 2> /dev/null
    openssl x509 -req -in tsa.csr -CA tsa-root.pem -CAkey tsa-root.key -set_serial 2 -days 3650 \
        -extfile tsa.conf -extensions ext -out tsa.pem 2> /dev/null
    echo 01 > serial
}

# A new certificate of the authority, which ends after $1 seconds.
tsa_for_seconds() {
    cat > ca.conf <<'END'
[ca]
default_ca = d
[d]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = p
[p]
commonName = supplied
END
    : > index.txt
    openssl ca -batch -config ca.conf -cert tsa-root.pem -keyfile tsa-root.key -in tsa.csr \
        -extfile tsa.conf -extensions ext -notext -out tsa.pem \
        -startdate "$(date -u -d '1 day ago' +%Y%m%d%H%M%SZ)" \
        -enddate "$(date -u -d "$1 seconds" +%Y%m%d%H%M%SZ)" 2> /dev/null
}

# Inside record/: all that follows from the files below data/.
list_again() {
    find data -type f | sort | while read -r path; do sha256sum "$path"; done \
        > manifest-sha256.txt
    printf 'Bagging-Date: 2026-11-24\nPayload-Oxum: %s.%s\n' \
        "$(find data -type f -exec cat {} + | wc -c | tr -d ' ')" \
        "$(awk 'END { print NR }' manifest-sha256.txt)" > bag-info.txt
}
tag_again() { sha256sum bagit.txt bag-info.txt manifest-sha256.txt > tagmanifest-sha256.txt; }
sign_again() {
    rm -f seals/tagmanifest-sha256.txt.sig
    ssh-keygen -q -Y sign -f "../${1:-sign}" -n ${2:-$identity} < tagmanifest-sha256.txt \
        > seals/tagmanifest-sha256.txt.sig 2> /dev/null
}
stamp_again() {
    (cd .. && openssl ts -query -config tsa.conf -data record/tagmanifest-sha256.txt -sha512 \
        -cert -out q 2> /dev/null && openssl ts -reply -config tsa.conf -section tsa -queryfile q \
        -signer tsa.pem -inkey tsa.key -out record/seals/tagmanifest-sha256.txt.tsr 2> /dev/null)
    cp ../tsa.pem seals/tsa-chain.pem
}
entry_again() {
    digest=$(cat tagmanifest-sha256.txt seals/salt.bin | sha256sum)
    printf 'evlog/1\n%s\n%s\n2026-11-24T03:02Z\n' ${1:-seal} "${digest%% *}" > seals/leaf.bin
}
# A log with this one entry.
log_again() {
    root=$({ printf '\000'; cat seals/leaf.bin; } | openssl dgst -sha256 -binary | openssl base64 -A)
    printf 'log.host.example\n1\n%s\n' "$root" > ../checkpoint
    openssl pkeyutl -sign -rawin -inkey ../log.key -in ../checkpoint -out ../checkpoint.sig
    line=$({
        { printf 'log.host.example\n\001'
            openssl pkey -in ../log.key -pubout -outform DER | tail -c 32; } |
            openssl dgst -sha256 -binary | head -c 4
        cat ../checkpoint.sig
    } | openssl base64 -A)
    { printf 'c2sp.org/tlog-proof@v1\nindex 0\n\n'; cat ../checkpoint
        printf '\n\342\200\224 log.host.example %s\n' "$line"; } > seals/evidence.tlog-proof
}
# What stands beside the seals, as it is now.
sums_again() {
    [ ! -d seals ] || (cd seals && find . -type f ! -name SHA256SUMS | sed 's,^\./,,' | sort |
        while read -r path; do sha256sum "$path"; done > ../sums && mv ../sums SHA256SUMS)
}
seal_again() { tag_again; sign_again; stamp_again; entry_again; log_again; }

# $1: a new folder; $2: the sources.
make_record() {
    mkdir -p "$1/record/seals/keys"
    cd "$1"
    make_keys
    cd record
    for path in README.en.txt record.json 1-subscriber/holder.json 2-identification/access.jsonl \
        3-traffic/transactions.jsonl 4-content/msg-0001.eml 5-analysis/verdict.json \
        7-decision/actions.jsonl; do
        mkdir -p "data/$(dirname $path)"
        echo "this is $path" > data/$path
    done
    printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' > bagit.txt
    openssl rand -out seals/salt.bin 32
    echo "$identity $identity" > seals/signer.txt
    cp "$2/packaging/evidence/verify.sh" "$2/packaging/evidence/verify-log.sh" seals
    cp ../allowed_signers ../log.pem ../tsa-root.pem seals/keys
    list_again
    seal_again
    sums_again
}
# Takes files out as the export of a part does.
withhold() { for path; do rm "$path"; echo "$path  not for you" >> WITHHELD.txt; done; }
