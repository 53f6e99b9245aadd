// How long the real window takes, as figures to read: from launch to the first frame, from the click on a scenario to the first
// frame that shows an event, and what it costs while nobody does anything. Nothing is asserted about time: machines differ.
#include <gmock/gmock-more-matchers.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "tests/window/desktop.h"
#include "tests/window/home_page.h"

namespace heddle::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int kTimes = 5;

double ms_since(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// The number that stands before " ms after it was asked for".
double first_event_ms(const std::string& log) {
    const std::string before = "first event ";
    const std::size_t at = log.find(before);
    return at == std::string::npos ? -1 : std::atof(log.c_str() + at + before.size());
}

void print(const char* what, std::vector<double> values, const char* unit) {
    std::sort(values.begin(), values.end());
    std::printf("%s: median %.0f %s, from %.0f to %.0f, %zu times\n", what, values[values.size() / 2], unit, values.front(),
                values.back(), values.size());
}

// In per cent of one core.
double cpu_share(pid_t pid, Clock::duration span) {
    const auto before = cpu_time(pid);
    const Clock::time_point begin = Clock::now();
    std::this_thread::sleep_for(span);
    return static_cast<double>((cpu_time(pid) - before).count()) / ms_since(begin) * 100;
}

TEST(Figures, OfTheWindow) {
    Desktop desktop;
    ASSERT_TRUE(desktop.ready()) << "Xvfb did not start; run scripts/setup";
    desktop.environment["SPDLOG_LEVEL"] = "debug";
    std::filesystem::create_directory(desktop.settings().parent_path());
    std::ofstream(desktop.settings()) << "width = 1280\nheight = 720\n";
    const Vec2 start = place_on_home_page("home.start.races/lost-update");
    std::vector<double> first_frame, first_event;
    for (int time = 0; time < kTimes; ++time) {
        const Clock::time_point launch = Clock::now();
        const auto heddle = desktop.start({heddle_program()});
        ASSERT_TRUE(wait_until([&] { return heddle->output().find("first frame") != std::string::npos; })) << heddle->output();
        first_frame.push_back(ms_since(launch));
        ASSERT_TRUE(desktop.wait_for_window());
        if (time == 0) std::printf("CPU while the home page plays: %.0f %% of a core\n", cpu_share(heddle->pid(), 2s));
        desktop.click(start);
        ASSERT_TRUE(wait_until([&] { return first_event_ms(heddle->output()) >= 0; })) << heddle->output();
        first_event.push_back(first_event_ms(heddle->output()));
        if (time + 1 == kTimes) {
            desktop.press("End");
            std::this_thread::sleep_for(3s);  // the run ends, and what was lit fades
            desktop.press("End");
            std::this_thread::sleep_for(1s);
            std::printf("CPU while an ended run stands still: %.1f %% of a core\n", cpu_share(heddle->pid(), 4s));
        }
        desktop.press("ctrl+q");
        ASSERT_TRUE(wait_until([&] { return heddle->ended(); }));
    }
    print("launch to first frame", first_frame, "ms");
    print("click on a scenario to the first frame with an event", first_event, "ms");
}

}  // namespace
}  // namespace heddle::test
