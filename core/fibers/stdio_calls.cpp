// The functions of <stdio.h> and <stdlib.h> that read and write the program's memory, called from code with hooks. Those that
// print to a stream: output.cpp.
#include "core/fibers/library_access.h"
#include "core/trace/format_calls.h"

namespace heddle::fibers {
namespace {

using namespace trace::strings;

HEDDLE_FORMAT_CALLS(HEDDLE_DEFINE_FORMAT_CALL)
HEDDLE_STDIO_CALLS(HEDDLE_DEFINE_LIBRARY_CALL)
HEDDLE_DEFINE_LIBRARY_CALL(int, fgetc, (FILE * from), (from), access.takes(from), )
HEDDLE_DEFINE_LIBRARY_CALL(int, getc, (FILE * from), (from), access.takes(from), )

}  // namespace
}  // namespace heddle::fibers
