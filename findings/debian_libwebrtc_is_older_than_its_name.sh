#!/usr/bin/env bash
# Debian's libwebrtc, libtgowt-dev, has an older libwebrtc in it than the date in its version: up to 21 months older.
#
# The version names a day (0~git20251117): that of the commit of Telegram's copy of libwebrtc, from which Debian packages.
# One would guess: a package of November 2025 has about what libwebrtc had then, DTLS 1.3, SNAP (SCTP's handshake in the
# description) and SPED (DTLS in STUN) among it.
# Seen: what the archive says of its source is October 2022 in both Debian 12's package (named January 2023) and Debian
# 13's (June 2023), and February 2024 in that of November 2025, whose headers have neither p2p/dtls/ nor "sctp-init".
#
# Output:
#   bookworm 0~git20230105.5098730+dfsg-2: libwebrtc of 2022-10-09
#   trixie 0~git20230615.a45d8b8+dfsg-2.1: libwebrtc of 2022-10-09
#   sid 0~git20251117.d067233+dfsg-3+b3: libwebrtc of 2024-02-18, no p2p/dtls, no sctp-init
#
# Needs Debian with apt on amd64. Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

site=$(apt-get indextargets --format '$(SITE)' 'Origin: Debian' 'Created-By: Packages' | head -n 1)
for release in bookworm trixie sid; do
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site $release main"
done >sources
mkdir -p state/lists/partial cache/archives/partial
options=(-qq -o Dir::State="$folder/state" -o Dir::State::status=/dev/null -o Dir::Cache="$folder/cache"
  -o Dir::Etc::sourcelist="$folder/sources" -o Dir::Etc::sourceparts=- -o Acquire::Check-Valid-Until=false)
apt-get "${options[@]}" update

# told RELEASE VERSION: what the package has in it.
told() {
  mkdir "$1"
  (cd "$1" && apt-get "${options[@]}" download "libtgowt-dev=$2" && dpkg -x ./*.deb .)
  local archive headers more=
  archive=$(find "$1" -name libtg_owt.a)
  headers=$(find "$1" -type d -path '*/include/tg_owt')
  if [ "$1" = sid ]; then
    [ -d "$headers/p2p/dtls" ] || more+=", no p2p/dtls"
    grep -qa sctp-init "$archive" || more+=", no sctp-init"
  fi
  echo "$1 $2: libwebrtc of $(grep -a -o -m1 'WebRTC source stamp [0-9-]*' "$archive" | grep -o '[0-9-]*$')$more"
}

output="$(told bookworm 0~git20230105.5098730+dfsg-2)
$(told trixie 0~git20230615.a45d8b8+dfsg-2.1)
$(told sid 0~git20251117.d067233+dfsg-3+b3)"
wanted="bookworm 0~git20230105.5098730+dfsg-2: libwebrtc of 2022-10-09
trixie 0~git20230615.a45d8b8+dfsg-2.1: libwebrtc of 2022-10-09
sid 0~git20251117.d067233+dfsg-3+b3: libwebrtc of 2024-02-18, no p2p/dtls, no sctp-init"
echo "$output"
[ "$output" = "$wanted" ] || { echo "this was: $wanted" >&2; exit 1; }
