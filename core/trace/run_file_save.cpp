#include <map>

#include "core/base/atomic_file.h"
#include "core/trace/byte_codec.h"
#include "core/trace/run_file.h"
#include "core/trace/run_file_layout.h"

namespace heddle::trace {

namespace {

void put_field(ByteWriter& out, const std::string& text) {
    out.put(std::string_view(text));
}
void put_field(ByteWriter& out, std::int32_t value) {
    out.put(value);
}
void put_field(ByteWriter& out, const std::map<std::string, std::string>& map) {
    out.put(static_cast<std::uint32_t>(map.size()));
    for (const auto& [name, value] : map) {
        put_field(out, name);
        put_field(out, value);
    }
}

class Saver {
public:
    explicit Saver(AtomicFile file) : file_(std::move(file)) {}

    Result<> save(const RunFile& run) {
        TRY(file_.write(std::string(sizeof(RunFileFront), '\0')));
        TRY(save_events(run.log));
        TRY(save_threads(run.log.threads()));
        TRY(save_blobs(run.log));
        ByteWriter metadata;
        metadata_fields([&](const auto& field) { put_field(metadata, field); }, run.metadata);
        begin(Section::kMetadata, 1);
        TRY(put(metadata.take()));
        begin(Section::kAttachments, run.attachments.size());
        for (const auto& [name, bytes] : run.attachments) TRY(save_attachment(name, bytes));
        return finish();
    }

private:
    void begin(Section section, std::uint64_t items) {
        entry_ = &front_.table[static_cast<std::size_t>(section) - 1];
        *entry_ = {static_cast<std::uint32_t>(section), checksum(0, nullptr, 0), file_.size(), 0, items};
    }

    Result<> put(std::string_view bytes) {
        entry_->crc = checksum(entry_->crc, bytes.data(), bytes.size());
        entry_->bytes += bytes.size();
        return file_.write(bytes);
    }

    Result<> save_events(const EventLogView& log) {
        begin(Section::kEvents, log.size());
        for (std::uint64_t i = 0; i < log.size();) {
            const auto part = log.chunk_from(i);
            TRY(put({reinterpret_cast<const char*>(part.data()), part.size_bytes()}));
            i += part.size();
        }
        return {};
    }

    Result<> save_threads(const std::vector<ThreadInfo>& threads) {
        begin(Section::kThreads, threads.size());
        for (const ThreadInfo& thread : threads) {
            ByteWriter out;
            out.put(thread.tid.value);
            out.put(thread.pid.value);
            out.put(std::int64_t{thread.first_seen.count()});
            TRY(put(out.take()));
        }
        return {};
    }

    Result<> save_blobs(const EventLogView& log) {
        begin(Section::kBlobs, log.blob_count());
        for (std::uint32_t extra = 1; extra <= log.blob_count(); ++extra) {
            ByteWriter out;
            out.put(log.blob(extra));
            TRY(put(out.take()));
        }
        return {};
    }

    Result<> save_attachment(const std::string& name, const std::string& bytes) {
        if (bytes.size() > UINT32_MAX) return fail("cannot save a file of more than 4 GiB with the run", name);
        ByteWriter out;
        put_field(out, name);
        out.put(static_cast<std::uint32_t>(bytes.size()));
        TRY(put(out.take()));
        return put(bytes);
    }

    Result<> finish() {
        front_.header = {kRunFileMagic, kRunFileVersion, kSections, file_.size(), 0, 0};
        front_.header.crc = checksum(front_);
        TRY(file_.overwrite(0, {reinterpret_cast<const char*>(&front_), sizeof(front_)}));
        return file_.commit();
    }

    AtomicFile file_;
    RunFileFront front_{};
    SectionEntry* entry_ = nullptr;
};

}  // namespace

Result<> save_run(const std::string& path, const RunFile& run) {
    Saver saver(TRY(AtomicFile::create(path)));
    return saver.save(run);
}

}  // namespace heddle::trace
