# The packages of Debian that ./dev installs, and what another release or another architecture calls otherwise.

# What builds the program: what runs here, and what the program is made of.
BUILD_TOOLS=(cmake esbuild g++ ninja-build pkg-config)
BUILD_LIBRARIES=(
  libboost1.81-dev libcli11-dev libexpected-dev libgpiod-dev libgstreamer1.0-dev libjwt-dev liborc-0.4-dev
  libopenh264-dev libqrencode-dev libspdlog-dev libsrtp2-dev libssl-dev libtgowt-dev libtomlplusplus-dev libyuv-dev
  nlohmann-json3-dev prometheus-cpp-dev
)
# What the demonstration runs: x264 as its encoder.
DEMO_PACKAGES=(gstreamer1.0-plugins-base gstreamer1.0-plugins-ugly)
# What the unit tests take besides.
UNIT_TEST_TOOLS=(ccache mold)
UNIT_TEST_LIBRARIES=(
  libgmock-dev libgstreamer-plugins-base1.0-dev libgtest-dev
  gstreamer1.0-libav gstreamer1.0-plugins-bad gstreamer1.0-plugins-good gstreamer1.0-x
)
# What else testing, measuring and checking the project takes.
TEST_PACKAGES=(
  build-essential
  gir1.2-gstreamer-1.0 gir1.2-gst-plugins-base-1.0 gir1.2-gst-rtsp-server-1.0 python3-gi x11-xserver-utils xvfb
  caddy chromium coturn curl fonts-dejavu-core git iproute2 nftables nginx-light openssl procps prometheus
  python3 python3-aiohttp python3-aiortc python3-cryptography python3-jwt python3-numpy python3-pytest python3-websockets
)
# What builds the fuzz targets.
FUZZ_PACKAGES=(clang-14 libclang-rt-14-dev)
# What formats and lints the sources: one clang for all, Debian 12's.
LINT_PACKAGES=(clang-format-14 clang-tidy-14 libclang-14-dev)
# What builds for another architecture, and runs what was built.
CROSS_TOOLS=(git procps python3 qemu-user-static)
# What builds and tests what needs no libwebrtc: the preset core.
CORE_PACKAGES=(
  ccache cmake g++ git mold ninja-build pkg-config python3 python3-pytest
  libboost1.81-dev libexpected-dev libgmock-dev libgpiod-dev libgtest-dev libjwt-dev libspdlog-dev libssl-dev nlohmann-json3-dev
)
# What makes HTML of the headers.
DOC_PACKAGES=(doxygen)
# Only where another Node.js isn't there already.
NODE_PACKAGES=(nodejs npm)

HERE=$(dpkg --print-architecture)
# "bookworm", "trixie", "sid"; on another system its name.
RELEASE=$(. /etc/os-release && case "$PRETTY_NAME" in *sid) echo sid ;; *) echo "${VERSION_CODENAME:-$ID}" ;; esac)
if [ "$RELEASE" = bookworm ]; then CLANG=14; else CLANG=19; fi

# names_here NAME...: what these packages, named as in Debian 12, are called in the release that this is, a line each.
names_here() {
  local name
  for name in "$@"; do
    case "$RELEASE $name" in
      "bookworm "*) ;;
      *" libboost1.81-dev") name=libboost-dev ;;
      *" clang-14" | *" libclang-rt-14-dev") name="${name/14/$CLANG}" ;;
      *" qemu-user-static") name=qemu-user ;;
    esac
    echo "$name"
  done
}

# names_for ARCHITECTURE NAME...: these packages as that architecture's, a line each; what is for all stays as it is.
names_for() {
  local architecture="$1" all
  shift
  all=$(apt-cache show "$@" | awk '/^Package:/ { name = $2 } /^Architecture: all$/ { print name }' | sort -u)
  comm -12 <(printf '%s\n' "$@" | sort -u) <(echo "$all")
  comm -23 <(printf '%s\n' "$@" | sort -u) <(echo "$all") | sed "s/$/:$architecture/"
}

# cross_compiler ARCHITECTURE: the package that has it.
cross_compiler() {
  case "$1" in
    arm64) echo g++-aarch64-linux-gnu ;;
    *) fail "nobody tried to build for $1: platforms/arm64.cmake shows what it takes" ;;
  esac
}
