// Values of the standard library's containers and owners, by libstdc++ 12's layouts (bits/stl_*.h); they are fixed by its ABI.
#include <algorithm>
#include <array>

#include "core/symbols/renderer.h"
#include "core/symbols/scalar_text.h"

namespace heddle::symbols {
namespace {

constexpr std::uint64_t kPointer = 8;

std::string index_name(std::uint64_t index) {
    return "[" + std::to_string(index) + "]";
}

std::uint64_t round_up(std::uint64_t value, std::uint64_t alignment) {
    return (value + alignment - 1) / alignment * alignment;
}

}  // namespace

bool Renderer::is_of_c(std::string_view name) {
    return name.starts_with("pthread_") || name == "sem_t" || name == "mtx_t" || name == "cnd_t" || name == "once_flag";
}

const Renderer::Library* Renderer::library(const Type& type) {
    static constexpr std::array<Library, 49> kLibrary = {{
        {"std::string", &Renderer::std_string},
        {"std::string_view", &Renderer::std_string_view},
        {"std::vector<bool>", &Renderer::std_vector_bool},
        {"std::vector<", &Renderer::std_vector},
        {"std::array<", &Renderer::std_array},
        {"std::deque<", &Renderer::std_deque},
        {"std::queue<", &Renderer::std_adaptor},
        {"std::stack<", &Renderer::std_adaptor},
        {"std::priority_queue<", &Renderer::std_adaptor},
        {"std::list<", &Renderer::std_list},
        {"std::map<", &Renderer::std_tree},
        {"std::set<", &Renderer::std_tree},
        {"std::multimap<", &Renderer::std_tree},
        {"std::multiset<", &Renderer::std_tree},
        {"std::unordered_map<", &Renderer::std_hash},
        {"std::unordered_set<", &Renderer::std_hash},
        {"std::optional<", &Renderer::std_optional},
        {"std::atomic<", &Renderer::std_atomic},
        {"std::atomic_flag", &Renderer::std_atomic},
        {"std::unique_ptr<", &Renderer::std_unique_ptr},
        {"std::shared_ptr<", &Renderer::std_shared_ptr},
        {"std::weak_ptr<", &Renderer::std_shared_ptr},
        {"std::function<", &Renderer::std_function},
        {"std::thread", &Renderer::std_thread},
        {"std::jthread", &Renderer::std_jthread},
        {"std::thread::id", &Renderer::std_thread},
        {"std::mutex", &Renderer::mutex},
        {"std::recursive_mutex", &Renderer::mutex},
        {"std::timed_mutex", &Renderer::mutex},
        {"std::recursive_timed_mutex", &Renderer::mutex},
        {"pthread_mutex_t", &Renderer::mutex},
        {"std::shared_mutex", &Renderer::rwlock},
        {"std::shared_timed_mutex", &Renderer::rwlock},
        {"pthread_rwlock_t", &Renderer::rwlock},
        {"std::condition_variable", &Renderer::condition},
        {"std::condition_variable_any", &Renderer::condition},
        {"pthread_cond_t", &Renderer::condition},
        {"sem_t", &Renderer::semaphore},
        {"std::counting_semaphore<", &Renderer::semaphore},
        {"std::binary_semaphore", &Renderer::semaphore},
        {"pthread_spinlock_t", &Renderer::spin_lock},
        {"pthread_barrier_t", &Renderer::barrier},
        {"std::barrier<", &Renderer::std_barrier},
        {"std::latch", &Renderer::latch},
        {"pthread_once_t", &Renderer::once},
        {"std::once_flag", &Renderer::once},
        {"mtx_t", &Renderer::mutex},
        {"cnd_t", &Renderer::condition},
        {"once_flag", &Renderer::once},
    }};
    if (!type.name.starts_with("std::") && !is_of_c(type.name)) return nullptr;
    for (const Library& known : kLibrary) {
        const bool whole = !known.prefix.ends_with('<');
        const bool matches =
            whole ? type.name == known.prefix : type.name.starts_with(known.prefix) && type.name.ends_with('>');
        // "std::vector<int>::iterator" is no vector: its '>' closes what the name opened only if nothing follows.
        if (matches && (whole || type.name.find(">::") == std::string::npos)) return &known;
    }
    return nullptr;
}

TypeId Renderer::argument(const Type& type, std::size_t index) const {
    return index < type.arguments.size() ? type.arguments[index] : kVoidType;
}

bool Renderer::find_member(const Type& type, std::string_view name, std::uint64_t& offset, TypeId& id, int depth) const {
    if (depth > 12) return false;
    for (const Member& member : type.members) {
        if (member.name == name && !member.is_base) {
            offset = member.offset;
            id = member.type;
            return true;
        }
    }
    for (const Member& member : type.members) {
        const Type& inner = image_.type(image_.strip(member.type));
        if (inner.kind != TypeKind::kRecord && inner.kind != TypeKind::kUnion) continue;
        if (find_member(inner, name, offset, id, depth + 1)) {
            offset += member.offset;
            return true;
        }
    }
    return false;
}

Value Renderer::std_string(const Type&, std::uint64_t address, int) {
    std::array<std::uint64_t, 2> header{};  // data, size
    Value value;
    if (!read(address, header)) return unreadable();
    value.text = quoted(header[0], header[1], false, value.truncated);
    if (value.text.empty()) return unreadable();
    value.pointee = header[0];
    return value;
}

Value Renderer::std_string_view(const Type&, std::uint64_t address, int) {
    std::array<std::uint64_t, 2> header{};  // size, data
    Value value;
    if (!read(address, header)) return unreadable();
    value.text = quoted(header[1], header[0], false, value.truncated);
    if (value.text.empty()) return unreadable();
    value.pointee = header[1];
    return value;
}

Value Renderer::std_vector(const Type& type, std::uint64_t address, int depth) {
    std::array<std::uint64_t, 3> ends{};  // start, finish, end of storage
    const TypeId element = argument(type, 0);
    const std::uint64_t size = size_of(element);
    if (!read(address, ends) || size == 0 || ends[1] < ends[0] || ends[2] < ends[1]) return unreadable();
    const std::uint64_t count = (ends[1] - ends[0]) / size;
    Value out;
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, limits_.elements) && reads_left_ > 0; ++i) {
        add_element(out, index_name(i), element, ends[0] + i * size, depth);
    }
    out.pointee = ends[0];
    return container(count, std::move(out));
}

Value Renderer::std_vector_bool(const Type&, std::uint64_t address, int) {
    std::array<std::uint64_t, 4> ends{};  // first word, bit in it, last word, bit in it
    if (!read(address, ends) || ends[2] < ends[0]) return unreadable();
    const std::uint64_t words = (ends[2] - ends[0]) / 8;
    if (words > (UINT64_MAX >> 8)) return unreadable();
    const std::uint64_t count = words * 64 + (ends[3] & 63);
    Value out;
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, limits_.elements); ++i) {
        std::uint64_t word = 0;
        if (!read(ends[0] + i / 64 * 8, word)) return unreadable();
        Value bit;
        bit.text = (word >> (i % 64) & 1) != 0 ? "true" : "false";
        out.children.push_back({index_name(i), kVoidType, ends[0] + i / 8, std::move(bit)});
    }
    return container(count, std::move(out));
}

Value Renderer::std_array(const Type& type, std::uint64_t address, int depth) {
    std::uint64_t offset = 0;
    TypeId elements;
    if (!find_member(type, "_M_elems", offset, elements)) return container(0, {});
    return value(elements, address + offset, depth);
}

Value Renderer::std_deque(const Type& type, std::uint64_t address, int depth) {
    // map, map size, start {current, first, last, node}, finish {the same}
    std::array<std::uint64_t, 10> words{};
    const TypeId element = argument(type, 0);
    const std::uint64_t size = size_of(element);
    if (!read(address, words) || size == 0) return unreadable();
    const std::uint64_t per_node = size < 512 ? 512 / size : 1;
    const std::uint64_t current = words[2], last = words[4], node = words[5];
    if (words[9] < node || words[6] < words[7] || last < current) return unreadable();
    const std::uint64_t nodes = (words[9] - node) / kPointer;
    if (nodes > (UINT64_MAX >> 16)) return unreadable();
    const std::uint64_t count = nodes == 0 ? (words[6] - current) / size
                                           : per_node * (nodes - 1) + (words[6] - words[7]) / size + (last - current) / size;
    Value out;
    const std::uint64_t skipped = (current - words[3]) / size;
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, limits_.elements) && reads_left_ > 0; ++i) {
        const std::uint64_t position = skipped + i;
        std::uint64_t first = 0;
        if (!read(node + position / per_node * kPointer, first)) return unreadable();
        add_element(out, index_name(i), element, first + position % per_node * size, depth);
    }
    return container(count, std::move(out));
}

Value Renderer::std_adaptor(const Type& type, std::uint64_t address, int depth) {
    std::uint64_t offset = 0;
    TypeId inner;
    if (!find_member(type, "c", offset, inner)) return unreadable();
    return value(inner, address + offset, depth);
}

Value Renderer::std_list(const Type& type, std::uint64_t address, int depth) {
    std::array<std::uint64_t, 3> header{};  // next, previous, count
    if (!read(address, header)) return unreadable();
    const TypeId element = argument(type, 0);
    const std::uint64_t offset = round_up(16, image_.alignment(element));
    Value out;
    std::uint64_t node = header[0];
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(header[2], limits_.elements) && node != address; ++i) {
        add_element(out, index_name(i), element, node + offset, depth);
        if (!read(node, node)) break;
    }
    return container(header[2], std::move(out));
}

// A node of a map holds a key and a value, named by the key; a node of a set its element.
void Renderer::add_node(const Type& type, std::uint64_t index, std::uint64_t payload, int depth, Value& out) {
    const TypeId key = argument(type, 0);
    if (type.name.find("map<") == std::string::npos) return add_element(out, index_name(index), key, payload, depth);
    const TypeId mapped = argument(type, 1);
    const std::string name = "[" + value(key, payload, depth + 1).text + "]";
    add_element(out, name, mapped, payload + round_up(size_of(key), image_.alignment(mapped)), depth);
}

Value Renderer::std_tree(const Type& type, std::uint64_t address, int depth) {
    // comparator, header node {colour, parent, left, right}, count; a node's payload follows its own four words
    std::array<std::uint64_t, 6> words{};
    if (!read(address, words)) return unreadable();
    const std::uint64_t header = address + 8;
    const std::uint64_t count = words[5];
    Value out;
    std::uint64_t node = words[3];
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, limits_.elements) && node != header && node != 0; ++i) {
        add_node(type, i, node + 32, depth, out);
        std::uint64_t next = 0;
        if (!read(node + 24, next)) break;
        if (next != 0) {  // the leftmost of the right subtree
            for (std::uint64_t left = next; left != 0 && read(next + 16, left);) next = left != 0 ? left : next;
            node = next;
            if (reads_left_ == 0) break;
        } else {  // up, until coming from a left child
            std::uint64_t parent = 0;
            std::uint64_t right = 0;
            bool ok = read(node + 8, parent);
            while (ok && parent != header && read(parent + 24, right) && right == node) {
                node = parent;
                ok = read(node + 8, parent);
            }
            if (!ok || reads_left_ == 0) break;
            node = parent;
        }
    }
    return container(count, std::move(out));
}

Value Renderer::std_hash(const Type& type, std::uint64_t address, int depth) {
    std::array<std::uint64_t, 4> words{};  // buckets, their number, first node, count
    if (!read(address, words)) return unreadable();
    const std::uint64_t alignment = std::max(image_.alignment(argument(type, 0)), image_.alignment(argument(type, 1)));
    Value out;
    std::uint64_t node = words[2];
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(words[3], limits_.elements) && node != 0; ++i) {
        add_node(type, i, node + round_up(8, alignment), depth, out);
        if (!read(node, node)) break;
    }
    return container(words[3], std::move(out));
}

Value Renderer::std_optional(const Type& type, std::uint64_t address, int depth) {
    std::uint64_t offset = 0;
    TypeId flag_type;
    const TypeId held = argument(type, 0);
    if (!find_member(type, "_M_engaged", offset, flag_type)) offset = size_of(held);
    std::uint8_t engaged = 0;
    if (!read(address + offset, engaged)) return unreadable();
    if (engaged != 0) return value(held, address, depth);
    Value none;
    none.text = "nullopt";
    none.note = ValueNote::kEmpty;
    return none;
}

Value Renderer::std_atomic(const Type& type, std::uint64_t address, int depth) {
    if (!type.arguments.empty()) return value(type.arguments[0], address, depth);
    std::uint8_t flag = 0;  // std::atomic_flag
    if (!read(address, flag)) return unreadable();
    Value out;
    out.text = flag != 0 ? "true" : "false";
    return out;
}

Value Renderer::std_unique_ptr(const Type& type, std::uint64_t address, int depth) {
    std::uint64_t target = 0;
    if (!read(address, target)) return unreadable();
    return pointing_to(target, argument(type, 0), depth);
}

Value Renderer::std_shared_ptr(const Type& type, std::uint64_t address, int depth) {
    std::array<std::uint64_t, 2> words{};  // object, control block {vptr, owners, weak owners + 1}
    if (!read(address, words)) return unreadable();
    Value out = pointing_to(words[0], argument(type, 0), depth);
    std::int32_t owners = 0;
    if (words[1] != 0 && read(words[1] + 8, owners)) {
        Value count;
        count.text = std::to_string(owners);
        out.children.push_back({"use_count", kVoidType, words[1] + 8, std::move(count)});
    }
    return out;
}

Value Renderer::std_function(const Type&, std::uint64_t address, int depth) {
    std::array<std::uint64_t, 4> words{};  // storage (2 words), manager, invoker
    if (!read(address, words)) return unreadable();
    if (words[2] == 0) return pointing_to(0, kVoidType, depth);
    Value out = pointing_to(words[3], kVoidType, depth);
    if (const std::string name = function_at(words[0]); !name.empty()) out.text = name;  // made from a plain function
    return out;
}

}  // namespace heddle::symbols
