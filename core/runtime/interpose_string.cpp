// The functions of <string.h>, called from code with hooks: accesses like any other.
#include "core/trace/string_calls.h"

#include "core/runtime/library_access.h"
#include "core/trace/library_call.h"

namespace heddle::runtime {
namespace {

using namespace trace::strings;

#define HEDDLE_DEFINE(result, name, parameters, arguments, ...) \
    HEDDLE_DEFINE_LIBRARY_CALL(result, name, parameters, arguments, __VA_ARGS__, )
HEDDLE_STRING_CALLS(HEDDLE_DEFINE)
#undef HEDDLE_DEFINE

}  // namespace
}  // namespace heddle::runtime
