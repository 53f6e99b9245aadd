// One variable of every kind and type that symbols must find and render. It stops itself once all have their values.
#include <pthread.h>
#include <semaphore.h>
#include <threads.h>
#include <array>
#include <atomic>
#include <barrier>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <deque>
#include <iostream>
#include <latch>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <semaphore>
#include <set>
#include <shared_mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

enum class Color : std::uint8_t { kRed, kGreen = 7 };
enum Level { kLow = -1, kHigh = 3 };

struct Point {
    int x, y;
};

struct Account {
    std::string owner;
    long balance;
};

struct Shape {
    virtual ~Shape() = default;
    int sides = 0;
};

struct Square : Shape {
    double edge = 0;
    unsigned red : 3;
    unsigned green : 5;
};

struct Node {
    int value;
    Node* next;
};

union Word {
    std::uint32_t whole;
    unsigned char bytes[4];
};

int counter = 0;
int initialized = 42;
static long file_static = -7;
thread_local int per_thread = 5;
thread_local int per_thread_zero;
const int limit = 10;
const char greeting[] = "hello";
const char* text_pointer = "world";
const char* const fixed_pointer = "fixed";
bool flag = true;
char letter = 'a';
unsigned char small = 200;
unsigned long big = 18446744073709551615UL;
std::uint64_t sized = 99;
float single = 1.5F;
double pi = 3.25;
Color color = Color::kGreen;
Level level = kLow;
int numbers[3] = {1, 2, 3};
int grid[2][3] = {{1, 2, 3}, {4, 5, 6}};
Point origin = {3, 4};
Account accounts[3] = {{"ann", 10}, {"bob", 20}, {"a much longer name than fits", 30}};
Square square;
Word word = {0x04030201};
Node second = {2, nullptr};
Node first = {1, &second};
int* to_counter = &counter;
int* null_pointer = nullptr;
int* wild_pointer = reinterpret_cast<int*>(0x10);
int& alias = initialized;
std::string name = "Heddle";
std::vector<int> values = {4, 5, 6};
std::vector<std::string> words = {"one", "two"};
std::vector<bool> bits = {true, false, true};
std::array<int, 3> fixed = {7, 8, 9};
std::deque<int> line = {1, 2, 3, 4};
std::queue<int> waiting_line;
std::list<int> chain = {11, 12};
std::map<std::string, int> ages = {{"ann", 30}, {"bob", 40}};
std::set<int> unique_numbers = {3, 1, 2};
std::unordered_map<int, int> table = {{1, 100}};
std::mutex free_mutex;
std::mutex held_mutex;
std::recursive_mutex recursive;
std::shared_mutex readers;
pthread_mutex_t plain_mutex = PTHREAD_MUTEX_INITIALIZER;
sem_t plain_semaphore;
pthread_spinlock_t spin_lock;
pthread_barrier_t plain_barrier;
pthread_once_t plain_once = PTHREAD_ONCE_INIT;
mtx_t c_mutex;
cnd_t c_condition;
::once_flag c_once = ONCE_FLAG_INIT;
std::barrier<> meeting(3);
std::latch start(2);
std::once_flag once;
std::condition_variable condition;
std::atomic<int> atomic_count = 17;
std::atomic<bool> atomic_flag_value = true;
std::atomic_uint64_t atomic_wide = 1234567890123;
std::unique_ptr<Node> owned;
std::unique_ptr<Node> nothing;
std::shared_ptr<int> shared;
std::thread no_thread;
std::optional<int> some = 3;
std::optional<int> none;
std::counting_semaphore<5> permits(3);
std::pair<int, char> pair_value = {1, 'z'};

namespace bank {
int total = 77;
struct Vault {
    static inline int opened = 6;
};
}  // namespace bank

namespace {
int hidden = 8;
}

struct Adder {
    int amount;
    int add(int value) {
        int sum = value + amount;
        return sum;
    }
};

int work(int argument) {
    static int calls = 0;
    ++calls;
    int local_value = argument * 2;
    {
        int inner = local_value + 1;
        local_value = inner;
    }
    return local_value + hidden;
}

// What the tests compare with: where things really are.
const void* frame_of_by_value;
const void* address_of_length;
const void* address_of_text;
const void* frame_of_lambda;
const void* address_of_inside;
Node* heap_node;

void by_value(std::string text, const Point& point) {
    int length = static_cast<int>(text.size()) + point.x;
    frame_of_by_value = static_cast<char*>(__builtin_frame_address(0)) + 16;
    address_of_length = &length;
    address_of_text = &text;
    auto stop = [&length] {
        int inside = length;
        frame_of_lambda = static_cast<char*>(__builtin_frame_address(0)) + 16;
        address_of_inside = &inside;
        raise(SIGSTOP);
        length = inside;
    };
    stop();
    counter += length;
}

std::vector<long> grown;
void begin() {}

void allocate() {
    Node* raw = new Node{1, nullptr};
    auto smart = std::make_unique<Point>();
    heap_node = raw;
    grown.push_back(smart->x);
}

int (*function_pointer)(int) = work;

template <class T>
T twice(T value) {
    return value + value;
}

int main() {
    waiting_line.push(21);
    sem_init(&plain_semaphore, 0, 2);
    pthread_spin_init(&spin_lock, PTHREAD_PROCESS_PRIVATE);
    pthread_barrier_init(&plain_barrier, nullptr, 2);
    pthread_once(&plain_once, begin);
    mtx_init(&c_mutex, mtx_plain);
    cnd_init(&c_condition);
    readers.lock_shared();
    allocate();
    waiting_line.push(22);
    held_mutex.lock();
    owned = std::make_unique<Node>();
    owned->value = 5;
    shared = std::make_shared<int>(9);
    square.edge = 2.5;
    square.sides = 4;
    square.red = 5;
    square.green = 17;
    Node* made = new Node{8, nullptr};
    int captured = 3;
    auto lambda = [&captured, made] { return captured + made->value; };
    counter = lambda() + bank::total + bank::Vault::opened + per_thread + per_thread_zero + work(1) + twice(2);
    Adder adder{2};
    counter = adder.add(3) + limit + static_cast<int>(file_static) + (fixed_pointer != nullptr ? 1 : 0);
    std::thread worker([&] { work(captured); });
    worker.join();
    by_value("by value", origin);
    held_mutex.unlock();
    std::cout << counter << '\n';
    delete made;
}
