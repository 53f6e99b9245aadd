// What functions of libc that make no text store for the program where it tells them to, or where the next call finds it, by
// the same conventions as string_calls.h. What only succeeds or fails is written once it has succeeded.
#pragma once

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "core/trace/format_calls.h"
#include "core/trace/library_call.h"
#include "core/trace/library_state.h"

namespace heddle::trace::stores {

template <typename Access, typename T>
void stores(Access& access, T* object) {
    if (object != nullptr) access.write(object, sizeof *object);
}
template <typename Access, typename T>
void expects(Access& access, T* object) {
    if (object != nullptr) access.expect(object, sizeof *object);
}
template <typename Access, typename T>
void has_stored(Access& access, T* object, bool succeeded) {
    if (succeeded) stores(access, object);
}
// What the function returns, and the next call writes over.
template <typename Access, typename T>
void returns_kept(Access& access, T* object, LibraryState state) {
    if (object == nullptr) return;
    access.keeps(object, state);
    stores(access, object);
}
template <typename Access>
void returns_kept_text(Access& access, char* text) {
    if (text == nullptr) return;
    access.keeps(text, LibraryState::kDateText);
    access.write(text, strings::length(text) + 1);
}

// The environment, of which one call may take away what another one has found.
template <typename Access>
void looks_up(Access& access, const char* name) {
    access.read(name, strings::length(name) + 1);
    access.keeps(&environ, LibraryState::kEnvironment);
    access.read(&environ, sizeof environ);
}
template <typename Access>
void changes(Access& access, const char* name, const char* value = nullptr) {
    access.read(name, strings::length(name) + 1);
    if (value != nullptr) access.read(value, strings::length(value) + 1);
    access.keeps(&environ, LibraryState::kEnvironment);
    access.write(&environ, sizeof environ);
}

// strtok, with what it keeps from call to call where accesses to that can be told.
template <typename Access>
char* next_token(Access& access, char* (*real)(char*, const char*, char**), char* text, const char* between, char** state) {
    if (!access || (text == nullptr && *state == nullptr)) return real(text, between, state);
    access.keeps(state, LibraryState::kToken);
    strings::reads_token(access, text, between, state);
    char* const token = real(text, between, state);
    const KeptErrno kept;
    strings::wrote_token(access, token, state);
    access.show();
    return token;
}

}  // namespace heddle::trace::stores

// X(result, name, parameters, arguments, what it does beforehand, what it has done)
// clang-format off
// Of the time, which goes by what the program does in a search.
#define HEDDLE_CLOCK_CALLS(X) \
    X(time_t, time, (time_t* out), (out), stores(access, out), ) \
    X(int, gettimeofday, (timeval* out, void* zone), (out, zone), stores(access, out), ) \
    X(int, clock_gettime, (clockid_t clock, timespec* out), (clock, out), stores(access, out), ) \
    X(int, timespec_get, (timespec* out, int base), (out, base), stores(access, out), )
#define HEDDLE_STORING_CALLS(X) \
    X(tm*, localtime_r, (const time_t* from, tm* out), (from, out), access.read(from, sizeof *from); stores(access, out), ) \
    X(tm*, gmtime_r, (const time_t* from, tm* out), (from, out), access.read(from, sizeof *from); stores(access, out), ) \
    X(tm*, localtime, (const time_t* from), (from), access.read(from, sizeof *from), returns_kept(access, done, LibraryState::kDate)) \
    X(tm*, gmtime, (const time_t* from), (from), access.read(from, sizeof *from), returns_kept(access, done, LibraryState::kDate)) \
    X(char*, asctime, (const tm* date), (date), access.read(date, sizeof *date), returns_kept_text(access, done)) \
    X(char*, ctime, (const time_t* from), (from), access.read(from, sizeof *from), returns_kept_text(access, done)) \
    X(time_t, mktime, (tm* date), (date), access.read(date, sizeof *date); stores(access, date), ) \
    X(int, stat, (const char* path, struct stat* out), (path, out), access.read(path, strings::length(path) + 1); expects(access, out), has_stored(access, out, done == 0)) \
    X(int, lstat, (const char* path, struct stat* out), (path, out), access.read(path, strings::length(path) + 1); expects(access, out), has_stored(access, out, done == 0)) \
    X(int, fstat, (int fd, struct stat* out), (fd, out), expects(access, out), has_stored(access, out, done == 0)) \
    X(char*, getenv, (const char* name), (name), looks_up(access, name), ) \
    X(int, setenv, (const char* name, const char* value, int replace), (name, value, replace), changes(access, name, value), ) \
    X(int, unsetenv, (const char* name), (name), changes(access, name), ) \
    X(int, putenv, (char* text), (text), changes(access, text), ) \
    X(int, rand, (), (), access.draws(), ) \
    X(long, random, (), (), access.draws(), ) \
    X(double, drand48, (), (), access.draws(), ) \
    X(long, lrand48, (), (), access.draws(), ) \
    X(long, mrand48, (), (), access.draws(), ) \
    X(void, srand, (unsigned seed), (seed), access.draws(), ) \
    X(void, srandom, (unsigned seed), (seed), access.draws(), ) \
    X(void, srand48, (long seed), (seed), access.draws(), )
// clang-format on
