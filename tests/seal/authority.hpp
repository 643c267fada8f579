#pragma once
// A real time stamp authority, made with the openssl program in a folder that goes with it.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace bailiff::test {

inline constexpr auto authority_config = R"(
[req]
distinguished_name = name
prompt = no
[name]
CN = unused
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
[tsa]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa_soft]
extendedKeyUsage = timeStamping
[tsa_bare]
keyUsage = critical, digitalSignature
[tsa_wide]
extendedKeyUsage = critical, timeStamping, emailProtection
[ca]
default_ca = ca
database = index.txt
serial = ca.serial
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
organizationName = optional
[ts]
serial = serial
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.2
digests = sha256, sha512
accuracy = secs:1
clock_precision_digits = 3
tsa_name = yes
ess_cert_id_alg = sha256
signer_digest = sha256
)";

/// From before every stamp.
inline constexpr auto valid = "-startdate 20200101000000Z -days 30";

inline constexpr auto curve = "ec -pkeyopt ec_paramgen_curve:P-256";

/// Root, a certificate between, and signers of the names of their extensions.
class Authority {
public:
    Authority() {
        std::string name =
            (std::filesystem::temp_directory_path() / "bailiff-stamp-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        write("conf", authority_config);
        write("index.txt", "");
        write("serial", "01\n");
        write("ca.serial", "1000\n");
        root("root");
        request("between", curve);
        sign("between", "root", "root", valid);
        signer("tsa", "tsa");
    }
    ~Authority() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    Authority(const Authority&) = delete;
    Authority& operator=(const Authority&) = delete;

    void root(const std::string& name) const {
        request(name, curve);
        run("openssl ca -selfsign -batch -notext -preserveDN -config conf -extensions root "
            "-keyfile " +
            name + ".key -in " + name + ".csr -out " + name + ".pem " + valid);
    }
    /// A signer under the certificate between; `name`.pem and `name`.key.
    void signer(const std::string& name, const std::string& extensions,
                const std::string& dates = valid, const std::string& key = curve) const {
        request(name, key);
        sign(name, "between", extensions, dates);
    }

    /// The reply of `openssl ts` to a request, or what it says when it refuses.
    [[nodiscard]] std::string reply(const std::string& request_der,
                                    const std::string& by = "tsa") const {
        write("q.tsq", request_der);
        run("openssl ts -reply -config conf -section ts -queryfile q.tsq -signer " + by +
            ".pem -inkey " + by + ".key -chain between.pem -out r.tsr");
        return read("r.tsr");
    }
    /// The stamp in `reply`, signed anew by anybody and anyhow: `openssl ts` itself only signs with
    /// what is right. `from` replaced by `to` in what is signed.
    [[nodiscard]] std::string resigned(const std::string& reply, const std::string& options,
                                       const std::string& from = "",
                                       const std::string& to = "") const {
        write("r.tsr", reply);
        run("openssl ts -reply -config conf -section ts -in r.tsr -token_out -out r.token");
        run("openssl cms -verify -noverify -inform DER -in r.token -out r.info");
        auto info = read("r.info");
        const auto at = info.find(from);
        if (at == std::string::npos) throw std::runtime_error("the stamp lacks what to replace");
        write("r.info", info.replace(at, from.size(), to));
        run("openssl cms -sign -binary -nodetach -nosmimecap -econtent_type "
            "1.2.840.113549.1.9.16.1.4 -in r.info -outform DER -out r.token " +
            options);
        run("openssl ts -reply -config conf -section ts -in r.token -token_in -out r.tsr");
        return read("r.tsr");
    }

    [[nodiscard]] bool try_run(const std::string& command) const {
        const auto line = "cd '" + folder_.string() + "' && " + command + " >log 2>&1";
        return std::system(line.c_str()) == 0;
    }
    void run(const std::string& command) const {
        if (!try_run(command)) throw std::runtime_error(command + ":\n" + read("log"));
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(folder_ / name, std::ios::binary).rdbuf();
        return text.str();
    }
    void write(const std::string& name, const std::string& bytes) const {
        std::ofstream(folder_ / name, std::ios::binary) << bytes;
    }

private:
    void request(const std::string& name, const std::string& key) const {
        run("openssl req -config conf -newkey " + key + " -nodes -subj '/O=Example/CN=" + name +
            "' -keyout " + name + ".key -out " + name + ".csr");
    }
    void sign(const std::string& name, const std::string& by, const std::string& extensions,
              const std::string& dates) const {
        run("openssl ca -batch -notext -preserveDN -config conf -extensions " + extensions +
            " -cert " + by + ".pem -keyfile " + by + ".key -in " + name + ".csr -out " + name +
            ".pem " + dates);
    }

    std::filesystem::path folder_;
};

}  // namespace bailiff::test
