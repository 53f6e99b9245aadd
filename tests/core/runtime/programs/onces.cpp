// A routine that is to run once is left by an exception, run again and done; one is left by longjmp, and one by the thread's
// end. Prints where the words are.
#include <pthread.h>
#include <setjmp.h>

#include <cstdio>
#include <mutex>

pthread_once_t thrown = PTHREAD_ONCE_INIT, jumped = PTHREAD_ONCE_INIT, ended = PTHREAD_ONCE_INIT;
std::once_flag flag;
jmp_buf back;
int tried = 0;

void try_it() {
    if (++tried == 1) throw tried;
}

int main() {
    for (int i = 0; i < 3; ++i) {
        try {
            pthread_once(&thrown, try_it);
        } catch (int) {
        }
    }
    if (setjmp(back) == 0) pthread_once(&jumped, [] { longjmp(back, 1); });
    pthread_once(&jumped, [] { tried += 1000; });
    std::call_once(flag, [] { tried += 10; });
    pthread_t other;
    pthread_create(
        &other, nullptr,
        [](void*) -> void* {
            pthread_once(&ended, [] { pthread_exit(nullptr); });
            return nullptr;
        },
        nullptr);
    pthread_join(other, nullptr);
    pthread_once(&ended, [] { tried += 100; });
    std::printf("tried=%d\nthrown=%llu\njumped=%llu\nended=%llu\n", tried, (unsigned long long)&thrown,
                (unsigned long long)&jumped, (unsigned long long)&ended);
}
