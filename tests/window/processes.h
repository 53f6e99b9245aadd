// Real processes as a test needs them: start one with an environment, wait for its end, and find everything that descends from
// this test, orphans included. Used by one thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace heddle::test {

// Asks until it is true; false after `longest`. The only way in which these tests wait.
bool wait_until(const std::function<bool()>& true_at_last, std::chrono::seconds longest = std::chrono::seconds(40));

// What differs from this process's own environment; an empty value removes the variable.
using Environment = std::map<std::string, std::string>;

class Process {
public:
    // Output and errors go to `log`. inherited: descriptors that stay open in it.
    Process(std::vector<std::string> command, const Environment& environment, std::string log,
            const std::vector<int>& inherited = {});
    ~Process();  // kills it if it still runs
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t pid() const { return pid_; }
    void signal(int number) const;
    bool ended();                // reaps it
    int exit_code() const;       // after ended(); -signal when a signal ended it
    std::string output() const;  // so far

private:
    pid_t pid_ = -1;
    int status_ = 0;
    bool ended_ = false;
    std::string log_;
};

// What a command prints on stdout, without the last line's end.
std::string output_of(const std::vector<std::string>& command, const Environment& environment, const std::string& log);

struct Descendant {
    pid_t pid = 0;
    std::string name;  // comm
    bool operator==(const Descendant&) const = default;
};

// CPU time that a process has used, in user mode and in the kernel; to 10 ms.
std::chrono::milliseconds cpu_time(pid_t pid);

// From here on, what loses its parent becomes a child of this test instead of init's, so that nothing can be left unseen.
void adopt_orphans();
// Living ones; `of` itself is not among them.
std::vector<Descendant> descendants(pid_t of);

}  // namespace heddle::test
