#pragma once

#include <string>

#include "core/text/query.h"
#include "media/gst/gst_owned.h"
#include "rtcpub/result.h"

/// Pipelines out of their texts.
namespace rtcpub::media {

/// Errors: kMedia, beginning with the subject: what the text lacks, or why it doesn't parse.
Result<Owned<GstElement>> parsePipeline(const std::string& text, const std::string& subject);

/// A pipeline's element; it must be there.
Owned<GstElement> elementOf(const Owned<GstElement>& pipeline, const char* name);

/// Sets the properties that people gave. Errors: kInvalidArgument, naming the property.
Result<void> setProperties(GstElement* element, const query::Parameters& properties);

/// Sets one that only newer releases know.
void setIfKnown(GstElement* element, const char* property, const char* value);

}  // namespace rtcpub::media
