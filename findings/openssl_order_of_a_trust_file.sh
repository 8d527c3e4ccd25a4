#!/usr/bin/env bash
# OpenSSL 3.0 and 4.0 verify a renewed self-signed certificate only when its copy stands first in the trust file.
#
# The certificate is renewed with the same key, name and key identifiers; so the old one, still valid, could vouch for
# it. One would guess: with the old copy alone it is trusted, or it is not; and with both copies in the file, as while
# clients are changed over, it is trusted in any case.
# Seen: OpenSSL refuses it with both copies when the old one is first (error 18, self-signed certificate); the other way
# round it refuses the old one. With -partial_chain both are taken in either order. GnuTLS takes the new one with the
# old copy alone. A server's certificate from an authority of the same key is no such case: renewed, it is taken by all.
#
# Output:
#   OpenSSL 3.0 of the system: old copy: refused; old, new: refused; new, old: taken
#   the same with -partial_chain: old copy: refused; old, new: taken; new, old: taken
#   pyOpenSSL 26.4.0, OpenSSL 4.0: old copy: refused; old, new: refused; new, old: taken
#   GnuTLS 3.7.9: old copy: taken; old, new: taken; new, old: taken
#   renewed by the old authority: OpenSSL taken, pyOpenSSL taken, GnuTLS taken
#
# Needs Debian 12 with openssl, and python3 with venv. Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

apt-get -qq download gnutls-bin=3.7.9-2+deb12u7 libgnutls30=3.7.9-2+deb12u7 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" debian; done
certtool=$folder/debian/usr/bin/certtool
libraries=$(dirname "$(find "$folder/debian" -name libgnutls.so.30)")
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyOpenSSL==26.4.0 cryptography==50.0.2
cat >verify.py <<'PYTHON'
import re
import sys

from OpenSSL import crypto


def certificates(name):
    with open(name, "rb") as file:
        each = re.findall(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", file.read(), re.DOTALL)
    return [crypto.load_certificate(crypto.FILETYPE_PEM, text) for text in each]


store = crypto.X509Store()
for trusted in certificates(sys.argv[1]):
    store.add_cert(trusted)
crypto.X509StoreContext(store, certificates(sys.argv[2])[0]).verify_certificate()
PYTHON

# Each is called with a trust file and a certificate.
openssl_alone() { openssl verify -no-CApath -no-CAstore -CAfile "$1" "$2"; }
openssl_partial() { openssl verify -partial_chain -no-CApath -no-CAstore -CAfile "$1" "$2"; }
pyopenssl() { venv/bin/python verify.py "$1" "$2"; }
gnutls() { LD_LIBRARY_PATH=$libraries "$certtool" --verify --load-ca-certificate "$1" --infile "$2"; }
verdict() { if "$@" >/dev/null 2>&1; then echo taken; else echo refused; fi; }
verdicts() {
  echo "old copy: $(verdict "$1" old.pem new.pem); old, new: $(verdict "$1" old_new.pem new.pem);" \
    "new, old: $(verdict "$1" new_old.pem new.pem)"
}

openssl ecparam -name prime256v1 -genkey -noout -out key.pem
for name in old:30 new:90; do
  openssl req -x509 -new -key key.pem -subj /CN=robots.example -addext subjectAltName=DNS:robots.example \
    -days "${name#*:}" -out "${name%:*}.pem"
done
cat old.pem new.pem >old_new.pem
cat new.pem old.pem >new_old.pem
openssl req -new -key key.pem -subj "/CN=server of robots.example" |
  openssl x509 -req -CA old.pem -CAkey key.pem -days 20 -out server.pem 2>/dev/null
# What doesn't depend on the order, and that each program works at all.
for program in openssl_alone pyopenssl gnutls; do
  [ "$(verdict $program old.pem old.pem) $(verdict $program new.pem new.pem)" = "taken taken" ]
done
[ "$(verdict openssl_alone new_old.pem old.pem)" = refused ]

openssl version
system=$(openssl version | cut -d ' ' -f 2 | cut -d . -f 1,2)
newest=$(venv/bin/python -c 'from OpenSSL import SSL; print(SSL.SSLeay_version(0).decode())' | cut -d ' ' -f 2 | cut -d . -f 1,2)
output="OpenSSL $system of the system: $(verdicts openssl_alone)
the same with -partial_chain: $(verdicts openssl_partial)
pyOpenSSL 26.4.0, OpenSSL $newest: $(verdicts pyopenssl)
GnuTLS 3.7.9: $(verdicts gnutls)
renewed by the old authority: OpenSSL $(verdict openssl_alone old.pem server.pem), pyOpenSSL $(
  verdict pyopenssl old.pem server.pem), GnuTLS $(verdict gnutls old.pem server.pem)"
wanted="OpenSSL 3.0 of the system: old copy: refused; old, new: refused; new, old: taken
the same with -partial_chain: old copy: refused; old, new: taken; new, old: taken
pyOpenSSL 26.4.0, OpenSSL 4.0: old copy: refused; old, new: refused; new, old: taken
GnuTLS 3.7.9: old copy: taken; old, new: taken; new, old: taken
renewed by the old authority: OpenSSL taken, pyOpenSSL taken, GnuTLS taken"
echo "$output"
[ "$output" = "$wanted" ] || { echo "this was: $wanted" >&2; exit 1; }
