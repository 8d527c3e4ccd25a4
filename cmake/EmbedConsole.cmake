# cmake -DINPUT=web/dist -DOUTPUT=console_files.cc -P EmbedConsole.cmake
#
# Writes the console's files into a C++ source.
if(NOT EXISTS "${INPUT}/index.html")
  message(FATAL_ERROR "the web console is not built: run ./dev build, or npm ci && npm run build in web/")
endif()
file(GLOB files RELATIVE "${INPUT}" "${INPUT}/*")
set(arrays "")
set(table "")
set(index 0)
foreach(file ${files})
  file(READ "${INPUT}/${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND arrays "constexpr char kFile${index}[] = {${bytes}};\n")
  string(APPEND table "    {\"/${file}\", {kFile${index}, sizeof kFile${index}}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${OUTPUT}.new" "// Generated from web/dist by cmake/EmbedConsole.cmake.
#include <span>

#include \"app/console.h\"

namespace rtcpub {
namespace {

${arrays}
constexpr ConsoleFile kFiles[] = {
${table}};

}  // namespace

std::span<const ConsoleFile> consoleFiles();
std::span<const ConsoleFile> consoleFiles() { return kFiles; }

}  // namespace rtcpub
")
file(COPY_FILE "${OUTPUT}.new" "${OUTPUT}" ONLY_IF_DIFFERENT)
