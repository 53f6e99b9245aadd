// Scenario: one folder scenarios/<chapter>/<id>/ as read from disk: the programs, scenario.toml and the lessons. Plain values,
// loaded by Catalog on start, immutable from then on, read by any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/language.h"
#include "core/base/result.h"

namespace heddle::catalog {

struct LocalText {
    std::string en, ko;
    const std::string& in(Language language) const { return language == Language::kKorean ? ko : en; }
};

// Handed to the program as its arguments, in the order of the file.
struct Parameter {
    std::string name;
    LocalText title;
    std::int64_t minimum = 0, maximum = 0, default_value = 0;
};

struct Variant {
    std::string id;  // "broken"
    LocalText title;
    std::filesystem::path source;                       // the file the source pane shows first: <folder>/<id>.cpp
    std::vector<std::filesystem::path> more_sources{};  // built with it, and the headers of all
    std::string compiler{};                             // empty: the usual one
    std::filesystem::path program{};                    // built already, run as it is: there may be no source
};

// What a lesson says will happen: an expression over the facts of a run, true when the claim holds; or what a search through
// all interleavings must come to.
struct Claim {
    std::string id;
    LocalText text;
    std::vector<std::string> variants;               // empty: all of them
    std::map<std::string, std::int64_t> parameters;  // to run it with; the others at their defaults
    std::string expression;                          // empty for a claim about the search
    std::string explore;  // the kind of bug that Explore must find (bug_kinds()), or "none": a complete search without one
    int runs = 1;         // `heddle check` runs the program at most this often …
    bool any = false;     // … and the claim must hold in one of them (any) or in all (default)
    std::string needs;    // a facility id without which the claim cannot be checked here; empty: none
};

struct Answer {
    LocalText text;
    std::string right_when;  // expression over the facts of the learner's own run
};

struct Predict {
    LocalText question;
    std::vector<Answer> answers;
    LocalText explanation;
};

// How Explore runs the scenario, and what makes the end of an execution wrong.
struct ExploreSetup {
    std::map<std::string, std::int64_t> parameters;  // small enough for a complete search; the others at their defaults
    std::string expect;  // expression over the facts of one execution; an end at which it does not hold is a "wrong-result"
};

// A level of a game: the learner is the scheduler and must reach this bug.
struct Level {
    LocalText goal;
    std::string reach;  // one of bug_kinds()
};

struct Scenario {
    std::string id;       // "races/lost-update"
    std::string chapter;  // "races"
    int order = 0;        // within the chapter
    std::filesystem::path folder;
    LocalText title, summary;
    std::vector<Variant> variants;  // the first is the default
    std::vector<Parameter> parameters;
    std::vector<std::string>
        views;  // of the stage, most important first: code memory stack states pcb cpus pages interleavings
    std::optional<Predict> predict;
    std::vector<Claim> claims;
    ExploreSetup explore;
    std::optional<Level> level;
    LocalText lesson;                                   // Markdown
    std::vector<std::string> compile_flags;             // beyond the usual ones
    std::vector<std::string> arguments;                 // handed to the program after the parameters
    std::filesystem::path input;                        // the program's standard input; empty: nothing can be read
    std::shared_ptr<const void> keeps_input = nullptr;  // where it is there only as long as somebody keeps it
    std::vector<int> cpus;  // the lab is confined to these many of this machine's CPUs: empty: all; {0}: the first one only
    double time_limit_s = 30;

    // Its lesson is about orders of threads, which can be searched; so can one's own program that is built from its sources.
    bool can_be_explored() const;
    const Variant* variant(std::string_view id) const;  // null: no such
    const Parameter* parameter(std::string_view name) const;
};

}  // namespace heddle::catalog
