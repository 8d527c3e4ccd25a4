#!/usr/bin/env bash
# glibc 2.36: a C++ program that calls pidfd_open() by <sys/pidfd.h> can't be linked.
#
# One would guess: a header of the C library has its functions declared as C's for C++, too.
# Seen: <sys/pidfd.h>, new in 2.36, has no such declarations: the linker looks for a C++ function of that name. The same
# program in C is linked.
#
# Output:
#   C: linked; C++: undefined reference to `pidfd_open(int, unsigned int)'
#
# Needs Debian 12 with g++. Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

apt-get -qq download libc6-dev=2.36-9+deb12u14 >/dev/null 2>&1
dpkg -x ./*.deb debian

cat >open.c <<'C'
#include <sys/pidfd.h>
int main(void) { return pidfd_open(1, 0) < 0; }
C
cp open.c open.cc
headers=(-I "debian/usr/include/$(gcc -print-multiarch)")
gcc "${headers[@]}" -o in_c open.c && output="C: linked; C++: "
output+=$(g++ "${headers[@]}" -o in_cpp open.cc 2>&1 | grep -o "undefined reference to .*" | head -1 || true)
wanted="C: linked; C++: undefined reference to \`pidfd_open(int, unsigned int)'"
echo "$output"
[ "$output" = "$wanted" ] || { echo "this was: $wanted" >&2; exit 1; }
