#include "tests/core/session/program_build.h"

#include <cstdlib>
#include <fstream>

#include "core/catalog/program_cache.h"
#include "tests/support/folders.h"

namespace heddle::session {
namespace {

namespace fs = std::filesystem;

// Where programs that tests compile are kept, by their content, beside Heddle's own: the next run finds them there, the same
// tests under a sanitizer, and those of another clone.
fs::path program_cache() {
    const fs::path own = catalog::default_cache_folder();
    return own.empty() ? fs::path(testing_support::build_folder()) / "test-programs" : own.parent_path() / "test-programs";
}

// None that brings something to life in the program, as <iostream> does.
constexpr char kCommon[] =
    "#include <atomic>\n#include <condition_variable>\n#include <csignal>\n#include <cstdio>\n#include <cstdlib>\n"
    "#include <cstring>\n#include <mutex>\n#include <semaphore>\n#include <string>\n#include <thread>\n#include <vector>\n";

// Empty where it does not work: everything takes longer then and comes out the same.
fs::path precompile() {
    const fs::path cache = program_cache();
    catalog::ContentHash hash;
    hash.add(kCommon);
    hash.add(__VERSION__);
    const std::string name = "common.h";
    const fs::path kept = cache / ("headers-" + hash.text());
    if (fs::exists(kept / (name + ".gch"))) return kept / name;
    const auto work = catalog::make_work_folder(cache);
    if (!work) return {};
    std::ofstream(*work / name) << kCommon;
    std::string command = "cd '" + work->string() + "' &&";
    for (const std::string& word : catalog::usual_compile_command("g++")) command += " " + word;
    if (std::system((command + " -x c++-header " + name + " -o " + name + ".gch").c_str()) != 0) return {};
    std::error_code error;
    fs::rename(*work, kept, error);
    if (error) fs::remove_all(*work, error);  // another test program was first
    return kept / name;
}

}  // namespace

catalog::BuildOptions program_build(const std::string& compiler) {
    static const fs::path common = precompile();
    catalog::BuildOptions build;
    build.cache = program_cache();
    build.compiler = compiler;
    if (compiler == "g++") build.precompiled = common;
    return build;
}

void build_beforehand(const catalog::Scenario& scenario) {
    catalog::BuildOptions build = program_build();
    build.cache.clear();
    for (const catalog::Variant& variant : scenario.variants) (void)catalog::build_program(scenario, variant, build);
}

}  // namespace heddle::session
