#include "core/model/conflict_report.h"

#include <algorithm>
#include <filesystem>

#include "core/model/access_value.h"
#include "core/model/naming.h"

namespace heddle::model {
namespace {

constexpr std::size_t kMostTold = 16;    // findings about races
constexpr std::size_t kMostJudged = 64;  // races whose names and lines are looked up
constexpr std::size_t kMostCircles = 8;  // findings about locks

std::string place_text(const FindingPlace& place) {
    if (place.line == 0) return "?";
    return joined({std::filesystem::path(place.file).filename().string(), ":", std::to_string(place.line)});
}

// "table[3].count" and "[main.cpp:12]+8" are parts of table and [main.cpp:12].
std::string whole(const std::string& name) {
    return name.substr(0, std::min(name.find_first_of("[+", 1), name.size()));
}

std::string_view verbs_of(const race::Race& race) {
    if (race.first.frees) return "free-use";
    if (race.second.frees) return "use-free";
    if (race.first.writes) return race.second.writes ? "write-write" : "write-read";
    return "read-write";
}

// With its process, where the other one is of another.
template <class Access>
std::string named_thread(const Access& access, const Access& other) {
    const std::string thread = thread_text(access.place.thread);
    return access.process == other.process ? thread : joined({thread, " (", process_text(access.process), ")"});
}

FindingPlace place_of(std::uint64_t event, std::uint64_t pc, Number number, const World& world, const Program* program) {
    FindingPlace result{number, {}, 0, event};
    const Place* place = program ? program->user_place(pc, world.thread(number).stack) : nullptr;
    if (place && place->file) result.file = place->file->path, result.line = place->line;
    return result;
}

}  // namespace

ConflictReport::Access ConflictReport::look_at(const race::Access& access, Observatory& observatory) {
    Access result;
    // A freed block is known just before; a value, just after.
    const World& world = observatory.at(access.frees ? access.event : access.event + 1);
    const Number number = world.number_of(access.thread);
    if (!number) return result;
    const ProcessWorld& process = world.process(world.thread(number).process);
    const Program* program = observatory.programs().find(process.program);
    result.process = process.number;
    result.place = place_of(access.event, access.pc, number, world, program);
    const NamedPlace named = name_address(world, process, program, access.address);
    result.name = named.name;
    result.named = named.known;
    const trace::Event event = observatory.log().event(access.event);
    const auto* memory = std::get_if<trace::MemoryAccess>(&event.body);
    result.valued = memory && memory->value_known && memory->access != trace::AccessKind::kReadRange &&
                    memory->access != trace::AccessKind::kWriteRange && memory->access != trace::AccessKind::kVptrWrite;
    if (result.valued) result.value = value_text(world, process, program, *memory, named);
    return result;
}

ConflictReport::Access ConflictReport::request(std::uint64_t event, std::uint64_t lock, Observatory& observatory) {
    Access result;
    const World& world = observatory.at(event + 1);
    const trace::PackedEvent& packed = observatory.log().packed(event);
    const Number number = world.number_of(trace::ThreadIndex{packed.thread});
    if (!number) return result;
    const ProcessWorld& process = world.process(world.thread(number).process);
    const Program* program = observatory.programs().find(process.program);
    result.process = process.number;
    result.place = place_of(event, packed.pc(), number, world, program);
    result.name = name_address(world, process, program, lock).name;
    return result;
}

void ConflictReport::add_races(const std::vector<race::Race>& races, Observatory& observatory) {
    for (; judged_ < races.size(); ++judged_) {
        if (findings_.size() < kMostTold && judged_ < kMostJudged) {
            add_race(races[judged_], observatory);
        } else {
            ++untold_;
        }
    }
}

void ConflictReport::add_race(const race::Race& race, Observatory& observatory) {
    const Access first = look_at(race.first, observatory), second = look_at(race.second, observatory);
    if (first.place.thread == kNobody || second.place.thread == kNobody) return;
    const std::string name = second.named || !first.named ? second.name : first.name;
    const Lines one{first.place.file, first.place.line}, other{second.place.file, second.place.line};
    if (!told_.emplace(second.named || first.named ? whole(name) : "", std::min(one, other), std::max(one, other)).second)
        return;
    const std::string_view verbs = verbs_of(race);
    const bool valued = (first.valued && second.valued) || race.first.frees || race.second.frees;
    Finding finding;
    finding.id = "data-race";
    finding.event = race.second.event;
    finding.places = {first.place, second.place};
    finding.sentence = {joined({"finding.data-race.", verbs, valued ? "" : "-unvalued"}),
                        {{"name", name},
                         {"first", named_thread(first, second)},
                         {"first_place", place_text(first.place)},
                         {"first_value", first.value},
                         {"second", named_thread(second, first)},
                         {"second_place", place_text(second.place)},
                         {"second_value", second.value}},
                        kNobody};
    findings_.push_back(std::move(finding));
}

// What was freed is named by its free: a block that is no more has no name.
void ConflictReport::add_misuses(const std::vector<race::Race>& misuses, Observatory& observatory) {
    for (; misused_ < misuses.size(); ++misused_) {
        const race::Race& misuse = misuses[misused_];
        const Access free = look_at(misuse.first, observatory), use = look_at(misuse.second, observatory);
        if (findings_.size() >= kMostTold || free.place.thread == kNobody || use.place.thread == kNobody) continue;
        Finding finding;
        finding.id = misuse.second.frees ? "double-free" : "use-after-free";
        finding.event = misuse.second.event;
        finding.places = {free.place, use.place};
        finding.sentence = {joined({"finding.", finding.id, misuse.second.frees || misuse.second.writes ? "" : "-read"}),
                            {{"name", free.name},
                             {"first", thread_text(free.place.thread)},
                             {"first_place", place_text(free.place)},
                             {"second", thread_text(use.place.thread)},
                             {"second_place", place_text(use.place)}},
                            kNobody};
        findings_.push_back(std::move(finding));
    }
}

void ConflictReport::add_deadlocks(const std::vector<ConflictSearch::Deadlock>& deadlocks, Observatory& observatory) {
    for (const ConflictSearch::Deadlock& deadlock : deadlocks) {
        const auto& steps = deadlock.cycle.steps;
        Finding finding;
        finding.id = "deadlock";
        finding.event = deadlock.closed_by;
        std::set<std::uint64_t> locks;
        std::vector<Access> asked;
        std::vector<std::string> names;
        std::string circle;
        bool only_locks = true;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            asked.push_back(request(deadlock.requests[i], steps[i].wanted, observatory));
            finding.places.push_back(asked[i].place);
            names.push_back(asked[i].name);
            circle += joined({thread_text(asked[i].place.thread), " → "});
            if (steps[i].wanted_kind == race::WaitedFor::kThread) {
                only_locks = false;
            } else {
                circle += joined({asked[i].name, " → "});
                locks.insert(steps[i].wanted);
            }
        }
        const auto place = [&](std::size_t step) { return place_text(finding.places[step]); };
        const auto thread = [&](std::size_t step) { return named_thread(asked[step], asked[(step + 1) % steps.size()]); };
        circle += thread_text(asked.front().place.thread);
        if (only_locks && steps.size() == 1) {
            finding.sentence = {
                "finding.deadlock.self", {{"thread", thread(0)}, {"name", names[0]}, {"place", place(0)}}, kNobody};
        } else if (only_locks && steps.size() == 2) {
            // Each holds what the other waits for.
            finding.sentence = {"finding.deadlock.two",
                                {{"first", thread(0)},
                                 {"first_lock", names[1]},
                                 {"first_place", place(0)},
                                 {"second", thread(1)},
                                 {"second_lock", names[0]},
                                 {"second_place", place(1)}},
                                kNobody};
        } else {
            finding.sentence = {"finding.deadlock.circle", {{"n", std::to_string(steps.size())}, {"circle", circle}}, kNobody};
        }
        deadlocked_.push_back(std::move(locks));
        findings_.push_back(std::move(finding));
        if (deadlocked_.size() >= kMostCircles) return;
    }
}

void ConflictReport::add_lock_circle(const race::PotentialDeadlock& circle, Observatory& observatory) {
    std::set<std::uint64_t> locks;
    for (const race::DeadlockStep& step : circle.steps) locks.insert(step.wanted.address);
    if (std::find(deadlocked_.begin(), deadlocked_.end(), locks) != deadlocked_.end()) return;  // it happened, and is told
    Finding finding;
    finding.id = "lock-order";
    finding.event = 0;
    std::vector<std::string> names;  // of the lock that each step holds
    std::string text;
    for (const race::DeadlockStep& step : circle.steps) {
        const Access wanted = request(step.wanted.event, step.held.address, observatory);
        finding.places.push_back(wanted.place);
        finding.event = std::max(*finding.event, step.wanted.event);
        names.push_back(wanted.name);
        text += joined({wanted.name, " → "});
    }
    text += names.front();
    if (circle.steps.size() == 2) {
        finding.sentence = {"finding.lock-order.two",
                            {{"first", thread_text(finding.places[0].thread)},
                             {"first_lock", names[0]},
                             {"first_place", place_text(finding.places[0])},
                             {"second", thread_text(finding.places[1].thread)},
                             {"second_lock", names[1]},
                             {"second_place", place_text(finding.places[1])}},
                            kNobody};
    } else {
        finding.sentence = {
            "finding.lock-order.circle", {{"n", std::to_string(circle.steps.size())}, {"circle", text}}, kNobody};
    }
    findings_.push_back(std::move(finding));
}

void ConflictReport::finish(ConflictSearch& search, Observatory& observatory) {
    add_races(search.races(), observatory);
    add_misuses(search.misuses(), observatory);
    if (untold_ > 0)
        findings_.push_back({"more-races", {"finding.more-races", {{"n", std::to_string(untold_)}}, kNobody}, {}, {}, {}});
    add_deadlocks(search.deadlocks(), observatory);
    std::vector<race::PotentialDeadlock> circles = search.lock_circles();
    if (circles.size() > kMostCircles) circles.resize(kMostCircles);
    for (const race::PotentialDeadlock& circle : circles) add_lock_circle(circle, observatory);
    if (search.cut_short()) {
        const std::string looked_at = std::to_string(search.options().events);
        findings_.push_back({"search-limit", {"finding.search-limit", {{"n", looked_at}}, kNobody}, {}, {}, {}});
    }
}

}  // namespace heddle::model
