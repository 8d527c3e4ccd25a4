#!/usr/bin/env bash
# Caddy 2.6's access log empties Authorization by itself, but keeps Sec-WebSocket-Protocol, which can carry a token, too.
#
# One would guess: a proxy that knows which headers carry credentials, and leaves them out of its access log unless it is
# told to keep them (log_credentials), leaves out a WebSocket's as well. A browser can't set Authorization on a
# WebSocket, so pages of many programs send their token as a subprotocol (RFC 6455 section 1.9).
# Seen: of one handshake the log has "Authorization":[] and the whole of Sec-Websocket-Protocol; nothing of both when
# the log's filter deletes that header.
#
# Output:
#   Caddy 2.6.2: Authorization emptied, Sec-Websocket-Protocol kept; with a filter: emptied, left out
#
# Needs Debian 12 with caddy, curl and Python 3. Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
caddy=
trap '[ -z "$caddy" ] || kill "$caddy" 2>/dev/null || true; rm -rf "$folder"' EXIT

# log_of NAME FORMAT…: the line that one handshake leaves in the access log.
log_of() {
  local name="$1" port
  shift
  port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
  cat >"$folder/$name.caddy" <<CADDYFILE
{
  admin off
}
http://127.0.0.1:$port {
  log {
    output file $folder/$name.log
    $*
  }
  respond "here"
}
CADDYFILE
  HOME="$folder" XDG_DATA_HOME="$folder" XDG_CONFIG_HOME="$folder" \
    caddy run --adapter caddyfile --config "$folder/$name.caddy" 2>"$folder/$name.out" &
  caddy=$!
  curl -s -o /dev/null --retry 30 --retry-connrefused --retry-delay 1 \
    -H 'Authorization: Bearer in-a-header' -H 'Connection: Upgrade' -H 'Upgrade: websocket' \
    -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' \
    -H 'Sec-WebSocket-Protocol: chat, token.in-a-subprotocol' "http://127.0.0.1:$port/"
  kill "$caddy"
  wait "$caddy" || true
  caddy=
  cat "$folder/$name.log"
}

# seen LINE WORD: how the line has the credential that is called so.
seen() {
  case "$1" in
    *"$2"*) echo kept ;;
    *"\"$3\":[]"*) echo emptied ;;
    *) echo 'left out' ;;
  esac
}

plain=$(log_of plain 'format json')
filtered=$(log_of filtered 'format filter {
      wrap json
      fields {
        request>headers>Sec-Websocket-Protocol delete
      }
    }')
for line in "$plain" "$filtered"; do
  [[ "$line" == *'"status":200'* ]] || { echo "no request was logged: $line" >&2; exit 1; }
done

said="Caddy $(caddy version | sed 's/^v//; s/ .*//'): Authorization $(seen "$plain" in-a-header Authorization), \
Sec-Websocket-Protocol $(seen "$plain" in-a-subprotocol Sec-Websocket-Protocol); with a filter: \
$(seen "$filtered" in-a-header Authorization), $(seen "$filtered" in-a-subprotocol Sec-Websocket-Protocol)"
echo "$said"
[ "$said" = "Caddy 2.6.2: Authorization emptied, Sec-Websocket-Protocol kept; with a filter: emptied, left out" ]
