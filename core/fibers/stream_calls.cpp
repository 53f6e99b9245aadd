// The input and output streams of the C++ library, called from code with hooks.
#include "core/trace/wide_stream_calls.h"

#include "core/fibers/library_access.h"

namespace heddle::fibers {
namespace {

using namespace trace::streams;
namespace strings = trace::strings;

HEDDLE_STREAM_CALLS(HEDDLE_DEFINE_LIBRARY_CALL)
HEDDLE_WIDE_STREAM_CALLS(HEDDLE_DEFINE_LIBRARY_CALL)

}  // namespace
}  // namespace heddle::fibers
