// What the input and output streams of libstdc++ read and write for the program, by the same conventions as string_calls.h. The
// streams' own functions are in the library, without hooks; what they do to the stream itself is told as a write of its
// position.
#pragma once

#include <dlfcn.h>

#include <cstddef>
#include <cstdint>

#include "core/trace/library_call.h"
#include "core/trace/string_calls.h"

namespace heddle::trace::streams {

// By the ABI of libstdc++, on 64 bits: the stream's virtual base std::ios, which holds the pointer to its buffer; and the
// buffer's positions.
inline constexpr std::ptrdiff_t kBaseOffset = -24;
inline constexpr std::size_t kBuffer = 232, kReadPosition = 16, kWritePosition = 40;

template <typename T>
T at(const void* object, std::ptrdiff_t offset) {
    T value;
    __builtin_memcpy(&value, static_cast<const char*>(object) + offset, sizeof value);
    return value;
}

// The standard ones may be used by several threads at once (C++ [iostream.objects]).
inline bool is_standard(const void* stream) {
    static const void* const standard[] = {::dlsym(RTLD_DEFAULT, "_ZSt3cin"),   ::dlsym(RTLD_DEFAULT, "_ZSt4cout"),
                                           ::dlsym(RTLD_DEFAULT, "_ZSt4cerr"),  ::dlsym(RTLD_DEFAULT, "_ZSt4clog"),
                                           ::dlsym(RTLD_DEFAULT, "_ZSt4wcin"),  ::dlsym(RTLD_DEFAULT, "_ZSt5wcout"),
                                           ::dlsym(RTLD_DEFAULT, "_ZSt5wcerr"), ::dlsym(RTLD_DEFAULT, "_ZSt5wclog")};
    for (const void* each : standard)
        if (each == stream) return true;
    return false;
}

template <typename Access>
void uses(Access& access, void* stream, std::size_t position) {
    if (is_standard(stream)) return;
    const char* const base = static_cast<const char*>(stream) + at<std::ptrdiff_t>(at<void*>(stream, 0), kBaseOffset);
    if (char* const buffer = at<char*>(base, kBuffer)) access.write(buffer + position, sizeof(void*));
}
template <typename Access>
void reads_from(Access& access, void* stream) {
    uses(access, stream, kReadPosition);
}
template <typename Access>
void prints_to(Access& access, void* stream) {
    uses(access, stream, kWritePosition);
}

// A std::string: where its text is, how long it is, and room for a short one.
inline constexpr std::size_t kStringBytes = 32;
inline char* text_of(const void* string) {
    return at<char*>(string, 0);
}
inline std::size_t length_of(const void* string) {
    return at<std::size_t>(string, sizeof(char*));
}
inline bool holds_its_text(const void* string) {
    return text_of(string) == static_cast<const char*>(string) + 2 * sizeof(void*);
}

template <typename Letter = char, typename Access>
void prints_string(Access& access, void* stream, const void* string) {
    access.read(string, 2 * sizeof(void*));
    access.read(text_of(string), length_of(string) * sizeof(Letter));
    prints_to(access, stream);
}
template <typename Access>
void reads_string(Access& access, void* stream, void* string) {
    reads_from(access, stream);
    access.write(string, kStringBytes);
}
template <typename Letter = char, typename Access>
void has_read_string(Access& access, void* string) {
    char* const text = text_of(string);
    if (!holds_its_text(string) && text != nullptr) access.write(text, (length_of(string) + 1) * sizeof(Letter));
}
template <typename Access>
void reads_text(Access& access, void* stream, char* to, std::ptrdiff_t room) {
    reads_from(access, stream);
    access.expect(to, room > 0 ? static_cast<std::size_t>(room) : 0);
}
template <typename Access>
void has_read_text(Access& access, char* to, std::ptrdiff_t room) {
    if (room > 0) access.write(to, strings::length(to) + 1);
}
// How many characters the last unformatted read got: in the stream's first word behind its pointer to the table of functions.
inline std::size_t got(const void* stream) {
    return at<std::size_t>(stream, sizeof(void*));
}

}  // namespace heddle::trace::streams

// X(result, name, parameters, arguments, what it does beforehand, what it has done)
// clang-format off
#define HEDDLE_READS_VALUE(X, name, type) \
    X(void*, name, (void* stream, type* value), (stream, value), reads_from(access, stream); access.expect(value, sizeof *value), access.store(value, sizeof *value))
#define HEDDLE_PRINTS_VALUE(X, name, type) \
    X(void*, name, (void* stream, type value), (stream, value), prints_to(access, stream), )
#define HEDDLE_READS_STRING(X, name, parameters, arguments) \
    X(void*, name, parameters, arguments, reads_string(access, stream, string), has_read_string(access, string))
#define HEDDLE_READS_TEXT(X, name, parameters, arguments) \
    X(void*, name, parameters, arguments, reads_text(access, stream, to, room), has_read_text(access, to, room))
#define HEDDLE_STREAM_CALLS(X) \
    HEDDLE_READS_VALUE(X, _ZNSirsERb, bool) \
    HEDDLE_READS_VALUE(X, _ZNSirsERs, short) \
    HEDDLE_READS_VALUE(X, _ZNSirsERt, unsigned short) \
    HEDDLE_READS_VALUE(X, _ZNSirsERi, int) \
    HEDDLE_READS_VALUE(X, _ZNSirsERj, unsigned) \
    HEDDLE_READS_VALUE(X, _ZNSirsERl, long) \
    HEDDLE_READS_VALUE(X, _ZNSirsERm, unsigned long) \
    HEDDLE_READS_VALUE(X, _ZNSirsERx, long long) \
    HEDDLE_READS_VALUE(X, _ZNSirsERy, unsigned long long) \
    HEDDLE_READS_VALUE(X, _ZNSirsERf, float) \
    HEDDLE_READS_VALUE(X, _ZNSirsERd, double) \
    HEDDLE_READS_VALUE(X, _ZNSirsERe, long double) \
    HEDDLE_READS_VALUE(X, _ZNSirsERPv, void*) \
    HEDDLE_READS_VALUE(X, _ZNSi10_M_extractIbEERSiRT_, bool) \
    HEDDLE_READS_VALUE(X, _ZNSi10_M_extractItEERSiRT_, unsigned short) \
    HEDDLE_READS_VALUE(X, _ZNSi10_M_extractIjEERSiRT_, unsigned) \
    HEDDLE_READS_VALUE(X, _ZNSi10_M_extractIlEERSiRT_, long) \
    HEDDLE_READS_VALUE(X, _ZNSi10_M_extractImEERSiRT_, unsigned long) \
    HEDDLE_READS_VALUE(X, _ZNSi10_M_extractIxEERSiRT_, long long) \
    HEDDLE_READS_VALUE(X, _ZNSi10_M_extractIyEERSiRT_, unsigned long long) \
    HEDDLE_READS_VALUE(X, _ZNSi10_M_extractIfEERSiRT_, float) \
    HEDDLE_READS_VALUE(X, _ZNSi10_M_extractIdEERSiRT_, double) \
    HEDDLE_READS_VALUE(X, _ZNSi10_M_extractIeEERSiRT_, long double) \
    HEDDLE_READS_VALUE(X, _ZNSi10_M_extractIPvEERSiRT_, void*) \
    HEDDLE_READS_VALUE(X, _ZStrsIcSt11char_traitsIcEERSt13basic_istreamIT_T0_ES6_RS3_, char) \
    HEDDLE_READS_VALUE(X, _ZNSi3getERc, char) \
    HEDDLE_READS_STRING(X, _ZStrsIcSt11char_traitsIcESaIcEERSt13basic_istreamIT_T0_ES7_RNSt7__cxx1112basic_stringIS4_S5_T1_EE, (void* stream, void* string), (stream, string)) \
    HEDDLE_READS_STRING(X, _ZSt7getlineIcSt11char_traitsIcESaIcEERSt13basic_istreamIT_T0_ES7_RNSt7__cxx1112basic_stringIS4_S5_T1_EE, (void* stream, void* string), (stream, string)) \
    HEDDLE_READS_STRING(X, _ZSt7getlineIcSt11char_traitsIcESaIcEERSt13basic_istreamIT_T0_ES7_RNSt7__cxx1112basic_stringIS4_S5_T1_EES4_, (void* stream, void* string, char end), (stream, string, end)) \
    HEDDLE_READS_TEXT(X, _ZNSi3getEPcl, (void* stream, char* to, std::ptrdiff_t room), (stream, to, room)) \
    HEDDLE_READS_TEXT(X, _ZNSi3getEPclc, (void* stream, char* to, std::ptrdiff_t room, char end), (stream, to, room, end)) \
    HEDDLE_READS_TEXT(X, _ZNSi7getlineEPcl, (void* stream, char* to, std::ptrdiff_t room), (stream, to, room)) \
    HEDDLE_READS_TEXT(X, _ZNSi7getlineEPclc, (void* stream, char* to, std::ptrdiff_t room, char end), (stream, to, room, end)) \
    X(void*, _ZNSi4readEPcl, (void* stream, char* to, std::ptrdiff_t room), (stream, to, room), reads_text(access, stream, to, room), access.write(to, got(stream))) \
    X(int, _ZNSi3getEv, (void* stream), (stream), reads_from(access, stream), ) \
    X(void*, _ZNSi6ignoreEl, (void* stream, std::ptrdiff_t most), (stream, most), reads_from(access, stream), ) \
    X(void*, _ZNSi6ignoreEli, (void* stream, std::ptrdiff_t most, int end), (stream, most, end), reads_from(access, stream), ) \
    X(void*, _ZNSi6ignoreEv, (void* stream), (stream), reads_from(access, stream), ) \
    HEDDLE_PRINTS_VALUE(X, _ZNSolsEb, bool) \
    HEDDLE_PRINTS_VALUE(X, _ZNSolsEs, short) \
    HEDDLE_PRINTS_VALUE(X, _ZNSolsEt, unsigned short) \
    HEDDLE_PRINTS_VALUE(X, _ZNSolsEi, int) \
    HEDDLE_PRINTS_VALUE(X, _ZNSolsEj, unsigned) \
    HEDDLE_PRINTS_VALUE(X, _ZNSolsEl, long) \
    HEDDLE_PRINTS_VALUE(X, _ZNSolsEm, unsigned long) \
    HEDDLE_PRINTS_VALUE(X, _ZNSolsEx, long long) \
    HEDDLE_PRINTS_VALUE(X, _ZNSolsEy, unsigned long long) \
    HEDDLE_PRINTS_VALUE(X, _ZNSolsEf, float) \
    HEDDLE_PRINTS_VALUE(X, _ZNSolsEd, double) \
    HEDDLE_PRINTS_VALUE(X, _ZNSolsEe, long double) \
    HEDDLE_PRINTS_VALUE(X, _ZNSolsEPKv, const void*) \
    HEDDLE_PRINTS_VALUE(X, _ZNSolsEPFRSoS_E, void*) \
    HEDDLE_PRINTS_VALUE(X, _ZNSo9_M_insertIbEERSoT_, bool) \
    HEDDLE_PRINTS_VALUE(X, _ZNSo9_M_insertIlEERSoT_, long) \
    HEDDLE_PRINTS_VALUE(X, _ZNSo9_M_insertImEERSoT_, unsigned long) \
    HEDDLE_PRINTS_VALUE(X, _ZNSo9_M_insertIxEERSoT_, long long) \
    HEDDLE_PRINTS_VALUE(X, _ZNSo9_M_insertIyEERSoT_, unsigned long long) \
    HEDDLE_PRINTS_VALUE(X, _ZNSo9_M_insertIdEERSoT_, double) \
    HEDDLE_PRINTS_VALUE(X, _ZNSo9_M_insertIeEERSoT_, long double) \
    HEDDLE_PRINTS_VALUE(X, _ZNSo9_M_insertIPKvEERSoT_, const void*) \
    HEDDLE_PRINTS_VALUE(X, _ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_c, char) \
    HEDDLE_PRINTS_VALUE(X, _ZNSo3putEc, char) \
    X(void*, _ZNSo5flushEv, (void* stream), (stream), prints_to(access, stream), ) \
    X(void*, _ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_PKc, (void* stream, const char* text), (stream, text), if (text != nullptr) access.read(text, strings::length(text) + 1); prints_to(access, stream), ) \
    X(void*, _ZNSo5writeEPKcl, (void* stream, const char* text, std::ptrdiff_t length), (stream, text, length), if (length > 0) access.read(text, static_cast<std::size_t>(length)); prints_to(access, stream), ) \
    X(void*, _ZSt16__ostream_insertIcSt11char_traitsIcEERSt13basic_ostreamIT_T0_ES6_PKS3_l, (void* stream, const char* text, std::ptrdiff_t length), (stream, text, length), if (length > 0) access.read(text, static_cast<std::size_t>(length)); prints_to(access, stream), ) \
    X(void*, _ZStlsIcSt11char_traitsIcESaIcEERSt13basic_ostreamIT_T0_ES7_RKNSt7__cxx1112basic_stringIS4_S5_T1_EE, (void* stream, const void* string), (stream, string), prints_string(access, stream, string), )
// clang-format on
