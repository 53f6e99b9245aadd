// The real window under a virtual X server: frames, input from real X events, and an idle window that uses no CPU.
#include <gmock/gmock-more-matchers.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "app/window/keys.h"
#include "app/window/render_target.h"
#include "app/window/ui_host.h"

namespace heddle::window {
namespace {

std::chrono::milliseconds cpu_time() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto of = [](timeval v) { return std::chrono::seconds(v.tv_sec) + std::chrono::microseconds(v.tv_usec); };
    return std::chrono::duration_cast<std::chrono::milliseconds>(of(usage.ru_utime) + of(usage.ru_stime));
}

// Xvfb chooses a free display itself and writes its number: no race for numbers between tests.
class VirtualScreen {
public:
    VirtualScreen() {
        int number[2];
        if (::pipe(number) != 0) return;
        child_ = ::fork();
        if (child_ == 0) {
            ::close(number[0]);
            const std::string fd = std::to_string(number[1]);
            ::execlp("Xvfb", "Xvfb", "-displayfd", fd.c_str(), "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset",
                     nullptr);
            ::_exit(127);
        }
        ::close(number[1]);
        std::string display(":");
        for (char c = 0; ::read(number[0], &c, 1) == 1 && c != '\n';) display += c;
        ::close(number[0]);
        if (display.size() == 1) return;
        ::setenv("DISPLAY", display.c_str(), 1);
        ready_ = true;
    }
    ~VirtualScreen() {
        if (child_ > 0) ::kill(child_, SIGTERM), ::waitpid(child_, nullptr, 0);
        ::unsetenv("DISPLAY");
    }
    bool ready() const { return ready_; }

private:
    pid_t child_ = -1;
    bool ready_ = false;
};

TEST(Window, SaysClearlyThatThereIsNoDisplay) {
    ::unsetenv("DISPLAY");
    ::unsetenv("WAYLAND_DISPLAY");
    const auto window = open_window({});
    ASSERT_FALSE(window);
    EXPECT_THAT(window.error().message(), testing::HasSubstr("DISPLAY"));
}

TEST(Window, TakesRealInputAndSleepsWhileIdle) {
    const VirtualScreen screen;
    ASSERT_TRUE(screen.ready()) << "Xvfb did not start; run scripts/setup";
    WindowOptions options;
    options.width = 640, options.height = 480, options.scale = 1;
    auto window = open_window(options);
    ASSERT_TRUE(window) << window.error().message();
    RenderTarget& target = **window;
    EXPECT_EQ(target.size(), (Vec2{640, 480}));
    target.begin_frame(rgb(0x204060));
    const auto image = target.read_pixels();
    ASSERT_TRUE(image);
    EXPECT_EQ(image->rgba[0], 0x20);
    EXPECT_EQ(image->rgba[2], 0x60);
    target.end_frame();

    // A click and keys from outside, through the X server. Press and release must come in two frames.
    ASSERT_EQ(
        std::system(
            "xdotool search --sync --name heddle windowfocus mousemove 100 60 click 1 key space key l key F11 >/dev/null 2>&1"),
        0);
    bool pressed = false, released = false, together = false;
    std::vector<Key> keys;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < deadline && !(released && keys.size() >= 3)) {
        target.wait(0.2);
        const Input input = target.begin_frame(rgb(0));
        target.end_frame();
        together |= input.pressed && input.released;
        pressed |= input.pressed;
        released |= input.released;
        for (const KeyPress& press : input.keys) keys.push_back(press.key);
    }
    EXPECT_TRUE(pressed && released && !together);
    EXPECT_THAT(keys, testing::ElementsAre(Key::kSpace, Key::kL, Key::kF11));

    // wake() from another thread ends an endless wait, and the wait itself costs nothing.
    const auto before = cpu_time();
    std::thread waker([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(700));
        target.wake();
    });
    for (const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(600);
         std::chrono::steady_clock::now() < end;)
        target.wait(std::nullopt);
    waker.join();
    EXPECT_LT((cpu_time() - before).count(), 150) << "milliseconds of CPU while idle";
}

TEST(Keys, TypedCharactersBecomeUtf8) {
    std::string text;
    for (const unsigned int c : {0x61u, 0xb5u, 0xb77du, 0x1f600u, 0x07u, 0x110000u}) append_utf8(text, c);
    EXPECT_EQ(text, "aµ락😀");
}

}  // namespace
}  // namespace heddle::window
