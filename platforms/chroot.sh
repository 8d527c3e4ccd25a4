# Other releases and architectures of Debian, in a chroot each: ./dev HABIT --in RELEASE --for ARCHITECTURE. Needs root or
# sudo. In there the checkout is /src, and its own build folder lies over /src/build, so that every habit is as it is on
# such a machine.

CHROOTS="${RTCPUB_CHROOTS:-${XDG_CACHE_HOME:-$HOME/.cache}/rtcpub/chroots}"

# make_chroot RELEASE ARCHITECTURE FOLDER: a bare one, with this machine's settings of apt (proxies, say), and the
# authorities that it trusts, for npm.
make_chroot() {
  local release="$1" architecture="$2" root="$3" architectures="$HERE"
  [ "$architecture" = "$HERE" ] || architectures+=",$architecture"
  install_packages mmdebstrap ca-certificates
  say "making a chroot of Debian $release in $root, once"
  mkdir -p "${root%/*}"
  apt-config dump --format '%f "%v";%n' Acquire >"$root.apt"
  as_root rm -rf "$root.new"
  as_root mmdebstrap --quiet --variant=apt --skip=cleanup/apt/lists "--architectures=$architectures" "--aptopt=$root.apt" "$release" "$root.new"
  as_root cp /etc/ssl/certs/ca-certificates.crt "$root.new/etc/trusted.crt"
  as_root mv "$root.new" "$root"
  rm "$root.apt"
}

# in_chroot RELEASE ARCHITECTURE HABIT [WORD...]: ./dev with these words, in there.
in_chroot() {
  local release="$1" architecture="$2" root
  case "$release" in
    bookworm | trixie | sid) ;;
    *) fail "no Debian called \"$release\" was tried: bookworm (12), trixie (13) or sid" ;;
  esac
  [ "$architecture" = "$HERE" ] || cross_compiler "$architecture" >/dev/null
  root="$CHROOTS/$release-$architecture"
  [ -d "$root" ] || make_chroot "$release" "$architecture" "$root"
  local build="$PWD/build/$release-$architecture" cache="$CHROOTS/ccache"
  mkdir -p "$build" "$cache"
  local environment=(
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "TERM=${TERM:-dumb}"
    RTCPUB_FOR="$architecture" CCACHE_DIR=/ccache "CMAKE_BUILD_PARALLEL_LEVEL=$CMAKE_BUILD_PARALLEL_LEVEL"
    NODE_EXTRA_CA_CERTS=/etc/trusted.crt "http_proxy=${http_proxy:-}" "https_proxy=${https_proxy:-}" "no_proxy=${no_proxy:-}"
    # The checkout is another user's.
    GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=/src
  )
  # A mount namespace of its own: nothing stays mounted, however it ends.
  as_root unshare --mount --propagation private bash -c '
    set -e
    root=$1 checkout=$2 build=$3 cache=$4
    mkdir -p "$root/src" "$root/ccache"
    mount --bind "$checkout" "$root/src"
    mount --bind "$build" "$root/src/build"
    mount --bind "$cache" "$root/ccache"
    mount -t proc proc "$root/proc"
    mount -t sysfs sys "$root/sys"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmp "$root/tmp"
    mount -t tmpfs run "$root/run"
    shift 4
    exec chroot "$root" env -i "$@"
  ' chroot "$root" "$PWD" "$build" "$cache" "${environment[@]}" /src/dev "${@:3}"
}
