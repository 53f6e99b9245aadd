// MemoryImage: the bytes of one process's memory as far as events have shown them, and who wrote them last. Copying one is
// cheap: pieces of 256 bytes are shared until written, which is also what fork does. Called by World on the session's thread.
// It never guesses: a byte that no event has shown is unknown.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/model/snapshot.h"

namespace heddle::model {

class MemoryImage {
public:
    // Places beyond this many pieces (64 MiB) are not remembered: a program that touches all of memory must not fill ours.
    static constexpr std::size_t kMostPieces = 262144;

    MemoryImage() = default;
    MemoryImage(const MemoryImage& other);
    MemoryImage& operator=(const MemoryImage& other);
    ~MemoryImage() = default;

    // `writer` wrote the first min(size, 8) bytes of `value` (little endian) at `address`; the rest of `size` is unknown from
    // now on.
    void store(std::uint64_t address, std::uint64_t size, std::uint64_t value, Number writer);
    // The same bytes were seen there. Where they differ from what was known, their writer is unknown.
    void observe(std::uint64_t address, std::uint64_t size, std::uint64_t value);
    void observe_bytes(std::uint64_t address, std::string_view bytes);
    // Something wrote this range, but what is not known.
    void forget(std::uint64_t address, std::uint64_t size, Number writer);
    void clear();

    // Fills `bytes` and sets known[i] where the byte is known.
    void read(std::uint64_t address, std::span<std::byte> bytes, std::span<bool> known) const;
    Number last_writer(std::uint64_t address, std::uint64_t size) const;  // of the last byte written in this range's words

    std::size_t pieces() const { return pieces_; }
    std::uint64_t copied_bytes() const { return copied_bytes_; }  // ever copied because a copy of this image shared them

private:
    static constexpr unsigned kPieceBits = 8;
    static constexpr std::uint64_t kPieceBytes = 1U << kPieceBits;
    static constexpr unsigned kAreaBits = 8;  // pieces in an area
    static constexpr std::size_t kAreaPieces = 1U << kAreaBits;

    struct Piece {
        std::array<std::byte, kPieceBytes> bytes{};
        std::bitset<kPieceBytes> known;
        std::array<std::uint16_t, kPieceBytes / 8> writer{};  // per 8 bytes; 65535 and above: nobody
    };
    struct Area {
        std::array<std::shared_ptr<Piece>, kAreaPieces> pieces;
    };
    struct AreaRef {
        std::uint64_t key;  // address >> (kPieceBits + kAreaBits)
        std::shared_ptr<Area> area;
    };
    // Pieces known to be owned by this image alone since its last copy.
    struct Hot {
        std::uint64_t key = ~std::uint64_t{0};
        Piece* piece = nullptr;
    };
    static constexpr std::size_t kHot = 16;

    Piece* writable(std::uint64_t piece_key);
    Piece* make_writable(std::uint64_t piece_key);
    const Piece* find(std::uint64_t piece_key) const;
    template <class Edit>
    void edit(std::uint64_t address, std::uint64_t size, Edit&& edit);

    std::vector<AreaRef> areas_;  // ascending keys
    std::size_t pieces_ = 0;
    std::uint64_t copied_bytes_ = 0;
    mutable std::array<Hot, kHot> hot_{};
};

}  // namespace heddle::model
