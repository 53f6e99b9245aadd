#include "core/model/memory_image.h"

#include <algorithm>
#include <cstring>

namespace heddle::model {
namespace {

constexpr std::uint64_t kLongestForget = 1U << 20;

std::uint16_t narrow(Number writer) {
    return writer > 0 && writer < 65535 ? static_cast<std::uint16_t>(writer) : 0;
}

}  // namespace

MemoryImage::MemoryImage(const MemoryImage& other)
    : areas_(other.areas_), pieces_(other.pieces_), copied_bytes_(other.copied_bytes_) {
    other.hot_ = {};  // its pieces are shared from now on
}

MemoryImage& MemoryImage::operator=(const MemoryImage& other) {
    if (this == &other) return *this;
    areas_ = other.areas_;
    pieces_ = other.pieces_;
    copied_bytes_ = other.copied_bytes_;
    hot_ = {};
    other.hot_ = {};
    return *this;
}

void MemoryImage::clear() {
    areas_.clear();
    pieces_ = 0;
    hot_ = {};
}

const MemoryImage::Piece* MemoryImage::find(std::uint64_t piece_key) const {
    const std::uint64_t key = piece_key >> kAreaBits;
    const auto at =
        std::lower_bound(areas_.begin(), areas_.end(), key, [](const AreaRef& a, std::uint64_t k) { return a.key < k; });
    if (at == areas_.end() || at->key != key) return nullptr;
    return at->area->pieces[piece_key & (kAreaPieces - 1)].get();
}

MemoryImage::Piece* MemoryImage::writable(std::uint64_t piece_key) {
    Hot& hot = hot_[(piece_key ^ (piece_key >> 4)) & (kHot - 1)];
    if (hot.key != piece_key) {
        hot.piece = make_writable(piece_key);
        hot.key = hot.piece ? piece_key : ~std::uint64_t{0};
    }
    return hot.piece;
}

MemoryImage::Piece* MemoryImage::make_writable(std::uint64_t piece_key) {
    const std::uint64_t key = piece_key >> kAreaBits;
    auto at = std::lower_bound(areas_.begin(), areas_.end(), key, [](const AreaRef& a, std::uint64_t k) { return a.key < k; });
    if (at == areas_.end() || at->key != key) {
        if (pieces_ >= kMostPieces) return nullptr;
        at = areas_.insert(at, AreaRef{key, std::make_shared<Area>()});
    } else if (at->area.use_count() != 1) {
        at->area = std::make_shared<Area>(*at->area);
        copied_bytes_ += sizeof(Area);
    }
    auto& piece = at->area->pieces[piece_key & (kAreaPieces - 1)];
    if (!piece) {
        if (pieces_ >= kMostPieces) return nullptr;
        piece = std::make_shared<Piece>();
        ++pieces_;
    } else if (piece.use_count() != 1) {
        piece = std::make_shared<Piece>(*piece);
        copied_bytes_ += sizeof(Piece);
    }
    return piece.get();
}

// Calls edit(piece, first byte in it, bytes, offset from `address`) for each piece of the range.
template <class Edit>
void MemoryImage::edit(std::uint64_t address, std::uint64_t size, Edit&& edit) {
    if (size > ~std::uint64_t{0} - address) return;  // wraps around: not an address of user space
    for (std::uint64_t done = 0; done < size;) {
        const std::uint64_t here = address + done;
        const std::uint64_t first = here & (kPieceBytes - 1);
        const std::uint64_t count = std::min(kPieceBytes - first, size - done);
        if (Piece* piece = writable(here >> kPieceBits)) edit(*piece, first, count, done);
        done += count;
    }
}

void MemoryImage::store(std::uint64_t address, std::uint64_t size, std::uint64_t value, Number writer) {
    const std::uint64_t shown = std::min<std::uint64_t>(size, 8);
    edit(address, shown, [&](Piece& piece, std::uint64_t first, std::uint64_t count, std::uint64_t done) {
        std::memcpy(piece.bytes.data() + first, reinterpret_cast<const char*>(&value) + done, count);
        for (std::uint64_t i = first; i < first + count; ++i) piece.known[i] = true;
        piece.writer[first / 8] = narrow(writer);
        piece.writer[(first + count - 1) / 8] = narrow(writer);
    });
    if (size > shown) forget(address + shown, size - shown, writer);
}

void MemoryImage::observe(std::uint64_t address, std::uint64_t size, std::uint64_t value) {
    observe_bytes(address, {reinterpret_cast<const char*>(&value), static_cast<std::size_t>(std::min<std::uint64_t>(size, 8))});
}

void MemoryImage::observe_bytes(std::uint64_t address, std::string_view bytes) {
    edit(address, bytes.size(), [&](Piece& piece, std::uint64_t first, std::uint64_t count, std::uint64_t done) {
        const char* seen = bytes.data() + done;
        if (std::memcmp(piece.bytes.data() + first, seen, count) != 0) {
            for (std::uint64_t i = 0; i < count; ++i) {
                if (piece.known[first + i] && piece.bytes[first + i] != static_cast<std::byte>(seen[i]))
                    piece.writer[(first + i) / 8] = 0;
            }
            std::memcpy(piece.bytes.data() + first, seen, count);
        }
        for (std::uint64_t i = first; i < first + count; ++i) piece.known[i] = true;
    });
}

void MemoryImage::forget(std::uint64_t address, std::uint64_t size, Number writer) {
    edit(address, std::min(size, kLongestForget), [&](Piece& piece, std::uint64_t first, std::uint64_t count, std::uint64_t) {
        for (std::uint64_t i = first; i < first + count; ++i) {
            piece.known[i] = false;
            piece.writer[i / 8] = narrow(writer);
        }
    });
}

void MemoryImage::read(std::uint64_t address, std::span<std::byte> bytes, std::span<bool> known) const {
    const Piece* piece = nullptr;
    std::uint64_t key = ~std::uint64_t{0};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::uint64_t here = address + i;
        if (here >> kPieceBits != key) {
            key = here >> kPieceBits;
            piece = find(key);
        }
        const std::size_t at = here & (kPieceBytes - 1);
        if (piece && piece->known[at]) {
            bytes[i] = piece->bytes[at];
            known[i] = true;
        }
    }
}

Number MemoryImage::last_writer(std::uint64_t address, std::uint64_t size) const {
    Number writer = kNobody;
    for (std::uint64_t here = address & ~std::uint64_t{7}; here < address + size; here += 8) {
        const Piece* piece = find(here >> kPieceBits);
        if (piece && piece->writer[(here & (kPieceBytes - 1)) / 8] != 0) writer = piece->writer[(here & (kPieceBytes - 1)) / 8];
    }
    return writer;
}

}  // namespace heddle::model
