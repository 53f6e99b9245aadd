#include <atomic>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

#include "core/catalog/program_builder.h"
#include "core/catalog/program_cache.h"
#include "core/catalog/subprocess.h"

namespace heddle::catalog {

namespace {

namespace fs = std::filesystem;

constexpr unsigned kBuilders = 2;

struct Job {
    const Scenario* scenario;
    const Variant* variant;
};

// What most programs include, compiled once. Where that does not work, everything takes longer and comes out the same.
fs::path precompile_headers(const fs::path& folder, const std::string& compiler) {
    const fs::path header = folder / "common.h";
    std::ofstream(header)
        << "#include <atomic>\n#include <cassert>\n#include <condition_variable>\n#include <iostream>\n"
           "#include <mutex>\n#include <semaphore>\n#include <string>\n#include <thread>\n#include <vector>\n";
    std::vector<std::string> command = usual_compile_command(compiler);
    command.insert(command.end(), {"-x", "c++-header", header.string(), "-o", header.string() + ".gch"});
    const auto finished = run_to_end(command, folder, BuildOptions{}.time_limit, {});
    return finished && finished->exit_code == 0 && finished->signal == 0 ? header : fs::path();
}

void remove_unused(const fs::path& folder, const std::set<fs::path>& used) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (entry.is_directory(error) && used.count(entry.path()) == 0) fs::remove_all(entry.path(), error);
    }
}

}  // namespace

Result<> prebuild_all(const Catalog& catalog, const fs::path& folder, const std::string& compiler) {
    if (!catalog.problems().empty()) return tl::make_unexpected(catalog.problems().front().error);
    std::vector<Job> jobs;
    for (const Scenario& scenario : catalog.scenarios()) {
        for (const Variant& variant : scenario.variants) jobs.push_back({&scenario, &variant});
    }
    BuildOptions options;
    options.cache = folder;
    options.compiler = compiler;

    const auto headers = make_work_folder(folder);
    if (!headers) return tl::make_unexpected(headers.error());
    const auto cleanup = remove_with_last(*headers);
    options.precompiled = precompile_headers(*headers, compiler);

    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::set<fs::path> used;
    Result<> result;
    const auto work = [&] {
        for (std::size_t i = next++; i < jobs.size(); i = next++) {
            const auto built = build_program(*jobs[i].scenario, *jobs[i].variant, options);
            const std::lock_guard<std::mutex> lock(mutex);
            if (!built) {
                result = tl::make_unexpected(static_cast<const Error&>(built.error()));
            } else if (!built->note.empty()) {
                result = fail("cannot write the folder", folder.string());
            } else {
                used.insert(built->path.parent_path());
            }
        }
    };
    std::vector<std::thread> builders;
    for (unsigned i = 0; i < kBuilders; ++i) builders.emplace_back(work);
    for (std::thread& builder : builders) builder.join();
    if (result) remove_unused(folder, used);
    return result;
}

}  // namespace heddle::catalog
