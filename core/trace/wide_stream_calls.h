// The same as stream_calls.h for the streams of wchar_t.
#pragma once

#include <wchar.h>

#include "core/trace/stream_calls.h"
#include "core/trace/wide_calls.h"

namespace heddle::trace::streams {

template <typename Access>
void prints_letters(Access& access, void* stream, const wchar_t* text, std::ptrdiff_t count) {
    if (count > 0) access.read(text, static_cast<std::size_t>(count) * sizeof(wchar_t));
    prints_to(access, stream);
}

}  // namespace heddle::trace::streams

// X(result, name, parameters, arguments, what it does beforehand, what it has done)
// clang-format off
#define HEDDLE_READS_WIDE_STRING(X, name, parameters, arguments) \
    X(void*, name, parameters, arguments, reads_string(access, stream, string), has_read_string<wchar_t>(access, string))
#define HEDDLE_WIDE_STREAM_CALLS(X) \
    HEDDLE_READS_VALUE(X, _ZNSt13basic_istreamIwSt11char_traitsIwEErsERi, int) \
    HEDDLE_READS_VALUE(X, _ZNSt13basic_istreamIwSt11char_traitsIwEErsERs, short) \
    HEDDLE_READS_VALUE(X, _ZNSt13basic_istreamIwSt11char_traitsIwEE10_M_extractIbEERS2_RT_, bool) \
    HEDDLE_READS_VALUE(X, _ZNSt13basic_istreamIwSt11char_traitsIwEE10_M_extractItEERS2_RT_, unsigned short) \
    HEDDLE_READS_VALUE(X, _ZNSt13basic_istreamIwSt11char_traitsIwEE10_M_extractIjEERS2_RT_, unsigned) \
    HEDDLE_READS_VALUE(X, _ZNSt13basic_istreamIwSt11char_traitsIwEE10_M_extractIlEERS2_RT_, long) \
    HEDDLE_READS_VALUE(X, _ZNSt13basic_istreamIwSt11char_traitsIwEE10_M_extractImEERS2_RT_, unsigned long) \
    HEDDLE_READS_VALUE(X, _ZNSt13basic_istreamIwSt11char_traitsIwEE10_M_extractIxEERS2_RT_, long long) \
    HEDDLE_READS_VALUE(X, _ZNSt13basic_istreamIwSt11char_traitsIwEE10_M_extractIyEERS2_RT_, unsigned long long) \
    HEDDLE_READS_VALUE(X, _ZNSt13basic_istreamIwSt11char_traitsIwEE10_M_extractIfEERS2_RT_, float) \
    HEDDLE_READS_VALUE(X, _ZNSt13basic_istreamIwSt11char_traitsIwEE10_M_extractIdEERS2_RT_, double) \
    HEDDLE_READS_VALUE(X, _ZNSt13basic_istreamIwSt11char_traitsIwEE10_M_extractIeEERS2_RT_, long double) \
    HEDDLE_READS_VALUE(X, _ZStrsIwSt11char_traitsIwEERSt13basic_istreamIT_T0_ES6_RS3_, wchar_t) \
    HEDDLE_READS_VALUE(X, _ZNSt13basic_istreamIwSt11char_traitsIwEE3getERw, wchar_t) \
    HEDDLE_READS_WIDE_STRING(X, _ZStrsIwSt11char_traitsIwESaIwEERSt13basic_istreamIT_T0_ES7_RNSt7__cxx1112basic_stringIS4_S5_T1_EE, (void* stream, void* string), (stream, string)) \
    HEDDLE_READS_WIDE_STRING(X, _ZSt7getlineIwSt11char_traitsIwESaIwEERSt13basic_istreamIT_T0_ES7_RNSt7__cxx1112basic_stringIS4_S5_T1_EE, (void* stream, void* string), (stream, string)) \
    HEDDLE_READS_WIDE_STRING(X, _ZSt7getlineIwSt11char_traitsIwESaIwEERSt13basic_istreamIT_T0_ES7_RNSt7__cxx1112basic_stringIS4_S5_T1_EES4_, (void* stream, void* string, wchar_t end), (stream, string, end)) \
    X(wint_t, _ZNSt13basic_istreamIwSt11char_traitsIwEE3getEv, (void* stream), (stream), reads_from(access, stream), ) \
    HEDDLE_PRINTS_VALUE(X, _ZNSt13basic_ostreamIwSt11char_traitsIwEElsEi, int) \
    HEDDLE_PRINTS_VALUE(X, _ZNSt13basic_ostreamIwSt11char_traitsIwEElsEs, short) \
    HEDDLE_PRINTS_VALUE(X, _ZNSt13basic_ostreamIwSt11char_traitsIwEElsEPFRS2_S3_E, void*) \
    HEDDLE_PRINTS_VALUE(X, _ZNSt13basic_ostreamIwSt11char_traitsIwEE9_M_insertIbEERS2_T_, bool) \
    HEDDLE_PRINTS_VALUE(X, _ZNSt13basic_ostreamIwSt11char_traitsIwEE9_M_insertIlEERS2_T_, long) \
    HEDDLE_PRINTS_VALUE(X, _ZNSt13basic_ostreamIwSt11char_traitsIwEE9_M_insertImEERS2_T_, unsigned long) \
    HEDDLE_PRINTS_VALUE(X, _ZNSt13basic_ostreamIwSt11char_traitsIwEE9_M_insertIxEERS2_T_, long long) \
    HEDDLE_PRINTS_VALUE(X, _ZNSt13basic_ostreamIwSt11char_traitsIwEE9_M_insertIyEERS2_T_, unsigned long long) \
    HEDDLE_PRINTS_VALUE(X, _ZNSt13basic_ostreamIwSt11char_traitsIwEE9_M_insertIdEERS2_T_, double) \
    HEDDLE_PRINTS_VALUE(X, _ZNSt13basic_ostreamIwSt11char_traitsIwEE9_M_insertIeEERS2_T_, long double) \
    HEDDLE_PRINTS_VALUE(X, _ZStlsIwSt11char_traitsIwEERSt13basic_ostreamIT_T0_ES6_S3_, wchar_t) \
    HEDDLE_PRINTS_VALUE(X, _ZNSt13basic_ostreamIwSt11char_traitsIwEE3putEw, wchar_t) \
    X(void*, _ZNSt13basic_ostreamIwSt11char_traitsIwEE5flushEv, (void* stream), (stream), prints_to(access, stream), ) \
    X(void*, _ZStlsIwSt11char_traitsIwEERSt13basic_ostreamIT_T0_ES6_PKS3_, (void* stream, const wchar_t* text), (stream, text), if (text != nullptr) access.read(text, strings::wide_bytes(text)); prints_to(access, stream), ) \
    X(void*, _ZStlsIwSt11char_traitsIwEERSt13basic_ostreamIT_T0_ES6_PKc, (void* stream, const char* text), (stream, text), if (text != nullptr) access.read(text, strings::length(text) + 1); prints_to(access, stream), ) \
    X(void*, _ZNSt13basic_ostreamIwSt11char_traitsIwEE5writeEPKwl, (void* stream, const wchar_t* text, std::ptrdiff_t count), (stream, text, count), prints_letters(access, stream, text, count), ) \
    X(void*, _ZSt16__ostream_insertIwSt11char_traitsIwEERSt13basic_ostreamIT_T0_ES6_PKS3_l, (void* stream, const wchar_t* text, std::ptrdiff_t count), (stream, text, count), prints_letters(access, stream, text, count), ) \
    X(void*, _ZStlsIwSt11char_traitsIwESaIwEERSt13basic_ostreamIT_T0_ES7_RKNSt7__cxx1112basic_stringIS4_S5_T1_EE, (void* stream, const void* string), (stream, string), prints_string<wchar_t>(access, stream, string), )
// clang-format on
