#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <utility>

#include "cli/wrapped.h"

namespace rtcpub::cli {

/// How --help looks: an option and what it takes on the left, on the right what it does and its
/// default, in lines that fit a terminal.
class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_option(const CLI::Option* option, bool positional) const override {
    return row(make_option_name(option, positional) + make_option_opts(option),
               make_option_desc(option));
  }

  /// Without the `{false}` of a flag that turns something off.
  std::string make_option_name(const CLI::Option* option, bool positional) const override {
    const std::string name = CLI::Formatter::make_option_name(option, positional);
    return name.substr(0, name.find('{'));
  }

  /// With one empty line between groups.
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    return CLI::detail::find_and_replace(CLI::Formatter::make_help(app, std::move(name), mode),
                                         "\n\n\n", "\n\n");
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_type_size() == 0) return {};
    const std::string& text = option->get_option_text();
    return " " + (text.empty() ? option->get_type_name() : text);
  }

  std::string make_option_desc(const CLI::Option* option) const override {
    std::string text = option->get_description();
    if (option->get_required()) text += " (required)";
    if (!option->get_default_str().empty()) text += " (default: " + option->get_default_str() + ")";
    return text;
  }

  std::string make_subcommand(const CLI::App* sub) const override {
    return row(sub->get_display_name(true), sub->get_description());
  }

 private:
  static constexpr std::size_t kColumn = 30;

  static std::string row(const std::string& left, const std::string& right) {
    std::string text = "  " + left;
    text += text.size() < kColumn ? std::string(kColumn - text.size(), ' ')
                                  : "\n" + std::string(kColumn, ' ');
    return text + wrapped(right, kColumn) + "\n";
  }
};

}  // namespace rtcpub::cli
