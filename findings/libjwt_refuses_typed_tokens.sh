#!/usr/bin/env bash
# libjwt 1.10, of Debian 12, reads no token whose header says typ "at+jwt", though nothing else is odd about it.
#
# RFC 9068 gives OAuth's access tokens that type, and services that follow it sign nothing else. One would guess: typ is
# for the application (RFC 7519 section 5.1 says that it is used by it and ignored by implementations), so the library
# verifies the signature and leaves typ to be asked for; PyJWT does. Or it refuses any type that it doesn't know.
# Seen: libjwt takes a token without typ, with "JWT" and with "jwt", and refuses "at+jwt" and "JOSE" with EINVAL, which
# is what it says of a wrong signature and of broken Base64, too.
#
# Output:
#   libjwt 1.10.2: none taken, JWT taken, jwt taken, at+jwt EINVAL, JOSE EINVAL; wrong signature EINVAL
#   PyJWT 2.15.1: none taken, JWT taken, jwt taken, at+jwt taken, JOSE taken
#
# Needs Debian 12 with a C compiler, libjansson4, libssl3, and Python 3 with venv. Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

apt-get -qq download libjwt-dev=1.10.2-1+deb12u1 libjwt0=1.10.2-1+deb12u1 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" debian; done
libraries=$(dirname "$(find "$folder/debian" -name 'libjwt.so.0*' | head -1)")
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check PyJWT==2.15.1

cat >verify.c <<'C'
#include <errno.h>
#include <jwt.h>
#include <stdio.h>
#include <string.h>

/* verify KEY TOKEN: taken, or the name of the error. */
int main(int count, char** words) {
  (void)count;
  jwt_t* token = NULL;
  int error = jwt_decode(&token, words[2], (const unsigned char*)words[1], (int)strlen(words[1]));
  puts(error == 0 ? "taken" : error == EINVAL ? "EINVAL" : strerror(error));
  if (token != NULL) jwt_free(token);
  return 0;
}
C
cc -o verify verify.c -I debian/usr/include "$libraries"/libjwt.so.0

cat >tokens.py <<'PYTHON'
"""tokens.py sign TYPE | tokens.py verify TOKEN, with the key that the environment has."""
import base64
import hashlib
import hmac
import json
import os
import sys

import jwt

KEY = os.environ["KEY"]


def part(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=")


def signed(header):
    text = part(header) + b"." + part({"sub": "kim"})
    digest = hmac.new(KEY.encode(), text, hashlib.sha256).digest()
    return (text + b"." + base64.urlsafe_b64encode(digest).rstrip(b"=")).decode()


if sys.argv[1] == "sign":
    print(signed({"alg": "HS256"} if sys.argv[2] == "none" else {"alg": "HS256", "typ": sys.argv[2]}))
else:
    print("taken" if jwt.decode(sys.argv[2], KEY, algorithms=["HS256"]) == {"sub": "kim"} else "other claims")
PYTHON

export KEY=0123456789abcdef0123456789abcdef
libjwt() { LD_LIBRARY_PATH=$libraries ./verify "$KEY" "$1"; }
pyjwt() { venv/bin/python tokens.py verify "$1" 2>/dev/null || echo refused; }
verdicts() {
  local type said=
  for type in none JWT jwt at+jwt JOSE; do
    said+=", $type $("$1" "$(venv/bin/python tokens.py sign "$type")")"
  done
  echo "${said#, }"
}

forged=$(KEY=fedcba9876543210fedcba9876543210 venv/bin/python tokens.py sign JWT)
output="libjwt 1.10.2: $(verdicts libjwt); wrong signature $(libjwt "$forged")
PyJWT 2.15.1: $(verdicts pyjwt)"
wanted="libjwt 1.10.2: none taken, JWT taken, jwt taken, at+jwt EINVAL, JOSE EINVAL; wrong signature EINVAL
PyJWT 2.15.1: none taken, JWT taken, jwt taken, at+jwt taken, JOSE taken"
echo "$output"
[ "$output" = "$wanted" ] || { echo "this was: $wanted" >&2; exit 1; }
