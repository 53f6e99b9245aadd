// The functions of <stdio.h> and <stdlib.h> that read and write the program's memory, called from code with hooks.
#include "core/runtime/library_access.h"
#include "core/trace/format_calls.h"

namespace heddle::runtime {
namespace {

using namespace trace::strings;

HEDDLE_FORMAT_CALLS(HEDDLE_DEFINE_FORMAT_CALL)
HEDDLE_STDIO_CALLS(HEDDLE_DEFINE_LIBRARY_CALL)

HEDDLE_DEFINE_FORMAT_CALL(printf, vprintf, (const char* format), (format), prints(access, format, list), )
HEDDLE_DEFINE_FORMAT_CALL(fprintf, vfprintf, (FILE * to, const char* format), (to, format), prints(access, format, list), )
HEDDLE_DEFINE_FORMAT_CALL(__printf_chk, __vprintf_chk, (int flag, const char* format), (flag, format),
                          prints(access, format, list), )
HEDDLE_DEFINE_FORMAT_CALL(__fprintf_chk, __vfprintf_chk, (FILE * to, int flag, const char* format), (to, flag, format),
                          prints(access, format, list), )
HEDDLE_DEFINE_LIBRARY_CALL(int, puts, (const char* text), (text), access.read(text, length(text) + 1), )
HEDDLE_DEFINE_LIBRARY_CALL(int, fputs, (const char* text, FILE* to), (text, to), access.read(text, length(text) + 1), )
HEDDLE_DEFINE_LIBRARY_CALL(std::size_t, fwrite, (const void* from, std::size_t each, std::size_t count, FILE* to),
                           (from, each, count, to), access.read(from, each* count), )

}  // namespace
}  // namespace heddle::runtime
