#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "core/catalog/program_builder.h"

namespace heddle::catalog {

namespace {

namespace fs = std::filesystem;

constexpr unsigned kBuilders = 2;

struct Job {
    const Scenario* scenario;
    const Variant* variant;
};

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
