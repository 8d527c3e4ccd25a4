#!/usr/bin/env bash
# Caddy 2.6 makes a certificate authority and installs it in the machine's trust store for a site that is an IP address,
# although that site has a certificate of its own and automatic HTTPS is off.
#
# One would guess: who gives `tls CERTIFICATE KEY` for all sites and says `auto_https off` gets no certificate made, and
# so no authority. It is so for sites that are names.
# Seen: with one site more that is an address, under the same certificate, Caddy makes an authority of its own and
# installs its root for the whole machine; only `skip_install_trust` keeps it from that. Here it runs as a user who may
# not install anything, and says that it failed.
#
# Output:
#   Caddy 2.6.2, a name: no authority
#   a name and an address: makes an authority, tries to install it
#   the same with skip_install_trust: makes an authority
#
# Needs Debian 12 with openssl, curl and Python 3. Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
chmod 755 "$folder"
caddy=
trap '[ -z "$caddy" ] || kill "$caddy" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

apt-get -qq download caddy=2.6.2-5 >/dev/null 2>&1
dpkg -x caddy_*.deb debian
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 2 \
  -subj /CN=robots.example -addext 'subjectAltName=DNS:robots.example,IP:127.0.0.1' 2>/dev/null
chmod 644 key.pem

# As somebody without rights: nothing of this machine is changed.
unprivileged=()
[ "$(id -u)" -ne 0 ] || unprivileged=(setpriv --reuid nobody --clear-groups)

# seen NAME OPTION SITE…: what Caddy does about an authority, with these sites.
seen() {
  local name="$1" option="$2" port sites
  shift 2
  port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
  sites=$(printf ", https://%s:$port" "$@")
  mkdir -m 777 "$name"
  cat >"$name.caddy" <<CADDYFILE
{
  admin off
  auto_https off
  $option
}
${sites#, } {
  bind 127.0.0.1
  tls $folder/cert.pem $folder/key.pem
  respond "here"
}
CADDYFILE
  "${unprivileged[@]}" env HOME="$folder/$name" XDG_DATA_HOME="$folder/$name" XDG_CONFIG_HOME="$folder/$name" \
    debian/usr/bin/caddy run --adapter caddyfile --config "$name.caddy" 2>"$name.log" &
  caddy=$!
  curl -s -o /dev/null --retry 30 --retry-connrefused --retry-delay 1 --cacert cert.pem \
    --resolve "robots.example:$port:127.0.0.1" "https://robots.example:$port/"
  kill "$caddy"
  wait "$caddy" || true
  caddy=
  local did='no authority'
  [ -z "$(find "$name" -path '*/pki/authorities/*/root.crt')" ] || did='makes an authority'
  ! grep -q '"installing root certificate' "$name.log" || did+=', tries to install it'
  echo "$did"
}

output="Caddy 2.6.2, a name: $(seen name '' robots.example)
a name and an address: $(seen both '' robots.example 127.0.0.1)
the same with skip_install_trust: $(seen skipped skip_install_trust robots.example 127.0.0.1)"
wanted="Caddy 2.6.2, a name: no authority
a name and an address: makes an authority, tries to install it
the same with skip_install_trust: makes an authority"
echo "$output"
[ "$output" = "$wanted" ] || { echo "this was: $wanted" >&2; exit 1; }
