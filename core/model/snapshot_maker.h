// SnapshotMaker: resolves a World to names and values: one Snapshot. Made and used once, on the Observatory's thread. Internal
// to core/model.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/observatory.h"
#include "core/model/process_memory.h"

namespace heddle::model {

class SnapshotMaker {
public:
    // before: the world one event earlier, to tell what changed. Both must outlive the maker.
    SnapshotMaker(Observatory& observatory, const World& before, const World& now, const Transport& transport)
        : observatory_(observatory), before_(before), now_(now), transport_(transport) {}

    std::shared_ptr<Snapshot> make();

private:
    struct Access {  // bytes that the event at the playhead wrote
        Number process = kNobody;
        std::uint64_t address = 0, size = 0;
    };

    // snapshot_maker.cpp
    std::uint64_t focus() const { return before_.events(); }  // the event that is told of; only where there is one
    void find_event();
    void add_threads(Snapshot& out) const;
    void add_cpus(Snapshot& out) const;
    const Place* focus_place(const Snapshot& out) const;
    int line_come_to(const Snapshot& out) const;
    void add_code(Snapshot& out) const;
    void add_output(Snapshot& out) const;
    void add_switches(Snapshot& out) const;
    std::string waits_for(const ThreadWorld& thread) const;
    std::string variable_name(Number process, std::uint64_t address) const;
    bool changed(Number process, std::uint64_t address, std::uint64_t size) const;
    const Program* program(const ProcessWorld& process) const { return observatory_.programs_.find(process.program); }

    // snapshot_pcb.cpp
    std::vector<PcbField> pcb(const World& world, const ProcessWorld& process) const;
    std::vector<PcbField> registers(const ThreadWorld& thread) const;
    static void mark_changed(std::vector<PcbField>& fields, const std::vector<PcbField>& before);

    // snapshot_stacks.cpp
    std::vector<FrameView> frames(const ThreadWorld& thread) const;
    VariableView variable(const ProcessWorld& process, const Program& program, std::string name, symbols::TypeId type,
                          std::uint64_t address, symbols::MemoryReader& memory) const;

    // snapshot_memory.cpp
    std::vector<RegionView> regions(const ProcessWorld& process, Snapshot& out) const;
    void add_globals(const ProcessWorld& process, std::vector<RegionView>& regions) const;
    void add_stacks(const ProcessWorld& process, const Snapshot& out, std::vector<RegionView>& regions) const;
    void add_blocks(const ProcessWorld& process, std::vector<RegionView>& regions) const;
    std::string block_contents(const ProcessWorld& process, const HeapBlock& block, symbols::MemoryReader& memory) const;
    std::vector<PageView> pages(const ProcessWorld& process, const std::vector<RegionView>& regions) const;

    // snapshot_sync.cpp
    void add_sync(Snapshot& out) const;
    SyncView sync_object(const ProcessWorld& process, std::uint64_t address, const LockWorld& lock) const;
    bool is_libraries_own(const ProcessWorld& process, std::uint64_t address) const;
    void add_joins(const ProcessWorld& process, std::vector<SyncView>& out) const;
    void add_wait_cycles(Snapshot& out) const;

    Observatory& observatory_;
    const World& before_;
    const World& now_;
    const Transport& transport_;
    Access access_;
    std::uint64_t sync_address_ = 0;  // of what the event at the playhead did something with
    mutable std::map<std::pair<Number, std::uint64_t>, symbols::TypeId>
        pointees_;  // what resolved pointers point to, by process
    Number event_thread_ = kNobody;
};

}  // namespace heddle::model
