// GLib gives a table of names up when it needs a larger one, on purpose: a leak by design of 16
// KiB, allocated when the library is loaded (that place shows only in a full call stack), and of 32
// KiB when many plugins are known.
#ifdef __SANITIZE_ADDRESS__

// The sanitizer's own names.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" __attribute__((visibility("default"))) const char* __asan_default_options();
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions();

const char* __asan_default_options() {
  return "fast_unwind_on_malloc=0:detect_container_overflow=0";
}
const char* __lsan_default_suppressions() { return "leak:_dl_init\nleak:g_intern_string\n"; }
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

#endif
