// The functions of <stdio.h> and <stdlib.h> that read and write the program's memory, called from code with hooks. Those that
// print to a stream: output.cpp.
#include "core/fibers/library_access.h"
#include "core/trace/format_calls.h"
#include "core/trace/wide_calls.h"

namespace heddle::fibers {
namespace {

using namespace trace::strings;

HEDDLE_FORMAT_CALLS(HEDDLE_DEFINE_FORMAT_CALL)
HEDDLE_STDIO_CALLS(HEDDLE_DEFINE_LIBRARY_CALL)
HEDDLE_WIDE_FORMAT_CALLS(HEDDLE_DEFINE_FORMAT_CALL)
HEDDLE_WIDE_CALLS(HEDDLE_DEFINE_LIBRARY_CALL)
HEDDLE_DEFINE_LIBRARY_CALL(int, fgetc, (FILE * from), (from), access.takes(from), )
HEDDLE_DEFINE_LIBRARY_CALL(int, getc, (FILE * from), (from), access.takes(from), )

}  // namespace
}  // namespace heddle::fibers

using namespace heddle::fibers;

// The C++ library's streams call these, too.
#define HEDDLE_TAKES_LETTER(name)                                                              \
    HEDDLE_EXPORT wint_t name(FILE* from) {                                                    \
        if (!g_exploring) return HEDDLE_REAL(name)(from);                                      \
        if (from == stdin) need_threads("wide letters", HEDDLE_CALLER);                        \
        auto access = library_access(__builtin_return_address(0), __builtin_frame_address(0)); \
        if (access) access.takes(from);                                                        \
        const wint_t done = HEDDLE_REAL(name)(from);                                           \
        access.returned();                                                                     \
        return done;                                                                           \
    }
HEDDLE_TAKES_LETTER(getwc)
HEDDLE_TAKES_LETTER(fgetwc)
