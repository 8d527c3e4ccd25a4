#include "app/server/metrics.h"

#include <array>
#include <cstddef>

#include "app/server/channel_metrics.h"
#include "metrics/exposition.h"

namespace rtcpub {
namespace {

using metrics::Exposition;

template <class Number>
double value(Number number) {
  return static_cast<double>(number);
}

// The codes that there are. Each is told from the start, as 0: rate() and increase() don't see the
// step with which a series begins.
constexpr std::array kRefusals{
    "bad-claim",       "bad-signature",  "bad-token",    "expired",           "no-right",
    "no-token",        "not-yet-valid",  "starting",     "too-many-refusals", "unknown-right",
    "wrong-algorithm", "wrong-audience", "wrong-channel"};
constexpr std::array kRefusedOffers{"bad-offer", "no-common-codec", "no-right", "too-many-offers"};
constexpr std::array kEvictions{"expired", "media-lost", "removed", "replaced"};

template <std::size_t kCount>
void addCodes(Exposition& page, const std::string& name, const std::string& help,
              const std::array<const char*, kCount>& known, CountsByCode counts) {
  for (const char* code : known) counts.try_emplace(code, 0);
  auto family = page.counter(name, help);
  for (const auto& [code, count] : counts) family.add(value(count), {{"code", code}});
}

void addAccess(Exposition& page, const ServerFigures& figures) {
  addCodes(page, "rtcpub_refusals_total", "Requests at any door that were not let in.", kRefusals,
           figures.refusals);
  addCodes(page, "rtcpub_refused_offers_total", "Offers that got no answer.", kRefusedOffers,
           figures.refusedOffers);
  addCodes(page, "rtcpub_evictions_total", "Members that were told to go.", kEvictions,
           figures.evictions);
}

void addConnections(Exposition& page, const net::ConnectionCounts& counts) {
  auto open = page.gauge("rtcpub_connections", "TCP connections by how far they have come.");
  for (std::size_t i = 0; i < counts.open.size(); ++i) {
    open.add(value(counts.open[i]), {{"phase", net::kPhaseNames[i]}});
  }
  page.counter("rtcpub_accepted_connections_total", "TCP connections that were accepted.")
      .add(value(counts.accepted));
  page.counter("rtcpub_cut_connections_total",
               "TCP connections that were cut to make room for others.")
      .add(value(counts.cut));
  auto responses =
      page.counter("rtcpub_http_responses_total", "Answers to HTTP requests, by their status.");
  for (const auto& [status, count] : counts.responses) {
    responses.add(value(count), {{"status", std::to_string(status)}});
  }
}

void addOverload(Exposition& page, const sfu::MediaStats& media) {
  page.gauge("rtcpub_media_busy_ratio",
             "The share of its time in which the media thread works, or waits for a core.")
      .add(media.busy);
  page.gauge("rtcpub_overloaded", "1 while more is to be sent than one core can.")
      .add(media.overload ? 1 : 0);
  page.counter("rtcpub_overload_seconds_total", "For how long it was.")
      .add(std::chrono::duration<double>(media.overloadedFor).count());
  auto thinned = page.gauge("rtcpub_thinned_viewers",
                            "Viewers that get less than their paths carry, for an overload.");
  const auto report = media.overload.value_or(sfu::OverloadReport{});
  thinned.add(value(report.onLowestLayer), {{"level", "lowest_layer"}});
  thinned.add(value(report.onKeyFrames), {{"level", "key_frames"}});
  page.counter("rtcpub_late_datagrams_total",
               "Datagrams of media that were dropped unread, since they had waited for too long.")
      .add(value(media.droppedLate));
}

void addPorts(Exposition& page, const sfu::MediaStats& media) {
  page.counter("rtcpub_send_failures_total", "Datagrams that the media port did not take.")
      .add(value(media.sendFailures));
  page.counter("rtcpub_garbage_datagrams_total",
               "Datagrams at the media port that belong to nobody or are malformed.")
      .add(value(media.garbage));
  page.gauge("rtcpub_media_streams", "TCP connections that carry media, or TURN.")
      .add(value(media.streams.open));
  page.counter("rtcpub_stream_dropped_datagrams_total",
               "Datagrams that were dropped, since a TCP connection was too slow for them.")
      .add(value(media.streams.dropped));
}

void addTurn(Exposition& page, const sfu::TurnStats& turn) {
  page.gauge("rtcpub_turn_relays", "Relayed addresses that clients have at the TURN server.")
      .add(value(turn.relays));
  page.counter("rtcpub_turn_allocations_total", "Relayed addresses that were given out.")
      .add(value(turn.allocated));
  page.counter("rtcpub_turn_refusals_total",
               "TURN requests that were refused, such as for a wrong password.")
      .add(value(turn.refused));
  auto packets = page.counter("rtcpub_turn_packets_total", "Packets that went by TURN.");
  packets.add(value(turn.packetsIn), {{"direction", "in"}});
  packets.add(value(turn.packetsOut), {{"direction", "out"}});
  auto bytes = page.counter("rtcpub_turn_bytes_total", "Bytes of these, without TURN's headers.");
  bytes.add(value(turn.bytesIn), {{"direction", "in"}});
  bytes.add(value(turn.bytesOut), {{"direction", "out"}});
}

void addLoops(Exposition& page, const ServerFigures& figures) {
  auto lag =
      page.histogram("rtcpub_loop_lag_seconds",
                     "How much later than due the loops of the server came to what was due.");
  lag.add(figures.signallingLag, {{"loop", "signalling"}});
  lag.add(figures.media.lag, {{"loop", "media"}});
}

/// By the names that Prometheus's own clients use.
void addProcess(Exposition& page, const ProcessFigures& process) {
  page.counter("process_cpu_seconds_total", "CPU time that was used, user and system.")
      .add(process.cpuSeconds);
  page.gauge("process_resident_memory_bytes", "Memory that is resident.")
      .add(process.residentBytes);
  page.gauge("process_virtual_memory_bytes", "Memory that is mapped.").add(process.virtualBytes);
  page.gauge("process_open_fds", "File descriptors that are open.").add(process.openFds);
  page.gauge("process_max_fds", "File descriptors that may be open.").add(process.maxFds);
  page.gauge("process_threads", "Threads.").add(process.threads);
  page.gauge("process_start_time_seconds", "When the program was started, in seconds since 1970.")
      .add(process.startTime);
}

}  // namespace

std::string metricsText(const ServerFigures& figures) {
  Exposition page;
  page.gauge("rtcpub_build_info", "Always 1; the version is its label.")
      .add(1, {{"version", figures.version}});
  addMemberMetrics(page, figures.hub, figures.media);
  addTrafficMetrics(page, figures.media);
  addAccess(page, figures);
  addConnections(page, figures.connections);
  addOverload(page, figures.media);
  addPorts(page, figures.media);
  addTurn(page, figures.media.turn);
  addLoops(page, figures);
  auto expiry = page.gauge("rtcpub_certificate_expiry_timestamp_seconds",
                           "When the certificate of the web port expires, in seconds since 1970.");
  if (figures.certificateExpires > 0) expiry.add(value(figures.certificateExpires));
  if (figures.process) addProcess(page, *figures.process);
  return page.text();
}

}  // namespace rtcpub
