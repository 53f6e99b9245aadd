// Renderer: one call of render(). Internal. Each step consumes from the limits, so that it ends whatever memory says.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include "core/symbols/render.h"

namespace heddle::symbols {

class Renderer {
public:
    Renderer(const Image& image, std::uint64_t bias, MemoryReader& memory, const RenderLimits& limits)
        : image_(image), bias_(bias), memory_(memory), limits_(limits), reads_left_(limits.reads) {}

    Value value(TypeId id, std::uint64_t address, int depth);
    Value scalar(const Type& type, std::uint64_t bits) const;  // bits: the value's bytes, zero-extended

private:
    struct Library {
        std::string_view prefix;  // "std::vector<", or a whole name
        Value (Renderer::*render)(const Type&, std::uint64_t, int);
    };

    template <class T>
    bool read(std::uint64_t address, T& out) {
        static_assert(std::is_trivially_copyable_v<T>);
        return read_bytes(address, &out, sizeof(T));
    }
    bool read_bytes(std::uint64_t address, void* out, std::size_t bytes);
    Value unreadable() const;

    Value bit_field(const Type& type, std::uint64_t address, const Member& member);
    Value pointer(const Type& type, std::uint64_t address, int depth);
    Value reference(const Type& type, std::uint64_t address, int depth);
    Value array(const Type& type, std::uint64_t address, int depth);
    Value record(const Type& type, std::uint64_t address, int depth);
    void add_members(const Type& type, std::uint64_t address, int depth, Value& out, int bases);
    std::string quoted(std::uint64_t address, std::uint64_t bytes, bool until_zero, bool& truncated);
    std::string function_at(std::uint64_t address) const;

    static const Library* library(const Type& type);
    static bool is_of_c(std::string_view name);  // a type of POSIX's or ISO C's threads
    void add_element(Value& out, std::string name, TypeId type, std::uint64_t address, int depth);
    Value container(std::uint64_t count, Value out) const;
    Value pointing_to(std::uint64_t target, TypeId type, int depth);
    TypeId argument(const Type& type, std::size_t index) const;
    std::uint64_t size_of(TypeId id) const { return image_.type(id).size; }
    // A member of that name anywhere inside, bases included: its offset and type.
    bool find_member(const Type& type, std::string_view name, std::uint64_t& offset, TypeId& id, int depth = 0) const;

    Value std_string(const Type& type, std::uint64_t address, int depth);
    Value std_string_view(const Type& type, std::uint64_t address, int depth);
    Value std_vector(const Type& type, std::uint64_t address, int depth);
    Value std_vector_bool(const Type& type, std::uint64_t address, int depth);
    Value std_array(const Type& type, std::uint64_t address, int depth);
    Value std_deque(const Type& type, std::uint64_t address, int depth);
    Value std_adaptor(const Type& type, std::uint64_t address, int depth);
    Value std_list(const Type& type, std::uint64_t address, int depth);
    Value std_tree(const Type& type, std::uint64_t address, int depth);
    Value std_hash(const Type& type, std::uint64_t address, int depth);
    void add_node(const Type& type, std::uint64_t index, std::uint64_t payload, int depth, Value& out);
    Value std_optional(const Type& type, std::uint64_t address, int depth);
    Value std_atomic(const Type& type, std::uint64_t address, int depth);
    Value std_unique_ptr(const Type& type, std::uint64_t address, int depth);
    Value std_shared_ptr(const Type& type, std::uint64_t address, int depth);
    Value std_function(const Type& type, std::uint64_t address, int depth);
    Value std_thread(const Type& type, std::uint64_t address, int depth);
    Value std_jthread(const Type& type, std::uint64_t address, int depth);
    Value locked_by(std::uint64_t tid) const;  // 0: unknown
    Value mutex(const Type& type, std::uint64_t address, int depth);
    Value rwlock(const Type& type, std::uint64_t address, int depth);
    Value condition(const Type& type, std::uint64_t address, int depth);
    Value semaphore(const Type& type, std::uint64_t address, int depth);
    Value spin_lock(const Type& type, std::uint64_t address, int depth);
    Value barrier(const Type& type, std::uint64_t address, int depth);
    Value std_barrier(const Type& type, std::uint64_t address, int depth);
    Value latch(const Type& type, std::uint64_t address, int depth);
    Value once(const Type& type, std::uint64_t address, int depth);

    const Image& image_;
    std::uint64_t bias_;
    MemoryReader& memory_;
    RenderLimits limits_;
    std::uint32_t reads_left_;
};

}  // namespace heddle::symbols
