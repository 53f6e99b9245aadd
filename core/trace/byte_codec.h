// ByteWriter and ByteReader: the little-endian encoding of blobs and file sections. A reader never goes past its end: once
// a read does not fit it is failed, and everything read from then on is zero or empty. Plain values; any thread.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace heddle::trace {

static_assert(std::endian::native == std::endian::little, "the encoding is the memory of a little-endian machine");

class ByteWriter {
public:
    template <class T>
    requires std::is_arithmetic_v<T>
    void put(T value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value)); }
    void put(std::string_view text) {
        put(static_cast<std::uint32_t>(text.size()));
        bytes_.append(text);
    }
    std::string take() { return std::move(bytes_); }

private:
    std::string bytes_;
};

class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    template <class T>
    requires std::is_arithmetic_v<T>
    void get(T& value) {
        value = {};
        const std::string_view bytes = take(sizeof(T));
        if (!failed_) std::memcpy(&value, bytes.data(), sizeof(T));
    }
    void get(std::string& text) { text = get_view(); }
    std::string_view get_view() {
        std::uint32_t bytes = 0;
        get(bytes);
        return take(bytes);
    }
    // A count of items of at least `least_bytes` each: one that cannot fit in what is left fails the reader.
    std::size_t get_count(std::size_t least_bytes) {
        std::uint32_t count = 0;
        get(count);
        if (count > rest_.size() / least_bytes) failed_ = true;
        return failed_ ? 0 : count;
    }
    std::string_view take(std::size_t bytes) {
        if (failed_ || bytes > rest_.size()) {
            failed_ = true;
            return {};
        }
        const std::string_view result = rest_.substr(0, bytes);
        rest_.remove_prefix(bytes);
        return result;
    }
    bool failed() const { return failed_; }
    bool complete() const { return !failed_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool failed_ = false;
};

}  // namespace heddle::trace
