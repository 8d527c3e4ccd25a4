#pragma once

#include <gst/gst.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "media/gst/gst_owned.h"

namespace rtcpub::media {

/// For tests that need files: a directory of its own, which goes with the test.
class FilesTest : public testing::Test {
 protected:
  void SetUp() override {
    gst_init(nullptr, nullptr);
    std::string name = (std::filesystem::temp_directory_path() / "rtcpub-media-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string path(const std::string& name) const { return directory_ / name; }

  // A file that a pipeline makes.
  std::string made(const std::string& name, const std::string& description) const {
    const std::string text = description + " ! filesink location=" + path(name);
    const Owned<GstElement> pipeline(
        GST_ELEMENT(gst_object_ref_sink(gst_parse_launch(text.c_str(), nullptr))));
    gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
    const Owned<GstBus> bus(gst_element_get_bus(pipeline.get()));
    const Owned<GstMessage> end(gst_bus_timed_pop_filtered(
        bus.get(), 60 * GST_SECOND,
        static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
    EXPECT_TRUE(end && GST_MESSAGE_TYPE(end.get()) == GST_MESSAGE_EOS) << text;
    gst_element_set_state(pipeline.get(), GST_STATE_NULL);
    return path(name);
  }
  std::string written(const std::string& name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }

  std::filesystem::path directory_;
};

}  // namespace rtcpub::media
