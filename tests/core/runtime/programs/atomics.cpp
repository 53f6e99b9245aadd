// Every atomic operation in every width, checked against plain arithmetic; prints the address of one object and "ok".
#include <atomic>
#include <cstdint>
#include <cstdio>

using Wide = __int128;

int failures = 0;

void expect(bool ok, int line, unsigned bytes) {
    if (ok) return;
    std::printf("line %d, %u bytes\n", line, bytes);
    ++failures;
}
#define EXPECT(condition) expect(condition, __LINE__, sizeof(T))

template <typename T>
T object;

template <typename T, int kOrder>
void exercise() {
    T* p = &object<T>;
    const T a = static_cast<T>(0x55), b = static_cast<T>(-3);
    __atomic_store_n(p, a, __ATOMIC_RELEASE);
    EXPECT(__atomic_load_n(p, __ATOMIC_ACQUIRE) == a);
    EXPECT(__atomic_exchange_n(p, b, kOrder) == a);
    EXPECT(__atomic_fetch_add(p, 7, kOrder) == b && *p == static_cast<T>(b + 7));
    EXPECT(__atomic_fetch_sub(p, 2, kOrder) == static_cast<T>(b + 7) && *p == static_cast<T>(b + 5));
    *p = a;
    EXPECT(__atomic_fetch_and(p, static_cast<T>(0x0f), kOrder) == a && *p == static_cast<T>(a & 0x0f));
    *p = a;
    EXPECT(__atomic_fetch_or(p, static_cast<T>(0x0f), kOrder) == a && *p == static_cast<T>(a | 0x0f));
    *p = a;
    EXPECT(__atomic_fetch_xor(p, static_cast<T>(0x0f), kOrder) == a && *p == static_cast<T>(a ^ 0x0f));
    *p = a;
    EXPECT(__atomic_fetch_nand(p, static_cast<T>(0x0f), kOrder) == a && *p == static_cast<T>(~(a & 0x0f)));
    *p = a;
    T expected = b;
    EXPECT(!__atomic_compare_exchange_n(p, &expected, b, false, kOrder, __ATOMIC_RELAXED) && expected == a && *p == a);
    EXPECT(__atomic_compare_exchange_n(p, &expected, b, false, kOrder, __ATOMIC_RELAXED) && *p == b);
    expected = b;
    while (!__atomic_compare_exchange_n(p, &expected, a, true, kOrder, __ATOMIC_RELAXED)) {
    }
    EXPECT(*p == a);
}

template <typename T>
void all_orders() {
    exercise<T, __ATOMIC_RELAXED>();
    exercise<T, __ATOMIC_ACQ_REL>();
    exercise<T, __ATOMIC_SEQ_CST>();
}

int main() {
    all_orders<std::int8_t>();
    all_orders<std::int16_t>();
    all_orders<std::int32_t>();
    all_orders<std::int64_t>();
    all_orders<Wide>();
    std::atomic_thread_fence(std::memory_order_seq_cst);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    std::printf("object=%p\nwide=%p\n%s\n", static_cast<void*>(&object<std::int32_t>),
                static_cast<void*>(&object<std::int64_t>), failures == 0 ? "ok" : "bad");
    return failures;
}
