#include "property.h"

#include <list>
#include <utility>

namespace rtcpub::fake {
namespace {

GType enumType(const Property& property, const std::string& owner) {
  const std::string name = "RtcpubFake-" + owner + "-" + property.name;
  // GObject keeps the table for as long as the process lives.
  static std::list<std::vector<GEnumValue>> tables;
  std::vector<GEnumValue>& values = tables.emplace_back();
  for (const Choice& choice : property.choices) {
    values.push_back({choice.value, choice.nick, choice.nick});
  }
  values.push_back({0, nullptr, nullptr});
  return g_enum_register_static(name.c_str(), values.data());
}

}  // namespace

Property boolean(std::string name, bool initial) {
  return {std::move(name), Property::Kind::kBoolean, initial ? 1.0 : 0.0};
}
Property integer(std::string name, double initial, double lowest, double highest) {
  return {std::move(name), Property::Kind::kInt, initial, lowest, highest};
}
Property count(std::string name, double initial, double lowest, double highest) {
  return {std::move(name), Property::Kind::kUInt, initial, lowest, highest};
}
Property nanoseconds(std::string name, double initial, double lowest) {
  return {std::move(name), Property::Kind::kUInt64, initial, lowest, kMaxUInt64};
}
Property real(std::string name, double initial, double lowest, double highest) {
  return {std::move(name), Property::Kind::kFloat, initial, lowest, highest};
}
Property text(std::string name, const char* initial) {
  return {std::move(name), Property::Kind::kText, 0, 0, 0, initial};
}
Property structure(std::string name) { return {std::move(name), Property::Kind::kStructure}; }
Property choice(std::string name, int initial, std::vector<Choice> choices) {
  return {std::move(name), Property::Kind::kChoice, static_cast<double>(initial), 0, 0,
          nullptr,         std::move(choices)};
}

GParamSpec* makeParamSpec(const Property& p, const std::string& owner) {
  constexpr auto kFlags = static_cast<GParamFlags>(G_PARAM_READWRITE | GST_PARAM_MUTABLE_PLAYING);
  const char* name = p.name.c_str();
  switch (p.kind) {
    case Property::Kind::kBoolean:
      return g_param_spec_boolean(name, name, name, p.initial != 0 ? TRUE : FALSE, kFlags);
    case Property::Kind::kInt:
      return g_param_spec_int(name, name, name, static_cast<gint>(p.lowest),
                              static_cast<gint>(p.highest), static_cast<gint>(p.initial), kFlags);
    case Property::Kind::kUInt:
      return g_param_spec_uint(name, name, name, static_cast<guint>(p.lowest),
                               static_cast<guint>(p.highest), static_cast<guint>(p.initial),
                               kFlags);
    case Property::Kind::kUInt64:
      return g_param_spec_uint64(name, name, name, static_cast<guint64>(p.lowest),
                                 static_cast<guint64>(p.highest), static_cast<guint64>(p.initial),
                                 kFlags);
    case Property::Kind::kFloat:
      return g_param_spec_float(name, name, name, static_cast<gfloat>(p.lowest),
                                static_cast<gfloat>(p.highest), static_cast<gfloat>(p.initial),
                                kFlags);
    case Property::Kind::kText:
      return g_param_spec_string(name, name, name, p.text, kFlags);
    case Property::Kind::kStructure:
      return g_param_spec_boxed(name, name, name, GST_TYPE_STRUCTURE, kFlags);
    case Property::Kind::kChoice:
      break;
  }
  return g_param_spec_enum(name, name, name, enumType(p, owner), static_cast<gint>(p.initial),
                           kFlags);
}

}  // namespace rtcpub::fake
