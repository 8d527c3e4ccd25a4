#include "media/recipes/mp4_index.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rtcpub::media {

namespace {

// No file has more boxes in front of its index, unless it is made of fragments, which have one
// each.
constexpr int kMostBoxes = 64;
constexpr std::array<std::string_view, 6> kFirst{"ftyp", "wide", "mdat", "free", "skip", "pnot"};

struct Box {
  std::string type;
  std::uint64_t rest = 0;  // bytes behind its header; none: up to the end of the file
};

std::optional<std::uint64_t> readNumber(std::istream& file, int bytes) {
  std::uint64_t number = 0;
  for (int i = 0; i < bytes; ++i) {
    const int byte = file.get();
    if (byte == std::istream::traits_type::eof()) return std::nullopt;
    number = number << 8U | static_cast<std::uint64_t>(byte);
  }
  return number;
}

std::optional<Box> readBox(std::istream& file) {
  const auto size = readNumber(file, 4);
  if (!size) return std::nullopt;
  Box box{.type = std::string(4, '\0')};
  if (!file.read(box.type.data(), 4)) return std::nullopt;
  if (*size == 0) return box;
  const auto whole = *size == 1 ? readNumber(file, 8) : size;
  const std::uint64_t header = *size == 1 ? 16 : 8;
  if (!whole || *whole < header) return std::nullopt;
  box.rest = *whole - header;
  return box;
}

}  // namespace

bool lacksIndex(std::istream& file) {
  for (int i = 0; i < kMostBoxes; ++i) {
    const auto box = readBox(file);
    if (i == 0 && (!box || std::ranges::find(kFirst, box->type) == kFirst.end())) return false;
    if (!box) return true;  // the end, or what is cut off there
    if (box->type == "moov") return false;
    if (box->rest == 0 && box->type == "mdat") return true;
    file.seekg(static_cast<std::streamoff>(box->rest), std::ios::cur);
  }
  return false;
}

}  // namespace rtcpub::media
