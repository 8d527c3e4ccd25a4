#!/usr/bin/env bash
# Boost.Asio 1.81, io_context(1): what a handler posts runs after what another thread posts later.
#
# The 1 is a hint that one thread calls run(), for speed; other threads may post all the same. One would guess: post() is
# a queue, so the order in which posts return is the order in which they run, hint or not.
# Seen: with the hint a post of the thread that runs a handler goes into a queue of that thread, which is handed over
# when the handler ends; a post of another thread goes straight into the common one. So of "handler posts A, another
# thread posts B, the handler ends" B runs first, each time. Without the hint, or by a strand, A does; and what one thread
# posts keeps its order in any case.
#
# Output:
#   io_context(1): B A in 1000 of 1000; io_context: A B in 1000; strand of io_context(1): A B in 1000; one thread: A B in 1000
#
# Needs Debian 12 with g++. Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

apt-get -qq download libboost1.81-dev=1.81.0-5+deb12u1 >/dev/null 2>&1
dpkg -x ./*.deb debian

cat >order.cc <<'CPP'
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <iostream>
#include <string>
#include <thread>

namespace asio = boost::asio;

// What runs in which order: A is posted by a handler, B after that, by another thread or by the same.
template <class Executor>
std::string order(asio::io_context& context, Executor executor, bool otherThread) {
  std::string order;
  asio::post(executor, [&, executor] {
    asio::post(executor, [&] { order += 'A'; });
    const auto second = [&, executor] { asio::post(executor, [&] { order += 'B'; }); };
    if (otherThread) {
      std::thread(second).join();
    } else {
      second();
    }
  });
  context.run();
  context.restart();
  return order;
}

int main() {
  int hinted = 0;
  int plain = 0;
  int stranded = 0;
  int alone = 0;
  for (int i = 0; i < 1000; ++i) {
    asio::io_context one(1);
    asio::io_context any;
    hinted += order(one, one.get_executor(), true) == "BA";
    plain += order(any, any.get_executor(), true) == "AB";
    stranded += order(one, asio::make_strand(one), true) == "AB";
    alone += order(one, one.get_executor(), false) == "AB";
  }
  std::cout << "io_context(1): B A in " << hinted << " of 1000; io_context: A B in " << plain
            << "; strand of io_context(1): A B in " << stranded << "; one thread: A B in " << alone << "\n";
}
CPP
g++ -std=c++17 -O1 -I debian/usr/include -o order order.cc -pthread
output=$(./order)
wanted="io_context(1): B A in 1000 of 1000; io_context: A B in 1000; strand of io_context(1): A B in 1000; \
one thread: A B in 1000"
echo "$output"
[ "$output" = "$wanted" ] || { echo "this was: $wanted" >&2; exit 1; }
