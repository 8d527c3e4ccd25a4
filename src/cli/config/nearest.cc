#include "cli/config/nearest.h"

#include <algorithm>
#include <cstddef>

namespace rtcpub::cli {
namespace {

constexpr std::size_t kLongestName = 64;  // what is longer is no slip of the hand

/// How many letters have to be changed, put in, taken away or swapped with their neighbour.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before(to.size() + 1);
  std::vector<std::size_t> above(to.size() + 1);
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t x = 0; x <= to.size(); ++x) row[x] = x;
  for (std::size_t y = 1; y <= from.size(); ++y) {
    before.swap(above);
    above.swap(row);
    row[0] = y;
    for (std::size_t x = 1; x <= to.size(); ++x) {
      const bool same = from[y - 1] == to[x - 1];
      row[x] = std::min({above[x] + 1, row[x - 1] + 1, above[x - 1] + (same ? 0 : 1)});
      const bool swapped = x > 1 && y > 1 && from[y - 1] == to[x - 2] && from[y - 2] == to[x - 1];
      if (swapped) row[x] = std::min(row[x], before[x - 2] + 1);
    }
  }
  return row[to.size()];
}

/// How many slips a name of this length may have.
std::size_t slips(std::size_t length) { return length < 4 ? 0 : length < 7 ? 1 : 2; }

}  // namespace

std::string nearest(std::string_view written, const std::vector<std::string>& names) {
  if (written.size() > kLongestName) return {};
  std::string best;
  std::size_t least = slips(written.size()) + 1;
  for (const std::string& name : names) {
    const std::size_t far = distance(written, name);
    if (far >= least) continue;
    least = far;
    best = name;
  }
  return best;
}

}  // namespace rtcpub::cli
